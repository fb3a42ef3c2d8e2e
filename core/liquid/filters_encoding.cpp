// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/html.h"
#include "core/liquid/standard.h"
#include "core/liquid/unicode.h"

namespace freshet::liquid {
namespace {

using Builder = Scratch::Builder;
constexpr std::string_view plainAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view urlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool isAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isAlpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

Value escape(FilterCall& call) {
  if (call.input.isNil()) return Value();
  const std::string_view text = call.text();
  if (nextSpecial(text, 0) == text.size()) return Value(text);
  if (text.size() > call.scratch.remaining() / 6)
    return call.scratch.text(text).isNil() ? Value() : call.fail("text is too long to escape");
  Builder builder(call.scratch);
  appendEntities(builder.raw(), text);
  return builder.done();
}

// Length of "&name;" or "&#123;" at `at`; 0 if there is none.
std::size_t entityLength(std::string_view text, std::size_t at) {
  std::size_t i = at + 1;
  const bool isNumber = i < text.size() && text[i] == '#';
  if (isNumber) ++i;
  const std::size_t start = i;
  while (i < text.size() && (isNumber ? text[i] >= '0' && text[i] <= '9' : isAlpha(text[i]))) ++i;
  return i > start && i < text.size() && text[i] == ';' ? i + 1 - at : 0;
}

Value escapeOnce(FilterCall& call) {
  const std::string_view text = call.text();
  Builder builder(call.scratch);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t entity = text[i] == '&' ? entityLength(text, i) : 0;
    bool isDone = false;
    switch (entity > 0 ? '\0' : text[i]) {
      case '&':
        isDone = builder.append("&amp;");
        break;
      case '<':
        isDone = builder.append("&lt;");
        break;
      case '>':
        isDone = builder.append("&gt;");
        break;
      case '"':
        isDone = builder.append("&quot;");
        break;
      case '\'':
        isDone = builder.append("&#39;");
        break;
      default:
        isDone = builder.append(text.substr(i, entity > 0 ? entity : 1));
    }
    if (!isDone) return Value();
    i += entity > 0 ? entity : 1;
  }
  return builder.done();
}

Value urlEncode(FilterCall& call) {
  if (call.input.isNil()) return Value();
  static constexpr char hex[] = "0123456789ABCDEF";
  const std::string_view text = call.text();
  Builder builder(call.scratch);
  for (const char c : text) {
    bool isDone = false;
    if (isAlnum(c) || c == '*' || c == '-' || c == '.' || c == '_') {
      isDone = builder.append(c);
    } else if (c == ' ') {
      isDone = builder.append('+');
    } else {
      const auto byte = static_cast<unsigned char>(c);
      const char code[] = {'%', hex[byte >> 4], hex[byte & 15]};
      isDone = builder.append({code, 3});
    }
    if (!isDone) return Value();
  }
  return builder.done();
}

Value urlDecode(FilterCall& call) {
  if (call.input.isNil()) return Value();
  const std::string_view text = call.text();
  Builder builder(call.scratch);
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i] == '+' ? ' ' : text[i];
    if (c == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 &&
        hexDigit(text[i + 2]) >= 0) {
      c = static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
      i += 2;
    }
    if (!builder.append(c)) return Value();
  }
  if (!isWellFormed(builder.raw())) return call.fail("invalid byte sequence in UTF-8");
  return builder.done();
}

Value encode(FilterCall& call, std::string_view alphabet) {
  const std::string_view text = call.text();
  Builder builder(call.scratch);
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U;
    };
    const unsigned group = byte(0) << 16 | byte(1) << 8 | byte(2);
    const char code[] = {alphabet[group >> 18], alphabet[group >> 12 & 63],
                         i + 1 < text.size() ? alphabet[group >> 6 & 63] : '=',
                         i + 2 < text.size() ? alphabet[group & 63] : '='};
    if (!builder.append({code, 4})) return Value();
  }
  return builder.done();
}

// Strict decoding: whole groups, padded (the URL form may leave its padding out).
Value decode(FilterCall& call, bool isUrl, std::string_view filter) {
  const std::string problem = "invalid base64 provided to " + std::string(filter);
  std::string_view text = call.text();
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const std::size_t digits = text.size() - padding;
  const bool isPadded = text.size() % 4 == 0;
  if (!(isPadded || (isUrl && padding == 0 && digits % 4 != 1))) return call.fail(problem);
  Builder builder(call.scratch);
  unsigned group = 0;
  int bits = 0;
  for (const char digit : text.substr(0, digits)) {
    const char c = isUrl && digit == '-' ? '+' : isUrl && digit == '_' ? '/' : digit;
    const std::size_t value = plainAlphabet.find(c);
    if (value == std::string_view::npos) return call.fail(problem);
    group = group << 6 | static_cast<unsigned>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      if (!builder.append(static_cast<char>(group >> bits & 255))) return Value();
    }
  }
  if ((group & ((1U << bits) - 1)) != 0) return call.fail(problem);
  return builder.done();
}

Value base64Encode(FilterCall& call) {
  return encode(call, plainAlphabet);
}
Value base64UrlEncode(FilterCall& call) {
  return encode(call, urlAlphabet);
}
Value base64Decode(FilterCall& call) {
  return decode(call, false, "base64_decode");
}
Value base64UrlDecode(FilterCall& call) {
  return decode(call, true, "base64_url_safe_decode");
}

}  // namespace

void addEncodingFilters(TemplateEnvironment& environment) {
  const auto add = [&](const char* name, FilterFunction function, bool isSafe) {
    environment.addFilter({name, function, 0, 0, isSafe});
  };
  add("base64_decode", base64Decode, false);
  add("base64_encode", base64Encode, false);
  add("base64_url_safe_decode", base64UrlDecode, false);
  add("base64_url_safe_encode", base64UrlEncode, false);
  add("escape", escape, true);
  add("escape_once", escapeOnce, true);
  add("h", escape, true);
  add("url_decode", urlDecode, false);
  add("url_encode", urlEncode, false);
}

}  // namespace freshet::liquid
