// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/host/expectation.h"

#include <filesystem>

#include "core/base/text.h"
#include "core/pipeline/files.h"
#include "core/pipeline/project.h"
#include "core/record/json.h"

namespace freshet::host {
namespace {

using record::Member;
using record::Value;

constexpr std::size_t kMostShown = 160;

std::string shown(const Value& value) {
  return oneLine(record::toJson(value), kMostShown);
}

/// The first line in which two texts differ.
std::string firstDifference(std::string_view expected, std::string_view actual) {
  const auto left = split(expected, '\n');
  const auto right = split(actual, '\n');
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string_view wanted = i < left.size() ? left[i] : std::string_view();
    const std::string_view got = i < right.size() ? right[i] : std::string_view();
    if (wanted == got && i < left.size() && i < right.size()) continue;
    return "line " + std::to_string(i + 1) + " is \"" + oneLine(trim(got), kMostShown) +
           "\" instead of \"" + oneLine(trim(wanted), kMostShown) + '"';
  }
  return "they are the same";
}

const Value* onlyMember(const Value& object, std::string_view name) {
  return object.isObject() && object.size() == 1 ? object.find(name) : nullptr;
}

}  // namespace

Value Expectation::compare(const std::string& place, const Value& expected, const Value& actual,
                           Arena& arena) {
  const std::string_view text = actual.isString() ? actual.asString() : std::string_view();
  if (const Value* file = onlyMember(expected, "file"); file && file->isString()) {
    golden(place, file->asString(), text);
    return expected;
  }
  if (const Value* parts = onlyMember(expected, "contains")) {
    contains(place, *parts, text);
    return expected;
  }
  if (expected.isArray() || (expected.isNumber() && actual.isArray()))
    return list(place, expected, actual, arena);
  if (expected.isObject() && actual.isObject()) return members(place, expected, actual, arena);
  if (expected == actual) return expected;
  if (m_isUpdating) return actual;
  add(place + " is " + shown(actual) + " instead of " + shown(expected));
  return expected;
}

Value Expectation::list(const std::string& place, const Value& expected, const Value& actual,
                        Arena& arena) {
  const auto came = actual.isArray() ? actual.asArray() : std::span<const Value>();
  if (!expected.isArray()) {
    const Value count(static_cast<std::int64_t>(came.size()));
    return compare(place + " (how many)", expected, count, arena);
  }
  const auto wanted = expected.asArray();
  if (wanted.size() != came.size() && m_isUpdating) return actual;
  if (wanted.size() != came.size()) {
    std::string all;
    for (const Value& one : came) all += "\n    " + shown(one);
    add(place + ": " + std::to_string(came.size()) + " instead of " +
        std::to_string(wanted.size()) + all);
    return expected;
  }
  const auto next = arena.array<Value>(wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i)
    next[i] = compare(place + '/' + std::to_string(i), wanted[i], came[i], arena);
  return Value(std::span<const Value>(next));
}

Value Expectation::members(const std::string& place, const Value& expected, const Value& actual,
                           Arena& arena) {
  const auto next = arena.array<Member>(expected.size());
  std::size_t count = 0;
  for (const Member& member : expected.asObject()) {
    const std::string below = place + '/' + std::string(member.key);
    next[count++] = {member.key, compare(below, member.value, actual.get(member.key), arena)};
  }
  return Value(std::span<const Member>(next));
}

void Expectation::golden(const std::string& place, std::string_view path, std::string_view actual) {
  const auto full = pipeline::pathInProject(m_folder, path);
  if (!full) return add(place + ": " + full.error().text());
  if (m_isUpdating) {
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::path(*full).parent_path(), failed);
    const Status written = pipeline::writeFileAtomically(*full, actual);
    if (!written) add(place + ": " + written.error().text());
    return;
  }
  const auto text = pipeline::readFile(*full);
  if (!text) return add(place + ": " + text.error().text() + " (write it with --update)");
  if (*text != actual)
    add(place + " is not " + std::string(path) + ": " + firstDifference(*text, actual));
}

void Expectation::contains(const std::string& place, const Value& parts, std::string_view actual) {
  const std::span<const Value> all =
      parts.isArray() ? parts.asArray() : std::span<const Value>(&parts, 1);
  for (const Value& part : all) {
    if (part.isString() && actual.find(part.asString()) != std::string_view::npos) continue;
    add(place + " does not contain " + shown(part) + ": \"" + oneLine(actual, kMostShown) + '"');
  }
}

}  // namespace freshet::host
