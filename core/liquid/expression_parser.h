// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "core/liquid/lexer.h"
#include "core/liquid/program.h"

namespace freshet::liquid {

/// Told about what expressions mention, for analysis, and about what is wrong with them.
class ParseObserver {
 public:
  virtual void onPath(const Path& path, std::string_view source) = 0;
  /// `isFirst`: directly behind the value, not behind another filter.
  virtual void onFilter(std::string_view name, bool isFirst) = 0;
  virtual void onError(std::string_view at, std::string message, std::string hint,
                       std::string_view code, Severity severity) = 0;

 protected:
  ~ParseObserver() = default;
};

/// Parses one piece of markup strictly into a program's tables. After an error its results are nil.
class ExpressionParser {
 public:
  ExpressionParser(Program& program, ParseObserver& observer, std::string_view markup);

  /// "value | filter: args | …" to the end of the markup.
  std::uint32_t filtered();
  /// "a == b and c": as in templates, or with parentheses and `not`.
  std::uint32_t condition(bool isExtended);
  /// A value alone; blank and empty keep their meaning only in comparisons.
  Operand operand(bool isComparison = false);

  bool isAtEnd() const { return look().sign == Sign::End; }
  bool expectEnd();
  bool accept(Sign sign);
  bool accept(std::string_view name);
  /// The text of the next token if it is a `sign`, else an error.
  std::string_view expect(Sign sign);
  const Lexeme& look(std::size_t ahead = 0) const;
  bool failed() const { return m_failed; }
  /// Index of the next token, and the tokens since an earlier one without the spaces between.
  std::size_t position() const { return m_at; }
  std::string textSince(std::size_t position) const;
  void fail(const Lexeme& at, std::string message, std::string hint = {});

 private:
  std::uint32_t conditionChain(bool isExtended);
  std::uint32_t conditionTerm(bool isExtended);
  bool isGroup() const;
  Operand path(Operand root, bool isDynamicRoot, const char* start);
  Operand range();
  void filter(FilteredOperand& expression);
  void arguments(FilterUse& use);

  Program& m_program;
  ParseObserver& m_observer;
  std::vector<Lexeme> m_tokens;
  std::size_t m_at = 0;
  int m_depth = 0;
  bool m_failed = false;
};

/// The reference's forgiving reading of one fragment, which some of its tags use even when strict.
Operand looseOperand(Program& program, ParseObserver& observer, std::string_view fragment,
                     bool isComparison = false, int depth = 0);
Operand literalOperand(Program& program, std::string_view text, bool isComparison, bool& isLiteral);
Command commandOf(std::string_view key);

}  // namespace freshet::liquid
