// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/html.h"

#include <array>

namespace freshet::liquid {

std::size_t nextSpecial(std::string_view text, std::size_t from) {
  static constexpr auto isSpecial = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("&<>\"'")) table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  while (from < text.size() && !isSpecial[static_cast<unsigned char>(text[from])]) ++from;
  return from;
}

void appendEntities(Buffer& out, std::string_view text) {
  std::size_t from = 0;
  for (std::size_t at = nextSpecial(text, 0); at < text.size(); at = nextSpecial(text, from)) {
    out += text.substr(from, at - from);
    switch (text[at]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += "&#39;";
    }
    from = at + 1;
  }
  out += text.substr(from);
}

namespace {

constexpr char hex[] = "0123456789ABCDEF";

bool isAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isBeyondAscii(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

void appendUnquoted(Buffer& out, std::string_view text) {
  for (const char c : text) {
    if (isAlnum(c) || isBeyondAscii(c) || c == '-' || c == '_' || c == '.') {
      out += c;
    } else {
      out += "&#";
      out += std::string_view(std::to_string(static_cast<int>(c)));
      out += ';';
    }
  }
}

// Only schemes that cannot run anything; a scheme hidden behind control characters is none of them.
bool isHarmlessUrl(std::string_view text) {
  const std::size_t end = text.find_first_of(":/?#");
  if (end == std::string_view::npos || text[end] != ':') return true;
  std::string scheme(text.substr(0, end));
  for (char& c : scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const std::string_view known : {"http", "https", "mailto", "tel", "sms", "cid"}) {
    if (scheme == known) return true;
  }
  return false;
}

void appendUrl(Buffer& out, std::string_view text, bool isColonKept) {
  for (const char c : text) {
    if (isAlnum(c) || isBeyondAscii(c) ||
        std::string_view("-_.~/?#[]@!$()*+,;=%").find(c) != std::string_view::npos) {
      out += c;
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == ':' && isColonKept) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
}

void appendScript(Buffer& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i).starts_with("\xE2\x80\xA8") || text.substr(i).starts_with("\xE2\x80\xA9")) {
      out += text[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else if (isAlnum(c) || isBeyondAscii(c) || c == ' ' || c == '.' || c == ',' || c == '_' ||
               c == '-') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += "\\x";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
}

void appendStyle(Buffer& out, std::string_view text) {
  for (const char c : text) {
    if (isAlnum(c) || isBeyondAscii(c) ||
        std::string_view(" #%.,-_").find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '\\';
      out += hex[byte >> 4];
      out += hex[byte & 15];
      out += ' ';
    }
  }
}

void appendBreaks(Buffer& out, std::string_view text) {
  constexpr std::string_view mark = "<br />";
  std::size_t from = 0;
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, from)) {
    appendEntities(out, text.substr(from, at - from));
    out += mark;
    from = at + mark.size();
  }
  appendEntities(out, text.substr(from));
}

}  // namespace

void appendEscaped(Buffer& out, std::string_view text, HtmlContext context) {
  switch (context) {
    case HtmlContext::Text:
    case HtmlContext::Attribute:
      appendEntities(out, text);
      return;
    case HtmlContext::Unquoted:
      appendUnquoted(out, text);
      return;
    case HtmlContext::Url:
      appendUrl(out, isHarmlessUrl(text) ? text : "#", true);
      return;
    case HtmlContext::UrlRest:
      appendUrl(out, text, false);
      return;
    case HtmlContext::Script:
      appendScript(out, text);
      return;
    case HtmlContext::Style:
      appendStyle(out, text);
      return;
    case HtmlContext::Breaks:
      appendBreaks(out, text);
      return;
    case HtmlContext::Raw:
      out += text;
      return;
  }
}

}  // namespace freshet::liquid
