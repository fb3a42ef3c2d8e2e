// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace freshet::liquid {

enum class Sign : std::uint8_t {
  End,
  Name,
  String,
  Number,
  Pipe,
  Dot,
  DotDot,
  Colon,
  Comma,
  OpenSquare,
  CloseSquare,
  OpenRound,
  CloseRound,
  Question,
  Dash,
  Compare,
  Unknown
};

/// A token of an expression; `text` points into the source.
struct Lexeme {
  Sign sign = Sign::End;
  std::string_view text;
};

/// The tokens of `markup`, ended by Sign::End (and by Sign::Unknown where nothing fits).
std::vector<Lexeme> lex(std::string_view markup);
std::string_view describe(Sign sign);

/// A token of a template.
struct Token {
  enum class Kind : std::uint8_t { Text, Tag, Output, Unclosed };
  Kind kind = Kind::Text;
  std::string_view raw;
};

/// Cuts a document into text, {{ … }} and {% … %}, or the body of a liquid tag into lines.
class TokenStream {
 public:
  TokenStream(std::string_view source, bool isLines) : m_source(source), m_isLines(isLines) {}
  bool next(Token& token);
  bool isLines() const { return m_isLines; }

 private:
  bool nextLine(Token& token);
  std::size_t outputEnd(std::size_t at, Token& token) const;

  std::string_view m_source;
  std::size_t m_at = 0;
  bool m_isLines;
};

/// 'text', for messages.
std::string quoted(std::string_view text);
bool isSpace(char c);
bool isWord(char c);
std::string_view trimLeft(std::string_view text);
std::string_view trimRight(std::string_view text);
inline std::string_view trimBoth(std::string_view text) {
  return trimLeft(trimRight(text));
}

/// Name and markup of "{%- name markup -%}" or of a line; false if it has no name.
bool splitTag(std::string_view raw, bool isLine, std::string_view& name, std::string_view& markup);
/// The tag a token ends with, as raw, comment and doc look for theirs: "text {% name … %}".
std::string_view lastTagName(std::string_view raw, std::size_t& tagStart);

/// Finds `"…"`, `'…'` or a run without space, comma, bar and quotes at or behind `from`.
bool findFragment(std::string_view markup, std::size_t from, std::size_t& start, std::size_t& end);
/// The fragment exactly at `at`; 0 if there is none.
std::size_t fragmentLength(std::string_view markup, std::size_t at);

}  // namespace freshet::liquid
