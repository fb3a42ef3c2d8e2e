// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "core/liquid/unit_compiler.h"

namespace freshet::liquid {
namespace {

bool isSignature(char c) {
  return isWord(c) || c == '-' || c == '.' || c == '[' || c == ']' || c == '(' || c == ')';
}

}  // namespace

void UnitCompiler::noteAssigned(std::uint32_t name) {
  // Only what is certainly assigned: at the top of the template, not inside a branch.
  if (m_depth == 1) m_assigned.push_back(name);
}

bool UnitCompiler::assignTag(TokenStream&, std::string_view markup, std::string_view raw) {
  for (std::size_t equals = markup.find('='); equals != std::string_view::npos;
       equals = markup.find('=', equals + 1)) {
    std::size_t end = equals;
    while (end > 0 && isSpace(markup[end - 1])) --end;
    std::size_t start = end;
    while (start > 0 && isSignature(markup[start - 1])) --start;
    if (start == end) continue;
    ExpressionParser parser(m_program, *this, markup.substr(equals + 1));
    const std::uint32_t expression = parser.filtered();
    if (parser.failed()) return true;
    const std::uint32_t name = m_program.names.intern(markup.substr(start, end - start));
    const std::uint32_t op = emit(Code::Assign, raw, expression, true);
    m_unit.ops[op].b = name;
    noteAssigned(name);
    return true;
  }
  error(raw, "'assign' needs a name and a value", "{% assign name = value %}");
  return true;
}

bool UnitCompiler::captureTag(TokenStream& stream, std::string_view markup, std::string_view raw) {
  std::size_t start = 0;
  while (start < markup.size() && !isSignature(markup[start])) ++start;
  std::size_t end = start;
  while (end < markup.size() && isSignature(markup[end])) ++end;
  if (start == end) error(raw, "'capture' needs a name", "{% capture name %}");
  const std::uint32_t name = m_program.names.intern(markup.substr(start, end - start));
  emit(Code::CaptureBegin, raw, name, true);
  const HtmlTracker outside = std::exchange(m_html, {});
  m_flow.push_back({Code::CaptureEnd, name, true, {}, {}});
  Body body;
  for (EndTag found = parseBody(stream, body);; found = parseBody(stream, body)) {
    if (!found.isFound) error(raw, "'capture' is never closed", "close it with 'endcapture'");
    if (!found.isFound || found.name == "endcapture") break;
    unexpected(found, "capture", raw);
  }
  m_flow.pop_back();
  m_html = outside;
  emit(Code::CaptureEnd, raw, name, true);
  noteAssigned(name);
  return true;
}

bool UnitCompiler::incrementTag(TokenStream&, std::string_view markup, std::string_view raw) {
  emit(Code::Increment, raw, m_program.names.intern(trimBoth(markup)));
  return false;
}

bool UnitCompiler::decrementTag(TokenStream&, std::string_view markup, std::string_view raw) {
  emit(Code::Decrement, raw, m_program.names.intern(trimBoth(markup)));
  return false;
}

bool UnitCompiler::echoTag(TokenStream&, std::string_view markup, std::string_view raw) {
  ExpressionParser parser(m_program, *this, markup);
  const std::uint32_t expression = parser.filtered();
  if (parser.failed()) return false;
  m_program.expressions[expression].place =
      static_cast<std::uint32_t>(raw.data() - m_unit.source.data());
  m_program.expressions[expression].length = static_cast<std::uint32_t>(raw.size());
  m_program.expressions[expression].context = contextOf(m_program.expressions[expression]);
  emit(Code::Output, raw, expression);
  return false;
}

bool UnitCompiler::hashTag(TokenStream&, std::string_view markup, std::string_view) {
  // Every line of it starts with '#' again.
  for (std::size_t line = markup.find('\n'); line != std::string_view::npos;
       line = markup.find('\n', line + 1)) {
    std::size_t at = line;
    while (at < markup.size() && isSpace(markup[at])) ++at;
    if (at < markup.size() && markup[at] != '#') {
      error(markup.substr(at, 1), "each line of a comment starts with '#'");
      break;
    }
  }
  return true;
}

bool UnitCompiler::skipRaw(TokenStream& stream, std::string_view opening) {
  Token token;
  while (stream.next(token)) {
    std::size_t start = 0;
    if (lastTagName(token.raw, start) == "endraw") return true;
  }
  error(opening, "'raw' is never closed", "close it with 'endraw'");
  return false;
}

bool UnitCompiler::commentTag(TokenStream& stream, std::string_view, std::string_view raw) {
  int depth = 1;
  Token token;
  while (stream.next(token)) {
    std::string_view name;
    std::string_view markup;
    std::size_t start = 0;
    if (stream.isLines()) {
      if (!splitTag(token.raw, true, name, markup)) continue;
    } else {
      name = lastTagName(token.raw, start);
    }
    if (name == "raw" && !skipRaw(stream, token.raw)) return true;
    if (name == "comment") ++depth;
    if (name == "endcomment" && --depth == 0) {
      if (!stream.isLines()) m_isTrimming = token.raw[token.raw.size() - 3] == '-';
      return true;
    }
  }
  error(raw, "'comment' is never closed", "close it with 'endcomment'");
  return true;
}

bool UnitCompiler::docTag(TokenStream& stream, std::string_view markup, std::string_view raw) {
  if (!trimBoth(markup).empty()) error(raw, "'doc' takes no arguments");
  Token token;
  while (stream.next(token)) {
    std::size_t start = 0;
    const std::string_view name = lastTagName(token.raw, start);
    if (name == "doc") error(token.raw, "'doc' does not belong into 'doc'");
    if (name != "enddoc") continue;
    m_isTrimming = token.raw[token.raw.size() - 3] == '-';
    return true;
  }
  error(raw, "'doc' is never closed", "close it with 'enddoc'");
  return true;
}

bool UnitCompiler::rawTag(TokenStream& stream, std::string_view markup, std::string_view raw) {
  if (!trimBoth(markup).empty()) error(raw, "'raw' takes no arguments");
  const auto offset = static_cast<std::uint32_t>(m_program.text.size());
  const auto finish = [&] {
    const std::uint32_t op = emit(Code::Text, raw);
    m_unit.ops[op].b = offset;
    m_unit.ops[op].c = static_cast<std::uint32_t>(m_program.text.size()) - offset;
    m_html.feed(std::string_view(m_program.text).substr(offset));
    return m_unit.ops[op].c == 0;
  };
  Token token;
  while (stream.next(token)) {
    std::size_t start = 0;
    if (lastTagName(token.raw, start) != "endraw") {
      m_program.text += token.raw;
      continue;
    }
    m_program.text += token.raw.substr(0, start);
    m_isTrimming = token.raw[token.raw.size() - 3] == '-';
    return finish();
  }
  error(raw, "'raw' is never closed", "close it with 'endraw'");
  return finish();
}

}  // namespace freshet::liquid
