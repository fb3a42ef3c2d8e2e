// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/liquid/machine.h"

namespace freshet::liquid {

Renderer::Machine::Exit Renderer::Machine::unit(std::uint32_t index) {
  const Unit& unit = m_program->units[index];
  const Unit* const caller = std::exchange(m_unit, &unit);
  const std::size_t loopBase = m_loops.size();
  const std::size_t markBase = m_marks.size();
  const auto slots = m_scratch->arena().array<std::uint32_t>(unit.slots);
  Exit exit = Exit::None;
  std::size_t at = 0;
  const std::size_t end = unit.ops.size();
  const char* const text = m_program->text.data();
  const Op* const ops = unit.ops.data();
  const FilteredOperand* const expressions = m_program->expressions.data();
  Scratch& scratch = *m_scratch;
  Evaluator& evaluator = *m_evaluator;
  const bool isPlainText = !m_options->escapeHtml && !m_options->origins;
  while (at < end) {
    const Op& op = ops[at];
    const std::size_t current = at++;
    scratch.spend(1);
    switch (op.code) {
      case Code::Text:
        m_out.append(text + op.b, op.c);
        break;
      case Code::Output: {
        m_out.append(text + op.b, op.c);
        const FilteredOperand& expression = expressions[op.a];
        const Value value = evaluator.expression(expression);
        if (scratch.failed()) [[unlikely]]
          break;
        if (isPlainText && value.isString()) {
          m_out += value.asString();
        } else if (isPlainText && value.isFloat()) {
          appendFloat(m_out, value.asFloat());
        } else {
          const std::size_t before = m_out.size();
          append(value, expression.context);
          if (m_options->origins) note(expression, before);
        }
        break;
      }
      case Code::Assign: {
        const Value value = evaluator.expression(expressions[op.a]);
        if (scratch.failed()) break;
        if (m_options->origins) noteAssigned(op.b, expressions[op.a]);
        assign(op.b, value);
        break;
      }
      case Code::CaptureBegin:
      case Code::ChangedBegin:
        m_marks.push_back(m_out.size());
        break;
      case Code::CaptureEnd: {
        const std::string_view made = m_out.view().substr(m_marks.back());
        if (m_options->origins) noteCaptured(op.a, m_marks.back());
        assign(op.a, m_options->escapeHtml ? scratch.safe(made) : scratch.text(made));
        m_out.truncate(m_marks.back());
        m_marks.pop_back();
        break;
      }
      case Code::ChangedEnd: {
        const std::string_view made = m_out.view().substr(m_marks.back());
        if (m_frame->hasChanged ? m_frame->changed == made : made.empty()) {
          if (m_options->origins) takeOrigins(m_marks.back());
          m_out.truncate(m_marks.back());
        } else {
          m_frame->changed = made;
          m_frame->hasChanged = true;
        }
        m_marks.pop_back();
        break;
      }
      case Code::Jump:
        at = op.b;
        break;
      case Code::JumpUnless:
        if (!evaluator.condition(op.a)) at = op.b;
        if (scratch.failed()) at = op.c;
        break;
      case Code::JumpIf:
        if (evaluator.condition(op.a)) at = op.b;
        if (scratch.failed()) at = op.c;
        break;
      case Code::LoopBegin:
      case Code::TableBegin:
        if (!beginLoop(m_program->loops[op.a], op.code == Code::TableBegin)) at = op.b;
        if (scratch.failed()) at = op.c;
        break;
      case Code::LoopNext:
        at = nextItem() ? op.b : op.c;
        break;
      case Code::LoopPop:
        endLoop();
        at = op.c;
        break;
      case Code::TableNext:
        nextCell(true);
        at = nextItem() ? op.b : op.c;
        break;
      case Code::TablePop:
        nextCell(false);
        endLoop();
        at = op.c;
        break;
      case Code::CaseReset:
        slots[op.slot] = 0;
        break;
      case Code::CaseTest: {
        const CycleUse& use = m_program->cycles[op.a];
        std::uint32_t& tried = slots[op.slot + 1U];
        bool isMatch = false;
        while (!isMatch && tried < use.count) {
          const Value left = evaluator.operand(use.name);
          isMatch = equal(left, evaluator.operand(m_program->args[use.first + tried++]));
        }
        if (isMatch) slots[op.slot] = 1;
        if (!isMatch) at = op.b;
        if (scratch.failed()) at = op.c;
        break;
      }
      case Code::CaseElse:
        if (slots[op.slot] != 0) at = op.b;
        break;
      case Code::Cycle:
        cycle(m_program->cycles[op.a], static_cast<HtmlContext>(op.slot));
        break;
      case Code::Increment:
      case Code::Decrement:
        increment(op.a, op.code == Code::Increment);
        break;
      case Code::Include:
        exit = include(m_program->partials[op.a]);
        break;
      case Code::OnExit:
        at = exit == Exit::Break ? op.a : exit == Exit::Continue ? op.b : op.c;
        exit = Exit::None;
        break;
      case Code::Render:
        renderPartial(m_program->partials[op.a]);
        break;
      case Code::Exit:
        exit = op.a == 1 ? Exit::Break : Exit::Continue;
        at = end;
        break;
      case Code::Custom:
        custom(m_program->customs[op.a]);
        break;
      case Code::Broken:
        break;
    }
    if (scratch.failed() || m_out.isFull()) [[unlikely]] {
      if (!scratch.failed()) scratch.fail("output limit exceeded", Failure::Limit);
      if (!m_isStopped) recover(unit, current);
      if (m_isStopped) break;
    }
  }
  while (m_loops.size() > loopBase) endLoop();
  m_marks.resize(markBase);
  m_unit = caller;
  return exit;
}

}  // namespace freshet::liquid
