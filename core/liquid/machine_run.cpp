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
  while (at < end) {
    const Op& op = unit.ops[at];
    const std::size_t current = at++;
    if (++operations >= m_nextCheck) charge(0);
    switch (op.code) {
      case Code::Text:
        m_out->append(text + op.b, op.c);
        if (m_out->size() - m_outStart <= m_options->limits.outputBytes && !m_scratch->failed())
            [[likely]]
          continue;
        break;
      case Code::Output:
        output(m_program->expressions[op.a]);
        break;
      case Code::Assign: {
        const Value value = m_evaluator->expression(m_program->expressions[op.a]);
        if (!m_scratch->failed()) assign(op.b, value);
        break;
      }
      case Code::CaptureBegin:
      case Code::ChangedBegin:
        m_marks.push_back(m_out->size());
        break;
      case Code::CaptureEnd: {
        const std::string_view made = std::string_view(*m_out).substr(m_marks.back());
        assign(op.a, m_options->escapeHtml ? m_scratch->safe(made) : m_scratch->text(made));
        m_out->resize(m_marks.back());
        m_marks.pop_back();
        break;
      }
      case Code::ChangedEnd: {
        const std::string_view made = std::string_view(*m_out).substr(m_marks.back());
        if (m_frame->hasChanged ? m_frame->changed == made : made.empty()) {
          m_out->resize(m_marks.back());
        } else {
          m_frame->changed = made;
          m_frame->hasChanged = true;
        }
        m_marks.pop_back();
        break;
      }
      case Code::Jump:
        at = op.b;
        if (!m_scratch->failed()) [[likely]]
          continue;
        break;
      case Code::JumpUnless:
        if (!m_evaluator->condition(op.a)) at = op.b;
        if (m_scratch->failed()) at = op.c;
        break;
      case Code::JumpIf:
        if (m_evaluator->condition(op.a)) at = op.b;
        if (m_scratch->failed()) at = op.c;
        break;
      case Code::LoopBegin:
      case Code::TableBegin:
        if (!beginLoop(m_program->loops[op.a], op.code == Code::TableBegin)) at = op.b;
        if (m_scratch->failed()) at = op.c;
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
          const Value left = m_evaluator->operand(use.name);
          isMatch = equal(left, m_evaluator->operand(m_program->args[use.first + tried++]));
        }
        if (isMatch) slots[op.slot] = 1;
        if (!isMatch) at = op.b;
        if (m_scratch->failed()) at = op.c;
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
    if (m_out->size() - m_outStart > m_options->limits.outputBytes) [[unlikely]] {
      m_scratch->fail("output limit exceeded", Failure::Limit);
    }
    if (m_scratch->failed() && !m_isStopped) [[unlikely]]
      recover(unit, current);
    if (m_isStopped) [[unlikely]]
      break;
    if (const std::uint64_t work = m_evaluator->takeWork()) charge(work);
  }
  while (m_loops.size() > loopBase) endLoop();
  m_marks.resize(markBase);
  m_unit = caller;
  return exit;
}

}  // namespace freshet::liquid
