// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/html_tracker.h"

#include <algorithm>

#include "core/liquid/lexer.h"

namespace freshet::liquid {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

constexpr std::string_view urlAttributes[] = {"href",       "src",      "action",   "formaction",
                                              "background", "poster",   "srcset",   "cite",
                                              "data",       "longdesc", "manifest", "xlink:href"};

}  // namespace

void HtmlTracker::add(char c) {
  if (m_length < m_word.size()) m_word[m_length++] = lower(c);
}

HtmlTracker::Kind HtmlTracker::kindOf(std::string_view attribute) const {
  if (attribute.starts_with("on") || attribute == "srcdoc") return Kind::Script;
  if (attribute == "style") return Kind::Style;
  return std::ranges::find(urlAttributes, attribute) != std::end(urlAttributes) ? Kind::Url
                                                                                : Kind::Plain;
}

void HtmlTracker::openTag() {
  m_content = word() == "script" ? Kind::Script : word() == "style" ? Kind::Style : Kind::Plain;
}

void HtmlTracker::beginName(char c) {
  m_state = State::Name;
  m_length = 0;
  add(c);
}

void HtmlTracker::feed(std::string_view text) {
  for (const char c : text) character(c);
}

void HtmlTracker::character(char c) {
  switch (m_state) {
    case State::Data:
      if (c == '<') {
        m_state = State::Tag;
        m_length = 0;
      }
      return;
    case State::Tag:
      if (c == '>') {
        openTag();
        m_state = m_content == Kind::Plain ? State::Data : State::Content;
      } else if (isSpace(c) || (c == '/' && m_length > 0)) {
        openTag();
        m_state = m_length > 0 ? State::Attributes : State::Data;
      } else {
        add(c);
        if (word() == "!--") {
          m_state = State::Comment;
          m_length = 0;
        }
      }
      return;
    case State::Attributes:
      if (c == '>') {
        m_state = m_content == Kind::Plain ? State::Data : State::Content;
        m_length = 0;
      } else if (!isSpace(c) && c != '/') {
        beginName(c);
      }
      return;
    case State::Name:
    case State::AfterName:
      if (c == '=') {
        m_kind = kindOf(word());
        m_state = State::Value;
      } else if (c == '>') {
        m_state = m_content == Kind::Plain ? State::Data : State::Content;
        m_length = 0;
      } else if (isSpace(c) || c == '/') {
        m_state = State::AfterName;
      } else if (m_state == State::AfterName) {
        beginName(c);
      } else {
        add(c);
      }
      return;
    case State::Value:
      if (isSpace(c)) return;
      m_isOpenUrl = m_isEmptyUrl = m_kind == Kind::Url;
      if (c == '"' || c == '\'') {
        m_quote = c;
        m_state = State::Quoted;
        return;
      }
      m_state = State::Unquoted;
      [[fallthrough]];
    case State::Unquoted:
      if (isSpace(c)) {
        m_state = State::Attributes;
      } else if (c == '>') {
        m_state = m_content == Kind::Plain ? State::Data : State::Content;
        m_length = 0;
      } else {
        m_isEmptyUrl = false;
        if (c == ':' || c == '/' || c == '?' || c == '#') m_isOpenUrl = false;
      }
      return;
    case State::Quoted:
      if (c == m_quote) {
        m_state = State::Attributes;
      } else {
        m_isEmptyUrl = m_isEmptyUrl && isSpace(c);
        if (c == ':' || c == '/' || c == '?' || c == '#') m_isOpenUrl = false;
      }
      return;
    case State::Comment:
      if (c == '>' && word().ends_with("--")) {
        m_state = State::Data;
      } else if (c == '-') {
        add(c);
      } else {
        m_length = 0;
      }
      return;
    case State::Content: {
      // Ends with "</script" or "</style", whatever follows.
      if (c == '<') m_length = 0;
      add(c);
      const std::string_view closing = m_content == Kind::Script ? "</script" : "</style";
      if (word() == closing) {
        m_content = Kind::Plain;
        m_state = State::Attributes;
      }
      return;
    }
  }
}

HtmlContext HtmlTracker::output() {
  switch (m_state) {
    case State::Data:
      return HtmlContext::Text;
    case State::Comment:
      m_length = 0;
      return HtmlContext::Text;
    case State::Content:
      m_length = 0;
      return m_content == Kind::Script ? HtmlContext::Script : HtmlContext::Style;
    case State::Value:
      m_isOpenUrl = m_isEmptyUrl = m_kind == Kind::Url;
      m_state = State::Unquoted;
      [[fallthrough]];
    case State::Unquoted:
    case State::Quoted: {
      if (m_kind == Kind::Script) return HtmlContext::Script;
      if (m_kind == Kind::Style) return HtmlContext::Style;
      const bool isUnquoted = m_state == State::Unquoted;
      if (isUnquoted && !m_isOpenUrl) return HtmlContext::Unquoted;
      if (!m_isOpenUrl) return HtmlContext::Attribute;
      const bool isEmpty = m_isEmptyUrl;
      m_isEmptyUrl = false;
      if (isUnquoted) return HtmlContext::UrlRest;
      return isEmpty ? HtmlContext::Url : HtmlContext::UrlRest;
    }
    default:
      // In a tag's or an attribute's name: nothing but plain characters can be right.
      return HtmlContext::Unquoted;
  }
}

std::string HtmlTracker::key() const {
  if (m_state == State::Data) return {};
  const char parts[] = {'\n',
                        static_cast<char>('0' + static_cast<int>(m_state)),
                        static_cast<char>('0' + static_cast<int>(m_kind)),
                        static_cast<char>('0' + static_cast<int>(m_content)),
                        m_isOpenUrl ? '1' : '0',
                        m_isEmptyUrl ? '1' : '0',
                        m_quote == '\'' ? '1' : '0'};
  return {parts, sizeof parts};
}

}  // namespace freshet::liquid
