// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <cmath>

#include "core/liquid/unicode.h"
#include "core/liquid/values.h"

namespace freshet::liquid {
namespace {

void appendStringInspect(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      const std::size_t length = sequenceLength(text, i);
      if (length == 0) {
        out += "\\x";
        out += hex[c >> 4];
        out += hex[c & 15];
        ++i;
        continue;
      }
      const char32_t point = decodePoint(text, i);
      if (isPrintable(point)) {
        out.append(text, i, length);
      } else {
        char digits[9];
        const auto end = std::to_chars(digits, digits + 9, static_cast<std::uint32_t>(point), 16);
        std::string code(digits, end.ptr);
        for (char& digit : code) {
          if (digit >= 'a') digit = static_cast<char>(digit - 32);
        }
        if (code.size() <= 4) {
          out += "\\u" + std::string(4 - code.size(), '0') + code;
        } else {
          out += "\\u{" + code + '}';
        }
      }
      i += length;
      continue;
    }
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\v':
        out += "\\v";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\a':
        out += "\\a";
        break;
      case 0x1b:
        out += "\\e";
        break;
      case '#':
        if (next == '{' || next == '$' || next == '@') out += '\\';
        out += '#';
        break;
      default:
        if (c < 0x20 || c == 0x7f) {
          out += c == 0x7f ? "\\x" : "\\u00";
          out += hex[c >> 4];
          out += hex[c & 15];
        } else {
          out += static_cast<char>(c);
        }
    }
    ++i;
  }
  out += '"';
}

void appendRange(std::string& out, const Range& range) {
  appendInteger(out, range.first);
  out += "..";
  appendInteger(out, range.last);
}

}  // namespace

void appendInteger(std::string& out, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, end.ptr);
}

void appendFloat(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
    return;
  }
  char digits[40];
  const double size = std::fabs(value);
  // Prices and the like: up to two decimals, written as an integer with a point in it.
  const auto whole = size < 1e12 ? static_cast<std::int64_t>(size * 100 + 0.5) : 0;
  if (size < 1e12 && static_cast<double>(whole) / 100 == size) {
    if (std::signbit(value)) out += '-';
    appendInteger(out, whole / 100);
    out += '.';
    out += static_cast<char>('0' + whole / 10 % 10);
    if (whole % 10 != 0) out += static_cast<char>('0' + whole % 10);
    return;
  }
  if (size == 0 || (size >= 1e-4 && size < 1e16)) {
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed);
    const std::string_view text(digits, static_cast<std::size_t>(end.ptr - digits));
    out += text;
    if (text.find('.') == std::string_view::npos) out += ".0";
    return;
  }
  const auto end =
      std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific);
  const std::string_view text(digits, static_cast<std::size_t>(end.ptr - digits));
  const std::size_t e = text.find('e');
  out += text.substr(0, e);
  if (text.substr(0, e).find('.') == std::string_view::npos) out += ".0";
  out += text.substr(e);
}

void appendInspect(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::Nil:
      out += "nil";
      return;
    case Kind::String:
      appendStringInspect(out, value.asString());
      return;
    case Kind::Array: {
      out += '[';
      bool isFirst = true;
      for (const Value& item : value.asArray()) {
        if (!isFirst) out += ", ";
        isFirst = false;
        appendInspect(out, item);
      }
      out += ']';
      return;
    }
    case Kind::Object: {
      out += '{';
      bool isFirst = true;
      for (const Member& member : value.asObject()) {
        if (!isFirst) out += ", ";
        isFirst = false;
        appendStringInspect(out, member.key);
        out += "=>";
        appendInspect(out, member.value);
      }
      out += '}';
      return;
    }
    default:
      appendText(out, value);
  }
}

void appendText(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::Nil:
      return;
    case Kind::Bool:
      out += value.asBool() ? "true" : "false";
      return;
    case Kind::Int:
      appendInteger(out, value.asInt());
      return;
    case Kind::Float:
      appendFloat(out, value.asFloat());
      return;
    case Kind::String:
      out += value.asString();
      return;
    case Kind::Array:
    case Kind::Object:
      appendInspect(out, value);
      return;
    case Kind::Opaque:
      if (isRange(value)) appendRange(out, rangeOf(value));
      if (is(value, Special::Loop)) out += "Liquid::ForloopDrop";
      if (is(value, Special::TableLoop)) out += "Liquid::TablerowloopDrop";
      if (is(value, Special::Safe)) out += static_cast<const Safe*>(value.asOpaque())->text;
      return;
  }
}

void appendOutput(std::string& out, const Value& value) {
  if (!value.isArray()) {
    appendText(out, value);
    return;
  }
  for (const Value& item : value.asArray()) appendOutput(out, item);
}

}  // namespace freshet::liquid
