// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <charconv>
#include <cmath>

#include "core/record/json.h"

namespace freshet::record {
namespace {

template <class T>
void append(T value, std::string& out) {
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), end);
}

void writePretty(const Value& value, std::size_t depth, std::string& out) {
  const auto line = [&](std::size_t indent) { out.append("\n").append(indent * 2, ' '); };
  if (value.isArray() && value.size() > 0) {
    out += '[';
    for (bool first = true; const Value& item : value.asArray()) {
      if (!std::exchange(first, false)) out += ',';
      line(depth + 1);
      writePretty(item, depth + 1, out);
    }
    line(depth);
    out += ']';
  } else if (value.isObject() && value.size() > 0) {
    out += '{';
    for (bool first = true; const Member& member : value.asObject()) {
      if (!std::exchange(first, false)) out += ',';
      line(depth + 1);
      writeJsonString(member.key, out);
      out += ": ";
      writePretty(member.value, depth + 1, out);
    }
    line(depth);
    out += '}';
  } else {
    writeJson(value, out);
  }
}

}  // namespace

void writeJsonString(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text.substr(from, at - from));
    from = at + 1;
    switch (byte) {
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
      default:
        out += "\\u00";
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
  }
  out.append(text.substr(from));
  out += '"';
}

void writeJson(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::Bool:
      out += value.asBool() ? "true" : "false";
      break;
    case Kind::Int:
      append(value.asInt(), out);
      break;
    case Kind::Float: {
      const double number = value.asFloat();
      if (!std::isfinite(number)) {
        out += "null";
        break;
      }
      const std::size_t at = out.size();
      append(number, out);
      // A whole double stays a double when it is read back.
      if (out.find_first_not_of("-0123456789", at) == std::string::npos) out += ".0";
      break;
    }
    case Kind::String:
      writeJsonString(value.asString(), out);
      break;
    case Kind::Array:
      out += '[';
      for (bool first = true; const Value& item : value.asArray()) {
        if (!std::exchange(first, false)) out += ',';
        writeJson(item, out);
      }
      out += ']';
      break;
    case Kind::Object:
      out += '{';
      for (bool first = true; const Member& member : value.asObject()) {
        if (!std::exchange(first, false)) out += ',';
        writeJsonString(member.key, out);
        out += ':';
        writeJson(member.value, out);
      }
      out += '}';
      break;
    default:
      out += "null";
  }
}

std::string toJson(const Value& value) {
  std::string out;
  writeJson(value, out);
  return out;
}

std::string toPrettyJson(const Value& value) {
  std::string out;
  writePretty(value, 0, out);
  out += '\n';
  return out;
}

}  // namespace freshet::record
