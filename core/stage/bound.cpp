// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stage/bound.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/base/text.h"
#include "core/liquid/template.h"
#include "core/liquid/values.h"
#include "core/stage/roots.h"

namespace freshet::stage {

using record::Record;
using record::Value;

namespace {

/// `{{ profile.consent.email }}`: most settings are a bare path, which needs no program to run.
class PlainPath {
 public:
  /// `markup` is what stands between the braces.
  static std::optional<PlainPath> read(std::string_view markup, BuildContext& context) {
    PlainPath path;
    const auto words = split(trim(markup), '.');
    if (!std::ranges::all_of(words, isName) || words.size() == 1 || words.front() == "meta") {
      return std::nullopt;
    }
    for (std::size_t i = 1; i < words.size(); ++i) path.m_steps.push_back({std::string(words[i])});
    path.m_slot = context.slot(words.front());
    return path;
  }

  Value of(const Record& record) const {
    Value value = record.sections[m_slot];
    for (const Step& step : m_steps) {
      if (!value.isObject()) return Value();
      const auto members = value.asObject();
      // Where it stood last time is where it mostly stands.
      if (step.hint >= members.size() || members[step.hint].key != step.key) {
        const auto found = std::ranges::find(members, step.key, &record::Member::key);
        if (found == members.end()) return Value();
        step.hint = static_cast<std::size_t>(found - members.begin());
      }
      value = members[step.hint].value;
    }
    return value;
  }

 private:
  struct Step {
    std::string key;
    mutable std::size_t hint = 0;
  };

  /// A name that Liquid takes as it is: no command, no word of the language.
  static bool isName(std::string_view word) {
    constexpr std::string_view kWords[] = {"size", "first", "last",  "true", "false",
                                           "nil",  "null",  "blank", "empty"};
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !word.empty() && (isLetter(word.front()) || word.front() == '_') &&
           std::ranges::all_of(
               word, [&](char c) { return isLetter(c) || c == '_' || (c >= '0' && c <= '9'); }) &&
           std::ranges::find(kWords, word) == std::end(kWords);
  }

  std::vector<Step> m_steps;
  std::uint32_t m_slot = 0;
};

/// A plain path with text around it, `p:{{ event.user_id }}`, or without.
struct PathInText {
  PlainPath path;
  std::string before;
  std::string after;

  static std::optional<PathInText> read(std::string_view text, BuildContext& context) {
    const std::size_t open = text.find("{{");
    const std::size_t close = text.find("}}");
    if (open == text.npos || close == text.npos || close < open + 2) return std::nullopt;
    std::string_view before = text.substr(0, open);
    std::string_view after = text.substr(close + 2);
    if (after.find_first_of("{}") != text.npos || before.find_first_of("{}") != text.npos) {
      return std::nullopt;
    }
    auto path = PlainPath::read(text.substr(open + 2, close - open - 2), context);
    if (!path) return std::nullopt;
    if (trim(before).empty() && trim(after).empty()) before = after = {};
    return PathInText{std::move(*path), std::string(before), std::string(after)};
  }

  bool isBare() const { return before.empty() && after.empty(); }

  std::string_view textOf(const Record& record, std::string& buffer, Arena& arena) const {
    buffer.assign(before);
    liquid::appendOutput(buffer, path.of(record));
    buffer += after;
    return arena.copy(buffer);
  }
};

}  // namespace

struct BoundExpression::Impl {
  Impl(liquid::Expression parsed, std::string_view source, BuildContext& context)
      : expression(std::move(parsed)),
        path(PathInText::read(source, context)),
        roots(expression.globals(), context) {
    if (expression.isConstant()) {
      isConstant = true;
      constant = record::deepCopy(expression.evaluate({}, memory), memory);
    }
  }

  liquid::Expression expression;
  std::optional<PathInText> path;
  Roots roots;
  Arena memory{256};
  bool isConstant = false;
  Value constant;
  std::string text;
};

BoundExpression::BoundExpression(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
BoundExpression::BoundExpression(BoundExpression&&) noexcept = default;
BoundExpression& BoundExpression::operator=(BoundExpression&&) noexcept = default;
BoundExpression::~BoundExpression() = default;

Result<BoundExpression> BoundExpression::bind(std::string_view text, BuildContext& context) {
  auto parsed = liquid::Expression::parse(text, context.liquid());
  if (!parsed) return parsed.error();
  return BoundExpression(std::make_unique<Impl>(std::move(*parsed), text, context));
}

Value BoundExpression::evaluate(const Record& record, Arena& arena) const {
  if (m_impl->path) {
    return m_impl->path->isBare() ? m_impl->path->path.of(record)
                                  : Value(m_impl->path->textOf(record, m_impl->text, arena));
  }
  if (m_impl->isConstant) return m_impl->constant;
  return m_impl->expression.evaluate(m_impl->roots.of(record, arena), arena);
}

std::string_view BoundExpression::text(const Record& record, Arena& arena) const {
  const Value value = evaluate(record, arena);
  if (value.isString()) return value.asString();
  m_impl->text.clear();
  liquid::appendOutput(m_impl->text, value);
  return arena.copy(m_impl->text);
}

struct BoundCondition::Impl {
  Impl(liquid::Condition parsed, BuildContext& context)
      : condition(std::move(parsed)), roots(condition.globals(), context) {}

  liquid::Condition condition;
  Roots roots;
};

BoundCondition::BoundCondition(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
BoundCondition::BoundCondition(BoundCondition&&) noexcept = default;
BoundCondition& BoundCondition::operator=(BoundCondition&&) noexcept = default;
BoundCondition::~BoundCondition() = default;

Result<BoundCondition> BoundCondition::bind(std::string_view text, BuildContext& context) {
  auto parsed = liquid::Condition::parse(text, context.liquid());
  if (!parsed) return parsed.error();
  return BoundCondition(std::make_unique<Impl>(std::move(*parsed), context));
}

bool BoundCondition::holds(const Record& record, Arena& arena) const {
  return m_impl->condition.evaluate(m_impl->roots.of(record, arena), arena);
}

}  // namespace freshet::stage
