// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stage/payload.h"

#include <cstring>

#include "core/record/json.h"

namespace freshet::stage {
namespace {

/// The last byte before `end` that is no blank; npos: none.
std::size_t lastSolid(std::string_view text, std::size_t end) {
  const auto isBlank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (end > 0 && isBlank(text[end - 1])) --end;
  return end - 1;
}

}  // namespace

std::optional<std::string_view> spliceMembers(std::string_view object, std::string_view members,
                                              Arena& arena) {
  const std::size_t brace = lastSolid(object, object.size());
  if (brace == std::string_view::npos || brace == 0 || object[brace] != '}') return std::nullopt;
  if (members.empty()) return object;
  const std::size_t last = lastSolid(object, brace);
  if (last == std::string_view::npos) return std::nullopt;
  const bool hasMembers = object[last] != '{';
  const std::size_t size = last + 1 + (hasMembers ? 1 : 0) + members.size() + 1;
  char* const bytes = static_cast<char*>(arena.allocate(size, 1));
  char* at = bytes;
  std::memcpy(at, object.data(), last + 1);
  at += last + 1;
  if (hasMembers) *at++ = ',';
  std::memcpy(at, members.data(), members.size());
  at[members.size()] = '}';
  return std::string_view(bytes, size);
}

Result<Payload> Payload::compile(const spec::Config& config, std::string_view field,
                                 BuildContext& context) {
  Payload payload;
  if (config.has(field)) {
    auto value = BoundExpression::bind(config.text(field), context);
    if (!value) {
      Error error = value.error();
      error.where = field;
      return error;
    }
    payload.m_value.emplace(std::move(*value));
  }
  const record::Value include = config.value("include");
  if (include.size() > 0 && payload.m_value) {
    return Error{
        "E-3110",
        "\"include\" adds to the event; leave it out where \"" + std::string(field) + "\" is set",
        "include", Retry::Never};
  }
  if (!include.isObject()) return payload;
  for (const record::Member& member : include.asObject()) {
    const std::string text = member.value.isString() ? std::string(member.value.asString())
                                                     : record::toJson(member.value);
    auto value = BoundExpression::bind(text, context);
    if (!value) {
      Error error = value.error();
      error.where = "include";
      return error;
    }
    Addition addition{{}, std::move(*value)};
    record::writeJsonString(member.key, addition.prefix);
    addition.prefix += ':';
    payload.m_additions.push_back(std::move(addition));
  }
  return payload;
}

std::optional<std::string_view> Payload::compose(const record::Record& record, Arena& arena,
                                                 Failure& failure) {
  if (m_value) {
    const record::Value value = m_value->evaluate(record, arena);
    if (value.isNil()) return std::string_view();
    if (value.isString()) return arena.copy(value.asString(), 1);
    m_json.clear();
    record::writeJson(value, m_json);
    return arena.copy(m_json);
  }
  std::string_view event = record.origin->bytes;
  if (event.empty() && !record.event().isNil()) {
    m_json.clear();
    record::writeJson(record.event(), m_json);
    event = arena.copy(m_json);
  }
  return m_additions.empty() ? event : splice(record, event, arena, failure);
}

std::optional<std::string_view> Payload::splice(const record::Record& record,
                                                std::string_view event, Arena& arena,
                                                Failure& failure) {
  m_json.clear();
  for (const Addition& addition : m_additions) {
    const record::Value value = addition.value.evaluate(record, arena);
    if (value.isNil()) continue;
    if (!m_json.empty()) m_json += ',';
    m_json += addition.prefix;
    record::writeJson(value, m_json);
  }
  const auto spliced = spliceMembers(event, m_json, arena);
  if (!spliced) {
    failure.code = "E-3111";
    failure.message = "The event is no JSON object, so nothing can be included in it";
  }
  return spliced;
}

}  // namespace freshet::stage
