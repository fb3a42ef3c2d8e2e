// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/words.h"

#include <array>
#include <vector>

#include "core/record/json.h"

namespace freshet::nodes::json_schema {
namespace {

using record::Kind;

constexpr std::size_t kMostShown = 160;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

std::string_view kindWord(const record::Value& value) {
  static constexpr std::array<std::string_view, 8> kWords = {
      "null", "true or false", "a whole number", "a number with a fraction",
      "text", "a list",        "an object",      "something else"};
  return kWords[static_cast<std::size_t>(value.kind())];
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  return out.append(1, '"').append(text).append(1, '"');
}

std::string wordsForKinds(const Check& check, const record::Value& value) {
  std::vector<std::string> words;
  if (check.kinds & bit(Kind::String)) words.emplace_back("text");
  if (check.kinds & bit(Kind::Float)) {
    words.emplace_back("a number");
  } else if (check.kinds & bit(Kind::Int)) {
    words.emplace_back("a whole number");
  }
  if (check.kinds & bit(Kind::Bool)) words.emplace_back("true or false");
  if (check.kinds & bit(Kind::Array)) words.emplace_back("a list");
  if (check.kinds & bit(Kind::Object)) words.emplace_back("an object");
  if (check.kinds & bit(Kind::Nil)) words.emplace_back("null");
  return "must be " + joined(words) + ", not " + std::string(kindWord(value));
}

std::string wordsForAllowed(const Check& check) {
  if (check.allowed.empty()) return "has no value that would be allowed";
  std::vector<std::string> words;
  std::size_t length = 0;
  for (const record::Value& value : check.allowed) {
    words.push_back(record::toJson(value));
    length += words.back().size();
    if (length > kMostShown) {
      words.back() = std::to_string(check.allowed.size() - words.size() + 1) + " other values";
      break;
    }
  }
  return (words.size() == 1 ? "must be " : "must be one of ") + joined(words);
}

std::string wordsForCount(std::string_view atLeastOrMost, std::uint64_t bound,
                          std::string_view singular, std::string_view plural, std::uint64_t found) {
  return "must have " + std::string(atLeastOrMost) + ' ' + std::to_string(bound) + ' ' +
         std::string(bound == 1 ? singular : plural) + ", not " + std::to_string(found);
}

}  // namespace freshet::nodes::json_schema
