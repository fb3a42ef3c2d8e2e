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

void appendEntities(std::string& out, std::string_view text) {
  std::size_t from = 0;
  for (std::size_t at = nextSpecial(text, 0); at < text.size(); at = nextSpecial(text, from)) {
    out.append(text, from, at - from);
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
  out.append(text, from);
}

void appendEscaped(std::string& out, std::string_view text, HtmlContext context) {
  if (context == HtmlContext::Raw) {
    out += text;
    return;
  }
  appendEntities(out, text);
}

}  // namespace freshet::liquid
