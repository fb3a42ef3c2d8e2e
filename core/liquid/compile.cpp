// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/liquid/evaluator.h"
#include "core/liquid/unit_compiler.h"

namespace freshet::liquid {
namespace {

// The fields of `op` that hold places in the program.
template <class Visit>
void visitTargets(Op& op, Visit visit) {
  switch (op.code) {
    case Code::OnExit:
      visit(op.a);
      [[fallthrough]];
    case Code::Jump:
    case Code::JumpUnless:
    case Code::JumpIf:
    case Code::LoopBegin:
    case Code::LoopNext:
    case Code::LoopPop:
    case Code::TableBegin:
    case Code::TableNext:
    case Code::TablePop:
    case Code::CaseTest:
    case Code::CaseElse:
      visit(op.b);
      visit(op.c);
      return;
    default:
      return;
  }
}

void collectGlobals(const Program& program, std::uint32_t unit, std::vector<bool>& seen,
                    std::vector<std::uint32_t>& names) {
  if (seen[unit]) return;
  seen[unit] = true;
  for (const std::uint32_t name : program.units[unit].freeNames) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  for (const std::uint32_t included : program.units[unit].includes)
    collectGlobals(program, included, seen, names);
}

bool isFoldable(const Program& program, const FilteredOperand& expression) {
  if (expression.filters == 0 || expression.operand.kind() != Operand::Constant) return false;
  for (std::uint32_t i = 0; i < expression.filters; ++i) {
    const FilterUse& use = program.filters[expression.firstFilter + i];
    if (!use.isPlain || use.filter->readsClock) return false;
    for (std::uint32_t k = 0; k < use.args; ++k) {
      if (program.args[use.firstArg + k].kind() != Operand::Constant) return false;
    }
  }
  return true;
}

// What is the same at every render is worked out once, within one small budget for all of them;
// what fails stays as it is and fails where it stands.
void foldConstants(Program& program) {
  Limits limits;
  limits.allocatedBytes = 256 * 1024;
  limits.wall = {};
  Buffer buffer;
  Scratch scratch(program.literals, limits, buffer);
  Evaluator evaluator(program, nullptr, scratch);
  for (FilteredOperand& expression : program.expressions) {
    if (!isFoldable(program, expression)) continue;
    const Value value = evaluator.expression(expression);
    if (scratch.failure() == Failure::Limit) return;
    const bool isKnown = !scratch.failed();
    scratch.clearFailure();
    if (!isKnown) continue;
    expression.operand = program.constant(value);
    expression.filters = 0;
  }
}

}  // namespace

// Drops empty texts and joins neighbours that nothing jumps between.
void UnitCompiler::optimize() {
  std::vector<Op>& ops = m_unit.ops;
  std::vector<bool> isTarget(ops.size() + 1, false);
  for (Op& op : ops) {
    visitTargets(op, [&](std::uint32_t& target) {
      if (target != UINT32_MAX) isTarget[target] = true;
    });
  }
  std::vector<std::uint32_t> moved(ops.size() + 1);
  std::vector<Op> kept;
  std::vector<std::uint32_t> places;
  bool isJoinable = false;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    if (isTarget[i]) isJoinable = false;
    moved[i] = static_cast<std::uint32_t>(kept.size());
    Op op = ops[i];
    if (op.code == Code::Text) {
      if (op.c == 0) continue;
      if (isJoinable) {
        Op& before = kept.back();
        if (before.b + before.c != op.b) {
          const std::string joined = m_program.text.substr(before.b, before.c);
          const std::string added = m_program.text.substr(op.b, op.c);
          before.b = static_cast<std::uint32_t>(m_program.text.size());
          m_program.text += joined + added;
        }
        before.c += op.c;
        continue;
      }
    }
    if (op.code == Code::Output) op.b = op.c = 0;
    if (op.code == Code::Output && isJoinable) {
      op.b = kept.back().b;
      op.c = kept.back().c;
      kept.pop_back();
      places.pop_back();
      --moved[i];
    }
    isJoinable = op.code == Code::Text;
    kept.push_back(op);
    places.push_back(m_unit.places[i]);
  }
  moved[ops.size()] = static_cast<std::uint32_t>(kept.size());
  for (Op& op : kept) {
    visitTargets(op, [&](std::uint32_t& target) {
      if (target != UINT32_MAX) target = moved[target];
    });
  }
  ops = std::move(kept);
  m_unit.places = std::move(places);
}

void compileProgram(Program& program, std::string_view source, std::string_view name,
                    std::vector<Diagnostic>& diagnostics) {
  program.forloopName = program.names.intern("forloop");
  program.tableloopName = program.names.intern("tablerowloop");
  Unit& main = program.units.emplace_back();
  main.name = name;
  main.source = source;
  UnitCompiler(program, 0, diagnostics).compile();
  // Partials come after the one that names them; their errors show when they are rendered, too.
  for (std::uint32_t index = 1; index < program.units.size(); ++index) {
    if (program.units[index].isBroken) continue;
    std::vector<Diagnostic> found;
    UnitCompiler(program, index, found).compile();
    for (Diagnostic& diagnostic : found) {
      if (diagnostic.severity == Severity::Error) {
        Unit& unit = program.units[index];
        if (!unit.isBroken) unit.problem = diagnostic.where() + ": " + diagnostic.message;
        unit.isBroken = true;
      }
      diagnostics.push_back(std::move(diagnostic));
    }
  }
  foldConstants(program);
  std::vector<bool> seen(program.units.size(), false);
  collectGlobals(program, 0, seen, program.globalNames);
  for (const std::uint32_t global : program.globalNames)
    program.globals.emplace_back(program.names[global]);
}

}  // namespace freshet::liquid
