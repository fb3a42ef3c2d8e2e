// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "core/liquid/machine.h"

namespace freshet::liquid {

Renderer::Machine::Exit Renderer::Machine::partial(std::uint32_t index) {
  const Unit& partial = m_program->units[index];
  if (partial.isBroken) {
    m_scratch->fail(partial.problem);
    return Exit::None;
  }
  if (m_depth >= m_options->limits.depth) {
    m_scratch->fail("Nesting too deep", Failure::Limit);
    return Exit::None;
  }
  ++m_depth;
  const Exit exit = unit(index);
  --m_depth;
  return exit;
}

Renderer::Machine::Exit Renderer::Machine::include(const PartialUse& use) {
  if (m_includesOff > 0) {
    m_scratch->fail("include usage is not allowed in this context");
    return Exit::None;
  }
  const Value name = plain(m_evaluator->operand(use.name));
  if (m_scratch->failed()) return Exit::None;
  if (!name.isString()) {
    m_scratch->fail("Argument error in tag 'include' - Illegal template name");
    return Exit::None;
  }
  const std::string_view text = name.asString();
  std::uint32_t target = use.unit;
  if (target == UINT32_MAX) {
    const auto found = m_program->unitByName.find(text);
    if (found != m_program->unitByName.end()) target = found->second;
  }
  Value variable;
  if (use.hasVariable) {
    variable = m_evaluator->operand(use.variable);
  } else {
    const std::uint32_t known = m_program->names.find(text);
    if (known != UINT32_MAX && !is(m_frame->cells[known], Special::Undefined))
      variable = m_frame->cells[known];
  }
  std::uint32_t alias = use.alias;
  if (alias == UINT32_MAX) alias = m_program->names.find(text.substr(text.rfind('/') + 1));
  const std::size_t base = m_saved.size();
  for (std::uint32_t i = 0; i < use.named; ++i) {
    const NamedArgument& argument = m_program->named[use.firstNamed + i];
    const Value value = m_evaluator->operand(argument.value);
    bind(m_program->names.find(argument.name), value);
  }
  Exit exit = Exit::None;
  if (m_options->origins && use.hasVariable && alias != UINT32_MAX) {
    std::string path = pathOf(use.variable, m_loops.size());
    if (!path.empty() && !variable.isArray()) m_sources.assigned[alias] = std::move(path);
  }
  const auto call = [&](const Value& value) {
    if (alias != UINT32_MAX) bind(alias, value);
    exit = target == UINT32_MAX ? dynamicPartial(text) : partial(target);
    if (alias != UINT32_MAX) unbind();
  };
  if (!m_scratch->failed()) {
    if (variable.isArray()) {
      for (const Value& each : variable.asArray()) {
        call(each);
        if (exit != Exit::None || m_scratch->failed() || m_isStopped) break;
      }
    } else {
      call(variable);
    }
  }
  while (m_saved.size() > base) unbind();
  return exit;
}

void Renderer::Machine::renderPartial(const PartialUse& use) {
  const Value variable = use.hasVariable ? plain(m_evaluator->operand(use.variable)) : Value();
  if (m_scratch->failed()) return;
  const bool isEach = use.isFor && (variable.isArray() || variable.isObject() || isRange(variable));
  if (!isEach) {
    isolated(use, variable.isNil() ? nullptr : &variable, nullptr);
    return;
  }
  LoopState each;
  each.collection = variable;
  const std::int64_t length =
      isRange(variable) ? rangeOf(variable).size() : std::int64_t{variable.size()};
  if (isRange(variable) && static_cast<std::uint64_t>(length) > m_options->limits.rangeItems) {
    m_scratch->fail("a range of " + std::to_string(length) + " items is too long", Failure::Limit);
    return;
  }
  Loop* loop = m_scratch->make<Loop>();
  if (!loop) return;
  const Value name = m_evaluator->operand(use.name);
  loop->name = name.asString();
  loop->length = length;
  for (; loop->index < length && !m_scratch->failed() && !m_isStopped; ++loop->index) {
    const Value value = item(each, loop->index);
    isolated(use, value.isNil() ? nullptr : &value, loop);
  }
}

// A scope of its own: nothing of the caller is visible but what is handed over.
void Renderer::Machine::isolated(const PartialUse& use, const Value* variable, Loop* loop) {
  const auto values = m_scratch->values(use.named);
  if (values.size() != use.named) return;
  for (std::uint32_t i = 0; i < use.named; ++i) {
    values[i] = m_evaluator->operand(m_program->named[use.firstNamed + i].value);
  }
  if (m_scratch->failed()) return;
  Sources sources;
  if (m_options->origins) {
    for (std::uint32_t i = 0; i < use.named; ++i) {
      const NamedArgument& argument = m_program->named[use.firstNamed + i];
      std::string path = pathOf(argument.value, m_loops.size());
      if (!path.empty()) sources.assigned[m_program->names.find(argument.name)] = std::move(path);
    }
    std::string path = use.hasVariable ? pathOf(use.variable, m_loops.size()) : std::string();
    if (!path.empty() && loop) path += '[' + std::to_string(loop->index) + ']';
    if (!path.empty()) sources.assigned[use.alias] = std::move(path);
    std::swap(m_sources, sources);
  }
  Frame* const caller = m_frame;
  const Value* const root = std::exchange(m_evaluator->root, nullptr);
  if (++m_frameDepth >= m_frames.size()) m_frames.emplace_back();
  Frame& frame = m_frames[m_frameDepth];
  frame.isIsolated = true;
  if (enterFrame(frame)) {
    const auto set = [&](std::uint32_t name, const Value& value) {
      frame.cells[name] = value;
      frame.states[name].isAssigned = true;
    };
    if (loop) set(m_program->forloopName, special(Special::Loop, loop));
    for (std::uint32_t i = 0; i < use.named; ++i) {
      set(m_program->names.find(m_program->named[use.firstNamed + i].name), values[i]);
    }
    if (variable) set(use.alias, *variable);
    ++m_includesOff;
    partial(use.unit);
    --m_includesOff;
  }
  --m_frameDepth;
  m_frame = caller;
  m_evaluator->setCells(caller->cells);
  m_evaluator->root = root;
  if (m_options->origins) std::swap(m_sources, sources);
}

// A partial whose name is known only now is a program of its own; names pass both ways by text.
Renderer::Machine::Exit Renderer::Machine::dynamicPartial(std::string_view name) {
  if (m_dynamicEnvironment != &m_program->environment) m_dynamic.clear();
  m_dynamicEnvironment = &m_program->environment;
  auto found = m_dynamic.find(name);
  if (found == m_dynamic.end()) {
    const Result<std::string> source = m_program->environment.load(name);
    if (!source) {
      m_scratch->fail(source.error().message);
      return Exit::None;
    }
    found = m_dynamic
                .emplace(std::string(name),
                         Template::parseForPreview(source.value(), name, m_program->environment))
                .first;
  }
  const Template& made = found->second;
  for (const Diagnostic& diagnostic : made.diagnostics()) {
    if (diagnostic.severity != Severity::Error) continue;
    m_scratch->fail(diagnostic.where() + ": " + diagnostic.message);
    return Exit::None;
  }
  const Program* const program = m_program;
  Evaluator* const evaluator = m_evaluator;
  Frame* const caller = m_frame;
  m_program = &made.program();
  Evaluator inner(*m_program, nullptr, *m_scratch);
  inner.strictVariables = evaluator->strictVariables;
  inner.strictFilters = evaluator->strictFilters;
  inner.root = evaluator->root;
  m_evaluator = &inner;
  if (++m_frameDepth >= m_frames.size()) m_frames.emplace_back();
  Frame& frame = m_frames[m_frameDepth];
  frame.isIsolated = true;
  Sources sources;  // names are others there
  std::swap(m_sources, sources);
  Exit exit = Exit::None;
  if (enterFrame(frame)) {
    for (std::uint32_t i = 0; i < m_program->names.size(); ++i) {
      const std::string_view each = m_program->names[i];
      const std::uint32_t known = program->names.find(each);
      if (known != UINT32_MAX && !is(caller->cells[known], Special::Undefined)) {
        frame.cells[i] = caller->cells[known];
      } else if (evaluator->root) {
        if (const Value* member = evaluator->root->find(each)) frame.cells[i] = *member;
      }
    }
    exit = partial(0);
  }
  std::swap(m_sources, sources);
  const Program* const used = m_program;
  m_program = program;
  m_evaluator = evaluator;
  m_frame = caller;
  --m_frameDepth;
  for (std::uint32_t i = 0; frame.states && i < used->names.size(); ++i) {
    if (!frame.states[i].isAssigned) continue;
    const std::uint32_t known = program->names.find(used->names[i]);
    if (known != UINT32_MAX) assign(known, frame.cells[i]);
  }
  return exit;
}

void Renderer::Machine::custom(const CustomUse& use) {
  const auto args = m_scratch->values(use.count);
  if (args.size() != use.count) return;
  for (std::uint32_t i = 0; i < use.count; ++i)
    args[i] = plain(m_evaluator->operand(m_program->args[use.first + i]));
  if (m_scratch->failed()) return;
  TagCall call{use.markup, args, m_out, *m_scratch, [this](std::string_view name, Value value) {
                 const std::uint32_t known = m_program->names.find(name);
                 if (known != UINT32_MAX) assign(known, value);
               }};
  const Status status = use.tag->render(call);
  if (!status) m_scratch->fail(status.error().message);
}

}  // namespace freshet::liquid
