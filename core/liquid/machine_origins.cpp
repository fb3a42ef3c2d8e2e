// SPDX-License-Identifier: GPL-3.0-or-later
// Which path gave which text: only where a render asks for it.
#include <utility>

#include "core/liquid/machine.h"

namespace freshet::liquid {

void Renderer::Machine::note(const FilteredOperand& expression, std::size_t begin) {
  if (m_out.size() == begin || expression.operand.kind() == Operand::Constant) return;
  std::vector<Origin>& origins = *m_options->origins;
  if (expression.operand.kind() == Operand::Name && expression.filters == 0) {
    const auto captured = m_sources.captured.find(expression.operand.index());
    if (captured != m_sources.captured.end() && captured->second.size == m_out.size() - begin) {
      for (Origin origin : captured->second.origins) {
        origin.begin += begin;
        origin.end += begin;
        origins.push_back(std::move(origin));
      }
      return;
    }
  }
  Origin origin;
  origin.begin = begin;
  origin.end = m_out.size();
  origin.path = pathOf(expression.operand, m_loops.size());
  origin.file = m_unit->name;
  origin.place = placeOf(m_unit->source, expression.place, expression.length);
  origins.push_back(std::move(origin));
}

// With what its names stand for: the items of loops, what was assigned, what a partial was given.
std::string Renderer::Machine::pathOf(Operand operand, std::size_t loops) {
  if (operand.kind() == Operand::Name) return nameOf(operand.index(), loops);
  if (operand.kind() != Operand::Path) return {};
  const Path& path = m_program->paths[operand.index()];
  std::string text;
  const auto add = [&](const Value& key) {
    if (key.isInt()) {
      text += '[' + std::to_string(key.asInt()) + ']';
    } else if (key.isString()) {
      (text += text.empty() ? "" : ".") += key.asString();
    }
  };
  if (path.isDynamicRoot) {
    add(plain(m_evaluator->operand(path.root)));
  } else {
    text = nameOf(path.root.index(), loops);
  }
  for (std::size_t i = 0; i < path.count; ++i) {
    const Segment& segment = m_program->segments[path.first + i];
    add(segment.isDynamic ? plain(m_evaluator->operand(segment.dynamic)) : Value(segment.key));
  }
  return text;
}

std::string Renderer::Machine::nameOf(std::uint32_t name, std::size_t loops) {
  while (loops > m_frame->loopBase) {
    const LoopState& state = m_loops[--loops];
    if (state.use->variable != name) continue;
    const std::int64_t index = state.loop ? state.loop->index : state.table->index;
    const std::string collection = pathOf(state.use->collection, loops);
    if (collection.empty()) break;
    return collection + '[' + std::to_string(state.first + state.step * index) + ']';
  }
  const auto known = m_sources.assigned.find(name);
  return known == m_sources.assigned.end() ? std::string(m_program->names[name]) : known->second;
}

void Renderer::Machine::noteAssigned(std::uint32_t name, const FilteredOperand& expression) {
  std::string path = pathOf(expression.operand, m_loops.size());
  m_sources.captured.erase(name);
  if (path.empty()) {
    m_sources.assigned.erase(name);
  } else {
    m_sources.assigned.insert_or_assign(name, std::move(path));
  }
}

// What was noted inside a capture belongs to where it will be written.
void Renderer::Machine::noteCaptured(std::uint32_t name, std::size_t begin) {
  Captured captured;
  captured.size = m_out.size() - begin;
  captured.origins = takeOrigins(begin);
  m_sources.assigned.erase(name);
  m_sources.captured.insert_or_assign(name, std::move(captured));
}

std::vector<Origin> Renderer::Machine::takeOrigins(std::size_t begin) {
  std::vector<Origin>& all = *m_options->origins;
  std::vector<Origin> taken;
  while (!all.empty() && all.back().begin >= begin) {
    Origin& last = all.back();
    last.begin -= begin;
    last.end -= begin;
    taken.insert(taken.begin(), std::move(last));
    all.pop_back();
  }
  return taken;
}

}  // namespace freshet::liquid
