// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/expression_parser.h"

#include <charconv>

#include "core/base/text.h"

namespace freshet::liquid {
namespace {

constexpr int mostNesting = 100;

Operand numberOperand(Program& program, std::string_view text) {
  if (text.find('.') != std::string_view::npos) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return program.constant(Value(value));
  }
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc::result_out_of_range) value = text[0] == '-' ? INT64_MIN : INT64_MAX;
  return program.constant(Value(value));
}

}  // namespace

Command commandOf(std::string_view key) {
  if (key == "size") return Command::Size;
  if (key == "first") return Command::First;
  return key == "last" ? Command::Last : Command::None;
}

Operand literalOperand(Program& program, std::string_view text, bool isComparison,
                       bool& isLiteral) {
  isLiteral = true;
  if (text == "nil" || text == "null" || text.empty()) return {};
  if (text == "true") return program.constant(Value(true));
  if (text == "false") return program.constant(Value(false));
  if (text == "blank" || text == "empty") {
    if (!isComparison) return program.constant(Value(std::string_view()));
    return program.constant(special(text == "blank" ? Special::Blank : Special::Empty));
  }
  isLiteral = false;
  return {};
}

ExpressionParser::ExpressionParser(Program& program, ParseObserver& observer,
                                   std::string_view markup)
    : m_program(program), m_observer(observer), m_tokens(lex(markup)) {}

const Lexeme& ExpressionParser::look(std::size_t ahead) const {
  return m_tokens[std::min(m_at + ahead, m_tokens.size() - 1)];
}

void ExpressionParser::fail(const Lexeme& at, std::string message, std::string hint) {
  if (!m_failed)
    m_observer.onError(at.text, std::move(message), std::move(hint), "E-4001", Severity::Error);
  m_failed = true;
}

bool ExpressionParser::accept(Sign sign) {
  if (m_failed || look().sign != sign) return false;
  ++m_at;
  return true;
}

bool ExpressionParser::accept(std::string_view name) {
  if (m_failed || look().sign != Sign::Name || look().text != name) return false;
  ++m_at;
  return true;
}

std::string_view ExpressionParser::expect(Sign sign) {
  if (look().sign != sign) {
    const Lexeme& found = look();
    std::string message = "expected ";
    message += describe(sign);
    message += ", found ";
    message += found.sign == Sign::End ? "the end" : quoted(found.text);
    std::string hint;
    if (found.sign == Sign::Unknown && (found.text == "'" || found.text == "\"")) {
      hint = "this text has no closing quote";
    } else if (found.sign == Sign::Unknown && found.text == "=") {
      hint = "to compare, write '=='";
    } else if (found.text == "&" || found.text == "&&") {
      hint = "write 'and'";
    } else if (found.text == "||" || (found.sign == Sign::Pipe && look(1).sign == Sign::Pipe)) {
      hint = "write 'or'";
    } else if (found.text == "+" || found.text == "*" || found.text == "/" ||
               found.sign == Sign::Dash) {
      hint = "calculate with filters: plus, minus, times, divided_by";
    }
    fail(found, std::move(message), std::move(hint));
    return {};
  }
  return m_tokens[m_at++].text;
}

std::string ExpressionParser::textSince(std::size_t position) const {
  std::string text;
  for (std::size_t i = position; i < m_at; ++i) text += m_tokens[i].text;
  return text;
}

bool ExpressionParser::expectEnd() {
  if (!m_failed && !isAtEnd()) expect(Sign::End);
  return !m_failed;
}

Operand ExpressionParser::operand(bool isComparison) {
  if (m_failed || ++m_depth > mostNesting) {
    if (!m_failed) fail(look(), "this expression is nested too deep");
    return {};
  }
  Operand result;
  const Lexeme token = look();
  switch (token.sign) {
    case Sign::Name: {
      ++m_at;
      const bool isAlone = look().sign != Sign::Dot && look().sign != Sign::OpenSquare;
      bool isLiteral = false;
      if (isAlone) result = literalOperand(m_program, token.text, isComparison, isLiteral);
      if (!isLiteral) {
        result =
            path({Operand::Name, m_program.names.intern(token.text)}, false, token.text.data());
      }
      break;
    }
    case Sign::OpenSquare: {
      ++m_at;
      const Operand name = operand();
      expect(Sign::CloseSquare);
      result = path(name, true, token.text.data());
      break;
    }
    case Sign::String:
      ++m_at;
      result = m_program.textConstant(token.text.substr(1, token.text.size() - 2));
      break;
    case Sign::Number:
      ++m_at;
      result = numberOperand(m_program, token.text);
      break;
    case Sign::OpenRound:
      result = range();
      break;
    default: {
      std::string found = token.sign == Sign::End ? "the end" : quoted(token.text);
      std::string hint;
      if (token.sign == Sign::Unknown && (token.text == "'" || token.text == "\"")) {
        hint = "this text has no closing quote";
      }
      fail(token, "expected a value, found " + found, std::move(hint));
    }
  }
  --m_depth;
  return m_failed ? Operand() : result;
}

Operand ExpressionParser::range() {
  ++m_at;
  const Operand first = operand();
  expect(Sign::DotDot);
  const Operand last = operand();
  expect(Sign::CloseRound);
  if (m_failed) return {};
  return m_program.range(first, last);
}

Operand ExpressionParser::path(Operand root, bool isDynamicRoot, const char* start) {
  std::vector<Segment> segments;
  for (;;) {
    Segment segment;
    if (accept(Sign::Dot)) {
      const std::string_view key = expect(Sign::Name);
      segment.key = m_program.literals.copy(key);
      segment.command = commandOf(key);
    } else if (accept(Sign::OpenSquare)) {
      segment.dynamic = operand();
      expect(Sign::CloseSquare);
      segment.isDynamic = true;
    } else {
      break;
    }
    if (m_failed) return {};
    if (segment.isDynamic && segment.dynamic.kind() == Operand::Constant) {
      const Value& key = m_program.constants[segment.dynamic.index()];
      if (key.isString()) {
        segment.key = key.asString();
        segment.isDynamic = false;
      }
    }
    segments.push_back(segment);
  }
  if (m_failed) return {};
  if (isDynamicRoot && root.kind() == Operand::Constant &&
      m_program.constants[root.index()].isString()) {
    root = {Operand::Name, m_program.names.intern(m_program.constants[root.index()].asString())};
    isDynamicRoot = false;
  }
  Path made;
  made.root = root;
  made.isDynamicRoot = isDynamicRoot;
  made.first = static_cast<std::uint32_t>(m_program.segments.size());
  made.count = static_cast<std::uint16_t>(segments.size());
  for (Segment& segment : segments) m_program.segments.push_back(segment);
  const char* end = m_tokens[m_at - 1].text.data() + m_tokens[m_at - 1].text.size();
  m_observer.onPath(made, {start, static_cast<std::size_t>(end - start)});
  if (segments.empty() && !isDynamicRoot) return root;
  m_program.paths.push_back(made);
  return {Operand::Path, m_program.paths.size() - 1};
}

void ExpressionParser::arguments(FilterUse& use) {
  std::vector<Operand> args;
  std::vector<NamedArgument> named;
  do {
    if (look().sign == Sign::Name && look(1).sign == Sign::Colon) {
      const std::string_view name = m_program.literals.copy(look().text);
      m_at += 2;
      named.push_back({name, operand()});
    } else {
      args.push_back(operand());
    }
  } while (accept(Sign::Comma));
  use.firstArg = static_cast<std::uint32_t>(m_program.args.size());
  use.args = static_cast<std::uint16_t>(args.size());
  use.firstNamed = static_cast<std::uint32_t>(m_program.named.size());
  use.named = static_cast<std::uint16_t>(named.size());
  m_program.args.insert(m_program.args.end(), args.begin(), args.end());
  m_program.named.insert(m_program.named.end(), named.begin(), named.end());
}

void ExpressionParser::filter(FilteredOperand& expression) {
  const Lexeme token = look();
  FilterUse use;
  use.name = m_program.literals.copy(expect(Sign::Name));
  if (m_failed) return;
  use.filter = m_program.environment.filter(token.text);
  m_observer.onFilter(token.text, expression.filters == 0);
  if (accept(Sign::Colon)) arguments(use);
  if (m_failed) return;
  if (!use.filter) {
    std::string hint;
    if (const auto near = nearest(token.text, m_program.environment.filterNames())) {
      hint = "did you mean '" + *near + "'?";
    }
    m_observer.onError(token.text, "unknown filter '" + std::string(token.text) + "'",
                       std::move(hint), "E-4003", Severity::Warning);
  } else {
    const std::size_t given = use.args + (use.named > 0 ? 1U : 0U);
    if (given < use.filter->leastArgs || given > use.filter->mostArgs) {
      m_observer.onError(token.text,
                         "filter '" + std::string(token.text) + "' takes " +
                             std::to_string(use.filter->leastArgs) +
                             (use.filter->mostArgs > use.filter->leastArgs
                                  ? " to " + std::to_string(use.filter->mostArgs)
                                  : std::string()) +
                             " arguments, found " + std::to_string(given),
                         {}, "E-4005", Severity::Warning);
    }
  }
  use.isPlain = use.filter && use.named == 0 && use.args >= use.filter->leastArgs &&
                use.args <= use.filter->mostArgs;
  m_program.filters.push_back(use);
  ++expression.filters;
}

std::uint32_t ExpressionParser::filtered() {
  FilteredOperand expression;
  if (!isAtEnd()) {
    expression.operand = operand();
    expression.firstFilter = static_cast<std::uint32_t>(m_program.filters.size());
    while (accept(Sign::Pipe)) filter(expression);
    expectEnd();
  }
  if (m_failed) expression = {};
  m_program.expressions.push_back(expression);
  return static_cast<std::uint32_t>(m_program.expressions.size() - 1);
}

}  // namespace freshet::liquid
