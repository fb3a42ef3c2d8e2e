// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/lexer.h"

#include "core/liquid/unicode.h"

namespace freshet::liquid {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::size_t numberEnd(std::string_view text, std::size_t at) {
  if (text[at] == '-') ++at;
  while (at < text.size() && isDigit(text[at])) ++at;
  if (at + 1 < text.size() && text[at] == '.' && isDigit(text[at + 1])) {
    ++at;
    while (at < text.size() && isDigit(text[at])) ++at;
  }
  return at;
}

std::size_t nameEnd(std::string_view text, std::size_t at) {
  while (at < text.size() && (isWord(text[at]) || text[at] == '-')) ++at;
  return at < text.size() && text[at] == '?' ? at + 1 : at;
}

Sign punctuation(char c) {
  switch (c) {
    case '|':
      return Sign::Pipe;
    case '.':
      return Sign::Dot;
    case ':':
      return Sign::Colon;
    case ',':
      return Sign::Comma;
    case '[':
      return Sign::OpenSquare;
    case ']':
      return Sign::CloseSquare;
    case '(':
      return Sign::OpenRound;
    case ')':
      return Sign::CloseRound;
    case '?':
      return Sign::Question;
    case '-':
      return Sign::Dash;
    default:
      return Sign::Unknown;
  }
}

std::size_t comparisonLength(std::string_view rest) {
  for (const std::string_view two : {"==", "!=", "<>", "<=", ">="}) {
    if (rest.starts_with(two)) return 2;
  }
  return rest[0] == '<' || rest[0] == '>' ? 1 : 0;
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out("'");
  out.append(text).append("'");
  return out;
}

bool isSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool isWord(char c) {
  return isLetter(c) || isDigit(c);
}

std::string_view trimLeft(std::string_view text) {
  while (!text.empty() && (isSpace(text.front()) || text.front() == '\0')) text.remove_prefix(1);
  return text;
}

std::string_view trimRight(std::string_view text) {
  while (!text.empty() && (isSpace(text.back()) || text.back() == '\0')) text.remove_suffix(1);
  return text;
}

std::vector<Lexeme> lex(std::string_view markup) {
  std::vector<Lexeme> tokens;
  const auto add = [&](Sign sign, std::size_t from, std::size_t to) {
    tokens.push_back({sign, markup.substr(from, to - from)});
    return to;
  };
  for (std::size_t at = 0;;) {
    while (at < markup.size() && isSpace(markup[at])) ++at;
    if (at >= markup.size()) break;
    const char c = markup[at];
    if (const std::size_t length = comparisonLength(markup.substr(at)); length > 0) {
      at = add(Sign::Compare, at, at + length);
    } else if (c == '\'' || c == '"') {
      const std::size_t end = markup.find(c, at + 1);
      at = end == std::string_view::npos ? add(Sign::Unknown, at, at + 1)
                                         : add(Sign::String, at, end + 1);
      if (end == std::string_view::npos) break;
    } else if (isDigit(c) || (c == '-' && at + 1 < markup.size() && isDigit(markup[at + 1]))) {
      at = add(Sign::Number, at, numberEnd(markup, at));
    } else if (isLetter(c)) {
      const std::size_t end = nameEnd(markup, at);
      // Only before white space; elsewhere it is a name as any other.
      const bool isOperator = markup.substr(at, end - at) == "contains" && end < markup.size() &&
                              isSpace(markup[end]) &&
                              (tokens.empty() || tokens.back().sign != Sign::Dot);
      at = add(isOperator ? Sign::Compare : Sign::Name, at, end);
    } else if (c == '.' && markup.substr(at).starts_with("..")) {
      at = add(Sign::DotDot, at, at + 2);
    } else {
      const Sign sign = punctuation(c);
      at = add(sign, at, at + stepOf(markup, at));
      if (sign == Sign::Unknown) break;
    }
  }
  tokens.push_back({Sign::End, markup.substr(markup.size())});
  return tokens;
}

std::string_view describe(Sign sign) {
  switch (sign) {
    case Sign::End:
      return "the end";
    case Sign::Name:
      return "a name";
    case Sign::String:
      return "a text";
    case Sign::Number:
      return "a number";
    case Sign::Pipe:
      return "'|'";
    case Sign::Dot:
      return "'.'";
    case Sign::DotDot:
      return "'..'";
    case Sign::Colon:
      return "':'";
    case Sign::Comma:
      return "','";
    case Sign::OpenSquare:
      return "'['";
    case Sign::CloseSquare:
      return "']'";
    case Sign::OpenRound:
      return "'('";
    case Sign::CloseRound:
      return "')'";
    case Sign::Question:
      return "'?'";
    case Sign::Dash:
      return "'-'";
    case Sign::Compare:
      return "a comparison";
    case Sign::Unknown:
      return "an unexpected character";
  }
  return "";
}

bool TokenStream::nextLine(Token& token) {
  if (m_at >= m_source.size()) return false;
  std::size_t end = m_source.find('\n', m_at);
  if (end == std::string_view::npos) end = m_source.size();
  token = {Token::Kind::Tag, m_source.substr(m_at, end - m_at)};
  m_at = end + 1;
  return true;
}

// A lone brace ends an output too, badly; "{%" inside one turns it into a tag.
std::size_t TokenStream::outputEnd(std::size_t at, Token& token) const {
  for (; at < m_source.size(); ++at) {
    const char c = m_source[at];
    const char next = at + 1 < m_source.size() ? m_source[at + 1] : '\0';
    if (c == '}') {
      if (next != '}') token.kind = Token::Kind::Unclosed;
      return at + (next == '}' ? 2 : 1);
    }
    if (c == '{' && next == '%') {
      token.kind = Token::Kind::Unclosed;
      const std::size_t end = m_source.find("%}", at);
      return end == std::string_view::npos ? m_source.size() : end + 2;
    }
  }
  token.kind = Token::Kind::Unclosed;
  return m_source.size();
}

bool TokenStream::next(Token& token) {
  if (m_isLines) return nextLine(token);
  if (m_at >= m_source.size()) return false;
  const std::size_t start = m_at;
  const std::string_view rest = m_source.substr(start);
  token.kind = Token::Kind::Text;
  if (rest.starts_with("{{")) {
    token.kind = Token::Kind::Output;
    m_at = outputEnd(start + 2, token);
  } else if (rest.starts_with("{%")) {
    token.kind = Token::Kind::Tag;
    const std::size_t end = m_source.find("%}", start + 2);
    if (end == std::string_view::npos) token.kind = Token::Kind::Unclosed;
    m_at = end == std::string_view::npos ? m_source.size() : end + 2;
  } else {
    std::size_t end = start;
    for (;;) {
      end = m_source.find('{', end);
      if (end == std::string_view::npos) break;
      const char next = end + 1 < m_source.size() ? m_source[end + 1] : '\0';
      if (next == '{' || next == '%') break;
      ++end;
    }
    m_at = end == std::string_view::npos ? m_source.size() : end;
  }
  token.raw = m_source.substr(start, m_at - start);
  return true;
}

bool splitTag(std::string_view raw, bool isLine, std::string_view& name, std::string_view& markup) {
  if (!isLine) {
    raw.remove_prefix(2);
    raw.remove_suffix(2);
    if (raw.starts_with('-')) raw.remove_prefix(1);
    if (raw.ends_with('-')) raw.remove_suffix(1);
  }
  while (!raw.empty() && isSpace(raw.front())) raw.remove_prefix(1);
  std::size_t end = 0;
  if (raw.starts_with('#')) {
    end = 1;
  } else {
    while (end < raw.size() && isWord(raw[end])) ++end;
  }
  if (end == 0) return false;
  name = raw.substr(0, end);
  while (end < raw.size() && isSpace(raw[end])) ++end;
  markup = raw.substr(end);
  return true;
}

std::string_view lastTagName(std::string_view raw, std::size_t& tagStart) {
  if (!raw.ends_with("%}")) return {};
  for (std::size_t at = raw.rfind("{%"); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : raw.rfind("{%", at - 1)) {
    std::size_t name = at + 2;
    if (name < raw.size() && raw[name] == '-') ++name;
    while (name < raw.size() && isSpace(raw[name])) ++name;
    std::size_t end = name;
    while (end < raw.size() && isWord(raw[end])) ++end;
    if (end > name && end + 2 <= raw.size()) {
      tagStart = at;
      return raw.substr(name, end - name);
    }
  }
  return {};
}

std::size_t fragmentLength(std::string_view markup, std::size_t at) {
  const auto quoted = [&](std::size_t from) -> std::size_t {
    if (from >= markup.size() || (markup[from] != '"' && markup[from] != '\'')) return 0;
    const std::size_t end = markup.find(markup[from], from + 1);
    return end == std::string_view::npos ? 0 : end + 1 - from;
  };
  if (const std::size_t length = quoted(at); length > 0) return length;
  std::size_t end = at;
  while (end < markup.size()) {
    const char c = markup[end];
    if (c == '"' || c == '\'') {
      const std::size_t length = quoted(end);
      if (length == 0) break;
      end += length;
    } else if (isSpace(c) || c == ',' || c == '|') {
      break;
    } else {
      ++end;
    }
  }
  return end - at;
}

bool findFragment(std::string_view markup, std::size_t from, std::size_t& start, std::size_t& end) {
  for (start = from; start < markup.size(); ++start) {
    if (const std::size_t length = fragmentLength(markup, start); length > 0) {
      end = start + length;
      return true;
    }
  }
  return false;
}

}  // namespace freshet::liquid
