// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/html.h"

namespace freshet::liquid {

void appendEntities(std::string& out, std::string_view text) {
  std::size_t from = 0;
  for (std::size_t at = text.find_first_of("&<>\"'"); at != std::string_view::npos;
       at = text.find_first_of("&<>\"'", from)) {
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
