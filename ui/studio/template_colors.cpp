// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/template_colors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/liquid/lexer.h"

namespace freshet::studio {
namespace {

using liquid::Lexeme;
using liquid::Sign;
using liquid::Token;

constexpr std::array<std::string_view, 14> kWords{"and",   "or",    "contains", "not",   "true",
                                                  "false", "nil",   "null",     "blank", "empty",
                                                  "in",    "limit", "reversed", "with"};

bool isWord(std::string_view text) {
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

/// Walks a template once and writes down what each byte is. HTML goes on through the Liquid in it.
class Painter {
 public:
  explicit Painter(std::string_view source)
      : m_source(source), m_inks(source.size(), static_cast<char>(Ink::Text)) {}

  std::string run() {
    liquid::TokenStream tokens(m_source, false);
    Token token;
    while (tokens.next(token)) {
      if (token.kind == Token::Kind::Text)
        html(token.raw);
      else
        liquidToken(token);
    }
    return std::move(m_inks);
  }

 private:
  enum class Html { Text, Name, Inside, Value, Comment };

  std::size_t at(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - m_source.data());
  }
  void paint(std::string_view part, Ink ink) {
    std::fill_n(m_inks.begin() + static_cast<std::ptrdiff_t>(at(part)), part.size(),
                static_cast<char>(ink));
  }

  void liquidToken(const Token& token) {
    std::string_view name, markup;
    const bool isTag =
        token.kind == Token::Kind::Tag && liquid::splitTag(token.raw, false, name, markup);
    if (isTag && m_block.empty() && (name == "comment" || name == "raw" || name == "doc"))
      m_block = name;
    else if (isTag && !m_block.empty() && name == "end" + m_block)
      m_block.clear();
    else if (!m_block.empty())
      return paint(token.raw, m_block == "raw" ? Ink::Text : Ink::Comment);
    paint(token.raw, Ink::Tag);
    if (name == "comment" || name == "#") return;
    expression(isTag ? markup : inner(token.raw));
  }

  /// Words in front of a colon are names of arguments; behind a bar they are filters. What is no
  /// expression ("name = value") is one on either side.
  void expression(std::string_view markup) {
    bool isFilter = false;
    while (!markup.empty()) {
      const std::vector<Lexeme> lexemes = liquid::lex(markup);
      std::size_t read = markup.size();
      for (std::size_t i = 0; i + 1 < lexemes.size(); ++i) {
        const Lexeme& each = lexemes[i];
        if (each.sign == Sign::Unknown) {
          read = at(each.text) + each.text.size() - at(markup);
          break;
        }
        const bool isArgument = lexemes[i + 1].sign == Sign::Colon;
        if (const auto ink = inkOf(each, isFilter, isArgument)) paint(each.text, *ink);
        isFilter = each.sign == Sign::Pipe;
      }
      markup.remove_prefix(std::max<std::size_t>(read, 1));
    }
  }

  static std::optional<Ink> inkOf(const Lexeme& each, bool isFilter, bool isArgument) {
    switch (each.sign) {
      case Sign::String:
      case Sign::Number:
        return Ink::String;
      case Sign::Name:
        if (isFilter) return Ink::Filter;
        if (isWord(each.text)) return {};
        return isArgument ? Ink::Text : Ink::Variable;
      case Sign::Dot:
      case Sign::OpenSquare:
      case Sign::CloseSquare:
        return Ink::Variable;
      case Sign::Compare:
        if (each.text == "contains") return {};
        return Ink::Text;
      default:
        return Ink::Text;
    }
  }

  static std::string_view inner(std::string_view raw) {
    raw.remove_prefix(std::min<std::size_t>(2, raw.size()));
    if (raw.starts_with('-')) raw.remove_prefix(1);
    if (raw.ends_with("}}")) raw.remove_suffix(2);
    if (raw.ends_with('-')) raw.remove_suffix(1);
    return raw;
  }

  void html(std::string_view text) {
    if (!m_block.empty()) return paint(text, m_block == "raw" ? Ink::Text : Ink::Comment);
    for (std::size_t i = 0; i < text.size(); ++i) paint(text.substr(i, 1), step(text, i));
  }

  Ink step(std::string_view text, std::size_t i) {
    const char c = text[i];
    switch (m_state) {
      case Html::Text:
        if (c != '<') return Ink::Text;
        m_state = text.substr(i).starts_with("<!--") ? Html::Comment : Html::Name;
        return m_state == Html::Comment ? Ink::Comment : Ink::Html;
      case Html::Comment:
        if (c == '>' && i >= 2 && text.substr(i - 2, 3) == "-->") m_state = Html::Text;
        return Ink::Comment;
      case Html::Name:
        if (c == '>') m_state = Html::Text;
        if (liquid::isSpace(c)) m_state = Html::Inside;
        return Ink::Html;
      case Html::Inside:
        if (c == '"' || c == '\'') {
          m_quote = c;
          m_state = Html::Value;
          return Ink::String;
        }
        if (c == '>') m_state = Html::Text;
        return c == '>' || c == '/' ? Ink::Html : Ink::Attribute;
      case Html::Value:
        if (c == m_quote) m_state = Html::Inside;
        return Ink::String;
    }
    return Ink::Text;
  }

  std::string_view m_source;
  std::string m_inks;
  std::string m_block;  // of comment, doc or raw: the name that ends it
  Html m_state = Html::Text;
  char m_quote = '"';
};

}  // namespace

std::string inksOf(std::string_view source) {
  return Painter(source).run();
}

}  // namespace freshet::studio
