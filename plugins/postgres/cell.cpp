// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/cell.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/base/text.h"
#include "core/record/json.h"

namespace freshet::postgres {
namespace {

using record::Value;

void appendQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

template <class Number>
void appendNumber(std::string& out, Number number) {
  char text[32];
  out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

template <class Number>
std::optional<Number> parsed(std::string_view text) {
  text = trim(text);
  Number number{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

std::string_view appendInteger(std::string& out, const Column& column, const Value& value) {
  std::optional<std::int64_t> number;
  if (value.isInt()) number = value.asInt();
  if (value.isString()) number = parsed<std::int64_t>(value.asString());
  if (value.isFloat() && value.asFloat() == std::floor(value.asFloat()) &&
      std::abs(value.asFloat()) < 9.0e18) {
    number = static_cast<std::int64_t>(value.asFloat());
  }
  if (!number) return "it is no whole number";
  if (*number < column.least || *number > column.most) return "the number is out of range";
  appendNumber(out, *number);
  return {};
}

std::string_view appendDecimal(std::string& out, const Value& value) {
  if (value.isInt()) {
    appendNumber(out, value.asInt());
  } else if (value.isFloat()) {
    out += formatDouble(value.asFloat());
  } else if (value.isString() && parsed<double>(value.asString())) {
    // As it is written, so that numeric keeps every digit.
    out += trim(value.asString());
  } else {
    return "it is no number";
  }
  return {};
}

std::string_view appendFlag(std::string& out, const Value& value) {
  if (value.isBool()) {
    out += value.asBool() ? 't' : 'f';
  } else if (value.isInt() && (value.asInt() == 0 || value.asInt() == 1)) {
    out += value.asInt() == 1 ? 't' : 'f';
  } else if (value.isString() && (value.asString() == "true" || value.asString() == "false")) {
    out += value.asString() == "true" ? 't' : 'f';
  } else {
    return "it is neither true nor false";
  }
  return {};
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string textOf(const Value& value) {
  if (value.isString()) return std::string(value.asString());
  return record::toJson(value);
}

std::string_view appendText(std::string& out, const Column& column, const Value& value) {
  const std::string made = value.isString() ? std::string() : textOf(value);
  const std::string_view text = value.isString() ? value.asString() : std::string_view(made);
  if (text.find('\0') != std::string_view::npos) return "a database's text holds no zero byte";
  if (column.mostChars > 0 && text.size() > column.mostChars &&
      characters(text) > column.mostChars) {
    return "it is too long";
  }
  appendQuoted(out, text);
  return {};
}

std::string_view appendUuid(std::string& out, const Value& value) {
  constexpr std::string_view kNoUuid = "it is no UUID";
  if (!value.isString()) return kNoUuid;
  std::size_t digits = 0;
  for (const char c : value.asString()) {
    const bool isDigit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!isDigit && c != '-') return kNoUuid;
    digits += isDigit ? 1 : 0;
  }
  if (digits != 32) return kNoUuid;
  appendQuoted(out, value.asString());
  return {};
}

// Times before the year 1 or beyond 9999 are written otherwise than ISO 8601 has it.
constexpr std::int64_t kLeastTimeMs = -62'135'596'800'000;
constexpr std::int64_t kMostTimeMs = 253'402'300'799'999;

std::string_view appendTime(std::string& out, const Column& column, const Value& value) {
  std::optional<std::int64_t> ms;
  if (value.isNumber() && std::abs(value.number()) < 1e17) {
    ms = static_cast<std::int64_t>(value.number());
  } else if (value.isString()) {
    const std::string_view text = trim(value.asString());
    // Finer than our milliseconds, and all of it is kept.
    if (parseIsoTime(text) && column.kind == Column::Kind::Time) {
      appendQuoted(out, text);
      return {};
    }
    ms = text.size() == 10 ? parseIsoTime(std::string(text) + "T00:00:00Z") : parseIsoTime(text);
  }
  if (!ms || *ms < kLeastTimeMs || *ms > kMostTimeMs)
    return "it is no time (ISO 8601, or milliseconds since 1970)";
  const std::string text = formatIsoTime(*ms);
  appendQuoted(out,
               column.kind == Column::Kind::Date ? std::string_view(text).substr(0, 10) : text);
  return {};
}

std::string_view appendJson(std::string& out, const Column& column, const Value& value) {
  const std::string text = record::toJson(value);
  if (column.kind == Column::Kind::JsonB && text.find("\\u0000") != std::string::npos)
    return "jsonb holds no zero byte";
  appendQuoted(out, text);
  return {};
}

}  // namespace

std::string_view appendCell(std::string& out, const Column& column, const Value& value) {
  if (value.isNil()) {
    if (!column.isNullable) return "it is empty, and the column must not be";
    out += "NULL";
    return {};
  }
  switch (column.kind) {
    case Column::Kind::Integer:
      return appendInteger(out, column, value);
    case Column::Kind::Float:
    case Column::Kind::Numeric:
      return appendDecimal(out, value);
    case Column::Kind::Flag:
      return appendFlag(out, value);
    case Column::Kind::Uuid:
      return appendUuid(out, value);
    case Column::Kind::Date:
    case Column::Kind::Time:
      return appendTime(out, column, value);
    case Column::Kind::Json:
    case Column::Kind::JsonB:
      return appendJson(out, column, value);
    case Column::Kind::Choice:
      if (std::ranges::find(column.choices, textOf(value)) == column.choices.end())
        return "it is none of the column's values";
      return appendText(out, column, value);
    case Column::Kind::Text:
    case Column::Kind::Other:
      break;
  }
  return appendText(out, column, value);
}

}  // namespace freshet::postgres
