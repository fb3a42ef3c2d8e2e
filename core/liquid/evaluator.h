// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/liquid/program.h"
#include "core/liquid/scratch.h"

namespace freshet::liquid {

/// Fetches values and tests conditions of a program against one set of cells (one a name).
/// Failures stay in the scratch; results after one are nil.
class Evaluator {
 public:
  Evaluator(const Program& program, const Value* cells, Scratch& scratch)
      : m_program(program), m_cells(cells), m_scratch(scratch) {}

  bool strictVariables = false;
  bool strictFilters = false;
  /// Members of this object are found by computed names too.
  const Value* root = nullptr;

  Value operand(Operand operand) {
    switch (operand.kind()) {
      case Operand::Constant:
        return m_program.constants[operand.index()];
      case Operand::Name:
        return name(operand.index());
      case Operand::Path:
        return path(m_program.paths[operand.index()]);
      case Operand::Range:
        return range(m_program.ranges[operand.index()]);
    }
    return Value();
  }
  Value expression(const FilteredOperand& expression) {
    Value value = operand(expression.operand);
    const FilterUse* use = m_program.filters.data() + expression.firstFilter;
    for (std::uint32_t i = 0; i < expression.filters; ++i, ++use) value = apply(*use, value);
    return value;
  }
  bool condition(std::uint32_t node);
  Value named(std::string_view name);
  void setCells(const Value* cells) { m_cells = cells; }

 private:
  Value name(std::uint32_t index) {
    const Value& value = m_cells[index];
    if (is(value, Special::Undefined)) [[unlikely]]
      return missing(m_program.names[index]);
    return value;
  }
  Value path(const Path& path);
  Value dynamicPath(const Path& path, const Segment* segment, const Segment* end);
  Value opaquePath(const Path& path, const Segment* segment, const Segment* end);
  Value otherPath(Value value, const Segment* segment, const Segment* end);
  Value range(const RangeExpression& range);
  Value apply(const FilterUse& use, Value input);
  Value applyOther(const FilterUse& use, Value input);
  Value wrongCount(const FilterUse& use, std::size_t count);
  Value call(const FilterUse& use, Value input, std::span<const Value> args);
  bool compareWith(Comparison comparison, const Value& a, const Value& b);
  bool member(Value& value, const Segment& segment);
  bool element(Value& value, const Value& key);
  bool command(Value& value, Command command);
  Value missing(std::string_view name);

  const Program& m_program;
  const Value* m_cells;
  Scratch& m_scratch;
};

}  // namespace freshet::liquid
