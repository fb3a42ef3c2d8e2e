// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/machine.h"

#include <algorithm>

#include "core/liquid/html.h"

namespace freshet::liquid {

Status Renderer::Machine::run(const Program& program, std::span<const Value> values,
                              const Value* root, Arena& arena, std::string& out,
                              const RenderOptions& options) {
  Scratch scratch(arena, options.limits, m_text);
  scratch.nowMs = options.nowMs;
  scratch.timeZone = options.timeZone;
  m_program = &program;
  m_options = &options;
  m_scratch = &scratch;
  m_out.clear(options.limits.outputBytes);
  m_globals = values;
  m_saved.clear();
  m_loops.clear();
  m_marks.clear();
  problems.clear();
  m_frameDepth = 0;
  m_depth = 0;
  m_includesOff = 0;
  m_isStopped = false;
  m_sources = {};

  if (m_frames.empty()) m_frames.resize(1);
  Frame& frame = m_frames[0];
  frame.isIsolated = false;
  Evaluator evaluator(program, nullptr, scratch);
  evaluator.strictVariables = options.strictVariables;
  evaluator.strictFilters = options.strictFilters;
  evaluator.root = root;
  m_evaluator = &evaluator;
  m_frame = nullptr;
  if (enterFrame(frame)) {
    const std::size_t count = std::min(values.size(), program.globalNames.size());
    for (std::size_t i = 0; i < count; ++i) frame.cells[program.globalNames[i]] = values[i];
    unit(0);
  }
  out += m_out.view();
  allocated = scratch.allocated();
  operations = scratch.operations();
  if (!m_isStopped) return {};
  const Diagnostic& last = problems.back();
  return Error{last.code, last.message, last.where()};
}

bool Renderer::Machine::enterFrame(Frame& frame) {
  const std::size_t count = m_program->names.size();
  const auto cells = m_scratch->values(count);
  if (cells.empty() || !m_scratch->charge(count * sizeof(NameState))) return false;
  frame.cells = cells.data();
  frame.states = m_scratch->arena().array<NameState>(count).data();
  std::ranges::fill(cells, undefined());
  frame.savedBase = m_saved.size();
  frame.loopBase = m_loops.size();
  frame.counters.clear();
  frame.cycles.clear();
  frame.namedCycles.clear();
  frame.continuations.clear();
  frame.hasChanged = false;
  m_frame = &frame;
  m_evaluator->setCells(frame.cells);
  return true;
}

void Renderer::Machine::bind(std::uint32_t name, const Value& value) {
  m_saved.push_back({name, m_frame->states[name], m_frame->cells[name]});
  m_frame->states[name].isAssigned = true;
  ++m_frame->states[name].bound;
  m_frame->cells[name] = value;
}

void Renderer::Machine::unbind() {
  const Saved& saved = m_saved.back();
  m_frame->cells[saved.name] = saved.value;
  m_frame->states[saved.name] = saved.state;
  m_saved.pop_back();
}

// Assignments reach the outermost scope, below whatever loops have bound since.
void Renderer::Machine::assign(std::uint32_t name, const Value& value) {
  NameState& state = m_frame->states[name];
  if (state.bound == 0) [[likely]] {
    m_frame->cells[name] = value;
    state.isAssigned = true;
    return;
  }
  for (std::size_t i = m_frame->savedBase; i < m_saved.size(); ++i) {
    if (m_saved[i].name != name) continue;
    m_saved[i].value = value;
    m_saved[i].state.isAssigned = true;
    return;
  }
}

bool Renderer::Machine::recover(const Unit& unit, std::size_t op) {
  const Failure failure = m_scratch->failure();
  const std::size_t place = op < unit.places.size() ? unit.places[op] : 0;
  Diagnostic diagnostic;
  diagnostic.code = failure == Failure::Limit       ? "E-4011"
                    : failure == Failure::Undefined ? "E-4012"
                                                    : "E-4010";
  diagnostic.message = m_scratch->message();
  diagnostic.file = unit.name;
  diagnostic.place = placeOf(unit.source, place, 2);
  diagnostic.sourceLine = lineAt(unit.source, place);
  problems.push_back(std::move(diagnostic));
  if (failure == Failure::Limit || m_options->onError == OnError::Stop || problems.size() > 1000) {
    m_isStopped = true;
    return false;
  }
  if (failure == Failure::Filter && op < unit.ops.size() && !unit.ops[op].isBlank) {
    m_out += "Liquid error: ";
    // What it says may be data.
    if (m_options->escapeHtml) {
      appendEntities(m_out, m_scratch->message());
    } else {
      m_out += m_scratch->message();
    }
  }
  m_scratch->clearFailure();
  return true;
}

void Renderer::Machine::append(Value value, HtmlContext context) {
  const bool isEscaping = m_options->escapeHtml && context != HtmlContext::Raw;
  // Captured text is escaped already, as text: elsewhere than in text that is not enough.
  const bool isMarkup = context == HtmlContext::Text || context == HtmlContext::Attribute;
  if (!isEscaping || (isMarkup && is(value, Special::Safe))) {
    appendOutput(m_out, value);
  } else if (value.isString()) {
    appendEscaped(m_out, value.asString(), context);
  } else {
    m_text.clear(std::min(m_scratch->remaining() / 2, m_options->limits.outputBytes));
    appendOutput(m_text, value);
    appendEscaped(m_out, m_text.view(), context);
    if (m_text.isFull()) m_scratch->fail("output limit exceeded", Failure::Limit);
  }
}

}  // namespace freshet::liquid
