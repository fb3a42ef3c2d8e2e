// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string>

#include "core/liquid/unicode.h"
#include "core/liquid/values.h"

namespace freshet::liquid {
namespace {

void appendStringInspect(Buffer& out, std::string_view text) {
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
        out += text.substr(i, length);
      } else {
        char digits[9];
        const auto end = std::to_chars(digits, digits + 9, static_cast<std::uint32_t>(point), 16);
        std::string code(digits, end.ptr);
        for (char& digit : code) {
          if (digit >= 'a') digit = static_cast<char>(digit - 32);
        }
        if (code.size() <= 4) {
          out += "\\u";
          out += std::string_view("0000").substr(code.size());
          out += std::string_view(code);
        } else {
          out += "\\u{";
          out += std::string_view(code);
          out += '}';
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

void appendRange(Buffer& out, const Range& range) {
  appendInteger(out, range.first);
  out += "..";
  appendInteger(out, range.last);
}

}  // namespace

char* writeInteger(char* to, std::int64_t value) {
  auto rest = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *to++ = '-';
    rest = 0 - rest;
  }
  if (rest < 10) {
    *to = static_cast<char>('0' + rest);
    return to + 1;
  }
  if (rest < 100) {
    to[0] = static_cast<char>('0' + rest / 10);
    to[1] = static_cast<char>('0' + rest % 10);
    return to + 2;
  }
  return std::to_chars(to, to + 20, rest).ptr;
}

char* writeFloat(char* to, double value) {
  const auto write = [&](std::string_view text) { return std::ranges::copy(text, to).out; };
  const double size = std::fabs(value);
  // Prices and the like: up to two decimals, written as an integer with a point in it.
  const auto whole = size < 1e12 ? static_cast<std::int64_t>(size * 100 + 0.5) : 0;
  if (size < 1e12 && static_cast<double>(whole) / 100 == size) {
    if (std::signbit(value)) *to++ = '-';
    const std::int64_t units = whole / 100;
    const std::int64_t cents = whole - units * 100;
    to = writeInteger(to, units);
    to[0] = '.';
    to[1] = static_cast<char>('0' + cents / 10);
    to[2] = static_cast<char>('0' + cents % 10);
    return to + (to[2] == '0' ? 2 : 3);
  }
  if (std::isnan(value)) return write("NaN");
  if (std::isinf(value)) return write(value < 0 ? "-Infinity" : "Infinity");
  const bool isFixed = size >= 1e-4 && size < 1e16;
  char* const start = to;
  to = std::to_chars(to, to + mostDigits, value,
                     isFixed ? std::chars_format::fixed : std::chars_format::scientific)
           .ptr;
  const std::string_view text(start, static_cast<std::size_t>(to - start));
  if (text.find('.') != std::string_view::npos) return to;
  // Ruby always has a decimal: 100.0, 1.0e+20.
  const std::size_t e = std::min(text.find('e'), text.size());
  std::memmove(start + e + 2, start + e, text.size() - e);
  start[e] = '.';
  start[e + 1] = '0';
  return to + 2;
}

namespace {

template <class Number>
void appendDigits(Buffer& out, Number value, char* (*write)(char*, Number)) {
  if (out.hasRoom(mostDigits)) [[likely]] {
    out.end(write(out.extend(mostDigits), value));
    return;
  }
  char digits[mostDigits];
  const auto size = static_cast<std::size_t>(write(digits, value) - digits);
  if (char* const to = out.extend(size)) std::memcpy(to, digits, size);
}

}  // namespace

void appendInteger(Buffer& out, std::int64_t value) {
  appendDigits(out, value, writeInteger);
}

void appendFloat(Buffer& out, double value) {
  appendDigits(out, value, writeFloat);
}

void appendInspect(Buffer& out, const Value& value) {
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
        if (out.isFull()) return;
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
        if (out.isFull()) return;
      }
      out += '}';
      return;
    }
    default:
      appendText(out, value);
  }
}

void appendText(Buffer& out, const Value& value) {
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

void appendOutput(Buffer& out, const Value& value) {
  if (!value.isArray()) {
    appendText(out, value);
    return;
  }
  for (const Value& item : value.asArray()) {
    appendOutput(out, item);
    if (out.isFull()) return;
  }
}

void appendOutput(std::string& out, const Value& value) {
  char digits[mostDigits];
  if (value.isString()) {
    out += value.asString();
  } else if (value.isInt()) {
    out.append(digits, writeInteger(digits, value.asInt()));
  } else if (value.isFloat()) {
    out.append(digits, writeFloat(digits, value.asFloat()));
  } else {
    Buffer text;
    appendOutput(text, value);
    out += text.view();
  }
}

}  // namespace freshet::liquid
