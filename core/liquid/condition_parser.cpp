// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/expression_parser.h"

namespace freshet::liquid {
namespace {

bool comparisonOf(std::string_view text, Comparison& out) {
  if (text == "==") return out = Comparison::Equal, true;
  if (text == "!=" || text == "<>") return out = Comparison::NotEqual, true;
  if (text == "<") return out = Comparison::Less, true;
  if (text == ">") return out = Comparison::Greater, true;
  if (text == "<=") return out = Comparison::LessOrEqual, true;
  if (text == ">=") return out = Comparison::GreaterOrEqual, true;
  if (text == "contains") return out = Comparison::Contains, true;
  return false;
}

std::uint32_t add(Program& program, const ConditionNode& node) {
  program.conditions.push_back(node);
  return static_cast<std::uint32_t>(program.conditions.size() - 1);
}

}  // namespace

std::uint32_t ExpressionParser::condition(bool isExtended) {
  const std::uint32_t root = conditionChain(isExtended);
  expectEnd();
  if (!m_failed) return root;
  return add(m_program, {});
}

// As in the reference: a chain binds to the right, `and` no tighter than `or`.
std::uint32_t ExpressionParser::conditionChain(bool isExtended) {
  if (++m_depth > 100) fail(look(), "this condition is nested too deep");
  const std::uint32_t left = conditionTerm(isExtended);
  ConditionNode node;
  std::uint32_t result = left;
  const bool isAnd = accept("and");
  if (isAnd || accept("or")) {
    node.kind = isAnd ? ConditionNode::Kind::And : ConditionNode::Kind::Or;
    node.left = left;
    node.right = conditionChain(isExtended);
    result = add(m_program, node);
  }
  --m_depth;
  return result;
}

// An opening parenthesis starts a range if ".." follows before anything but a value.
bool ExpressionParser::isGroup() const {
  if (look().sign != Sign::OpenRound) return false;
  int depth = 0;
  for (std::size_t i = 0;; ++i) {
    const Sign sign = look(i).sign;
    if (sign == Sign::End) return true;
    if (sign == Sign::OpenRound) ++depth;
    if (sign == Sign::CloseRound && --depth == 0) return true;
    if (sign == Sign::DotDot && depth == 1) return false;
  }
}

std::uint32_t ExpressionParser::conditionTerm(bool isExtended) {
  if (m_failed || m_depth > 100) return 0;
  ConditionNode node;
  if (isExtended && look().sign == Sign::Name && look().text == "not" &&
      (look(1).sign == Sign::Name || look(1).sign == Sign::String || look(1).sign == Sign::Number ||
       look(1).sign == Sign::OpenRound || look(1).sign == Sign::OpenSquare) &&
      look(1).text != "and" && look(1).text != "or") {
    ++m_at;
    ++m_depth;
    node.kind = ConditionNode::Kind::Not;
    node.left = conditionTerm(isExtended);
    --m_depth;
    return add(m_program, node);
  }
  if (isExtended && isGroup()) {
    ++m_at;
    const std::uint32_t inner = conditionChain(isExtended);
    expect(Sign::CloseRound);
    return inner;
  }
  node.a = operand(true);
  const Lexeme token = look();
  if (accept(Sign::Compare)) {
    node.kind = ConditionNode::Kind::Compare;
    comparisonOf(token.text, node.comparison);
    node.b = operand(true);
  }
  return add(m_program, node);
}

}  // namespace freshet::liquid
