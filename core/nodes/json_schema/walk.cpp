// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/walk.h"

#include <algorithm>
#include <cstring>

#include "core/nodes/json_schema/numbers.h"
#include "core/nodes/json_schema/words.h"
#include "core/record/json.h"

namespace freshet::nodes::json_schema {
namespace {

using record::Kind;
using record::Member;
using record::Value;

// A schema whose parts refer to each other can ask for exponential work; an event asks for
// hundreds.
constexpr std::uint32_t kMostSteps = 1'000'000;
constexpr int kDeepest = 1'000;
constexpr std::string_view kTooMuch = "is too intricate to be checked by this schema";

/// memcmp's call costs more than the few bytes of a field's name.
bool isSame(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  const auto equal = [&]<class Word>(Word, std::size_t at) {
    Word left, right;
    std::memcpy(&left, a.data() + at, sizeof(Word));
    std::memcpy(&right, b.data() + at, sizeof(Word));
    return left == right;
  };
  if (size >= 8) {
    if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
    return equal(std::uint64_t{}, 0) && equal(std::uint64_t{}, size - 8);
  }
  if (size >= 4) return equal(std::uint32_t{}, 0) && equal(std::uint32_t{}, size - 4);
  if (size >= 2) return equal(std::uint16_t{}, 0) && equal(std::uint16_t{}, size - 2);
  return size == 0 || a[0] == b[0];
}

bool isAscii(std::string_view text) {
  std::uint64_t all = 0;
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    all |= word;
  }
  for (; at < text.size(); ++at) all |= static_cast<unsigned char>(text[at]);
  return (all & 0x8080808080808080U) == 0;
}

std::uint64_t codePoints(std::string_view text) {
  if (isAscii(text)) return text.size();
  std::uint64_t count = 0;
  for (const char c : text) count += static_cast<signed char>(c) >= -64 ? 1 : 0;
  return count;
}

}  // namespace

Walk::Walk(const Program& program) : m_program(program), m_followers(program.followers) {
  for (const Check& check : program.checks) {
    if (!check.object) continue;
    // At first: in the order of the schema.
    for (std::uint32_t i = 0; i <= check.object->properties.size(); ++i) {
      m_followers[check.object->firstFollower + i] = i;
    }
  }
}

void Walk::Evaluated::merge(const Evaluated& other) {
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (other.seen[i]) seen[i] = true;
  }
}

bool Walk::run(const Value& value, Problem* problem) {
  m_stepsLeft = kMostSteps;
  m_nesting = 0;
  m_quiet = problem ? 0 : 1;
  m_words.clear();
  m_path.clear();
  const bool isValid = check(m_program.root, value, nullptr) && m_stepsLeft > 0;
  if (isValid || !problem) return isValid;
  if (m_stepsLeft == 0) m_words = kTooMuch;
  std::string name;
  problem->pointer.clear();
  for (auto step = m_path.rbegin(); step != m_path.rend(); ++step) {
    problem->pointer += step->isKey ? pointerSegment(step->key) : '/' + std::to_string(step->place);
    if (!step->isKey) {
      name += '[' + std::to_string(step->place) + ']';
    } else {
      if (!name.empty()) name += '.';
      name += step->key;
    }
  }
  problem->message = (name.empty() ? "the event" : name) + ' ' + m_words;
  return false;
}

template <class Words>
bool Walk::fail(Words words) {
  if (m_quiet == 0) {
    m_path.clear();
    m_words = words();
  }
  return false;
}

bool Walk::failKind(const Check& check, const Value& value) {
  return fail(
      [&] { return check.isNever ? std::string("is not allowed") : wordsForKinds(check, value); });
}

bool Walk::inside(std::string_view key) {
  if (m_quiet == 0) m_path.push_back({key, 0, true});
  return false;
}

bool Walk::inside(std::size_t place) {
  if (m_quiet == 0) m_path.push_back({{}, place, false});
  return false;
}

bool Walk::quietly(Index index, const Value& value, Evaluated* evaluated) {
  ++m_quiet;
  const bool isValid = check(index, value, evaluated);
  --m_quiet;
  return isValid;
}

bool Walk::check(Index index, const Value& value, Evaluated* evaluated) {
  const Check& check = m_program.checks[index];
  if (m_stepsLeft == 0) [[unlikely]]
    return false;
  --m_stepsLeft;
  if (!(check.kinds & bit(value.kind()))) [[unlikely]] {
    const bool isInteger = check.acceptsWholeFloats && value.isFloat() && isWhole(value);
    if (!isInteger) return failKind(check, value);
  }
  if (check.isLimited && !checkAllowed(check, value)) return false;
  switch (value.kind()) {
    case Kind::String:
      if (check.text && !checkText(*check.text, value.asString())) return false;
      break;
    case Kind::Int:
    case Kind::Float:
      if (check.number && !checkNumber(*check.number, value)) return false;
      break;
    case Kind::Object:
    case Kind::Array:
      if (check.combination && check.combination->needsMemory()) {
        return checkRemembering(check, value, evaluated);
      }
      if (value.isObject()) {
        if (check.object && !checkObject(*check.object, value, evaluated)) return false;
      } else if (check.array && !checkArray(*check.array, value, evaluated)) {
        return false;
      }
      break;
    default:
      break;
  }
  return !check.combination || checkCombination(*check.combination, value, evaluated);
}

bool Walk::checkRemembering(const Check& check, const Value& value, Evaluated* evaluated) {
  Evaluated own(value.size());
  if (value.isObject()) {
    if (check.object && !checkObject(*check.object, value, &own)) return false;
  } else if (check.array && !checkArray(*check.array, value, &own)) {
    return false;
  }
  if (!checkCombination(*check.combination, value, &own) ||
      !checkUnevaluated(*check.combination, value, own)) {
    return false;
  }
  if (evaluated) evaluated->merge(own);
  return true;
}

std::uint32_t Walk::find(const ObjectRules& rules, std::string_view key) const {
  const auto keyOf = [&](std::uint32_t i) { return std::string_view(rules.properties[i].key); };
  const auto found = std::ranges::lower_bound(rules.byKey, key, {}, keyOf);
  return found != rules.byKey.end() && keyOf(*found) == key ? *found : kNone;
}

bool Walk::checkObject(const ObjectRules& rules, const Value& value, Evaluated* evaluated) {
  std::uint32_t* const follower = m_followers.data() + rules.firstFollower;
  const auto known = static_cast<std::uint32_t>(rules.properties.size());
  // Then a field that is declared has nothing more to pass.
  const bool isPlain = !evaluated && rules.patterns.empty() && rules.names == kNone;
  std::uint64_t present = 0;
  std::uint32_t previous = 0;
  const auto members = value.asObject();
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member& member = members[i];
    std::uint32_t at = follower[previous];
    if (at >= known || !isSame(rules.properties[at].key, member.key)) [[unlikely]] {
      at = find(rules, member.key);
      if (at != kNone) follower[previous] = at;
    }
    bool isDeclared = false;
    if (at != kNone) {
      const Property& property = rules.properties[at];
      previous = at + 1;
      isDeclared = property.isDeclared;
      if (property.requiredNumber < 64) present |= std::uint64_t{1} << property.requiredNumber;
      if (property.check != kNone && !check(property.check, member.value, nullptr)) {
        return inside(member.key);
      }
    }
    if (isPlain && (isDeclared || rules.additional == kNone)) continue;
    if (!checkUnnamed(rules, member, isDeclared, evaluated, i)) return inside(member.key);
  }
  const std::uint64_t all =
      rules.requiredCount >= 64 ? UINT64_MAX : (std::uint64_t{1} << rules.requiredCount) - 1;
  if (present == all && rules.requiredCount <= 64 && rules.dependencies.empty() &&
      value.size() >= rules.least && value.size() <= rules.most) {
    return true;
  }
  return checkPresence(rules, value, evaluated);
}

bool Walk::checkUnnamed(const ObjectRules& rules, const Member& member, bool isDeclared,
                        Evaluated* evaluated, std::size_t place) {
  bool isEvaluated = isDeclared;
  for (const auto& [pattern, index] : rules.patterns) {
    if (!pattern.matches(member.key)) continue;
    isEvaluated = true;
    if (!check(index, member.value, nullptr)) return false;
  }
  if (!isEvaluated && rules.additional != kNone) {
    isEvaluated = true;
    if (!check(rules.additional, member.value, nullptr)) return false;
  }
  if (rules.names != kNone && !check(rules.names, Value(member.key), nullptr)) {
    if (m_quiet == 0) m_words = "has a name that " + m_words;
    return false;
  }
  if (evaluated && isEvaluated) evaluated->seen[place] = true;
  return true;
}

bool Walk::checkPresence(const ObjectRules& rules, const Value& value, Evaluated* evaluated) {
  for (const Property& property : rules.properties) {
    if (property.requiredNumber != kNone && !value.find(property.key)) {
      fail([] { return "is missing"; });
      return inside(property.key);
    }
  }
  if (value.size() < rules.least) {
    return fail(
        [&] { return wordsForCount("at least", rules.least, "field", "fields", value.size()); });
  }
  if (value.size() > rules.most) {
    return fail(
        [&] { return wordsForCount("at most", rules.most, "field", "fields", value.size()); });
  }
  for (const auto& dependency : rules.dependencies) {
    if (!value.find(dependency.key)) continue;
    for (const std::string& key : dependency.required) {
      if (value.find(key)) continue;
      fail([&] { return "is missing; it belongs with " + quoted(dependency.key); });
      return inside(key);
    }
    if (dependency.check != kNone && !check(dependency.check, value, evaluated)) return false;
  }
  return true;
}

bool Walk::checkArray(const ArrayRules& rules, const Value& value, Evaluated* evaluated) {
  if (value.size() < rules.least) {
    return fail(
        [&] { return wordsForCount("at least", rules.least, "item", "items", value.size()); });
  }
  if (value.size() > rules.most) {
    return fail(
        [&] { return wordsForCount("at most", rules.most, "item", "items", value.size()); });
  }
  const auto items = value.asArray();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Index index = i < rules.first.size() ? rules.first[i] : rules.rest;
    if (index == kNone) break;
    if (!check(index, items[i], nullptr)) return inside(i);
    if (evaluated) evaluated->seen[i] = true;
  }
  return (rules.contained == kNone || checkContained(rules, value, evaluated)) &&
         (!rules.isUnique || checkUnique(value));
}

bool Walk::checkContained(const ArrayRules& rules, const Value& value, Evaluated* evaluated) {
  std::uint64_t count = 0;
  const auto items = value.asArray();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!quietly(rules.contained, items[i], nullptr)) continue;
    ++count;
    if (evaluated && rules.countsContained) evaluated->seen[i] = true;
  }
  if (count < rules.leastContained) {
    return fail([&] {
      return wordsForCount("at least", rules.leastContained, "item of the kind asked for",
                           "items of the kind asked for", count);
    });
  }
  if (count > rules.mostContained) {
    return fail([&] {
      return wordsForCount("at most", rules.mostContained, "item of the kind asked for",
                           "items of the kind asked for", count);
    });
  }
  return true;
}

bool Walk::checkUnique(const Value& value) {
  const auto items = value.asArray();
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (m_stepsLeft == 0) return false;
      --m_stepsLeft;
      if (items[i] == items[j]) {
        fail([&] { return "is the same as item " + std::to_string(j) + ", and none may repeat"; });
        return inside(i);
      }
    }
  }
  return true;
}

bool Walk::checkText(const TextRules& rules, std::string_view text) {
  // A code point has one to four bytes: most lengths need no counting.
  if (rules.most < text.size() || (rules.least > 0 && rules.least * 4 > text.size())) {
    const std::uint64_t length = codePoints(text);
    if (length < rules.least) {
      return fail([&] {
        return wordsForCount("at least", rules.least, "character", "characters", length);
      });
    }
    if (length > rules.most) {
      return fail(
          [&] { return wordsForCount("at most", rules.most, "character", "characters", length); });
    }
  }
  if (rules.pattern && !rules.pattern->matches(text)) {
    return fail([&] { return "must match " + rules.pattern->source(); });
  }
  if (rules.format && !rules.format->holds(text)) {
    return fail([&] { return "must be " + std::string(rules.format->example); });
  }
  return true;
}

bool Walk::checkNumber(const NumberRules& rules, const Value& value) {
  if (rules.least && compareNumbers(value, *rules.least) < 0) {
    return fail([&] { return "must be at least " + record::toJson(*rules.least); });
  }
  if (rules.most && compareNumbers(value, *rules.most) > 0) {
    return fail([&] { return "must be at most " + record::toJson(*rules.most); });
  }
  if (rules.above && compareNumbers(value, *rules.above) <= 0) {
    return fail([&] { return "must be more than " + record::toJson(*rules.above); });
  }
  if (rules.below && compareNumbers(value, *rules.below) >= 0) {
    return fail([&] { return "must be less than " + record::toJson(*rules.below); });
  }
  if (rules.multipleOf && !isMultiple(value, *rules.multipleOf)) {
    return fail([&] { return "must be a multiple of " + record::toJson(*rules.multipleOf); });
  }
  return true;
}

bool Walk::checkAllowed(const Check& check, const Value& value) {
  for (const Value& allowed : check.allowed) {
    if (value.isString() ? allowed.isString() && isSame(value.asString(), allowed.asString())
                         : value == allowed) {
      return true;
    }
  }
  return fail([&] { return wordsForAllowed(check); });
}

bool Walk::checkCombination(const Combination& rules, const Value& value, Evaluated* evaluated) {
  if (m_nesting >= kDeepest) {
    m_stepsLeft = 0;
    return false;
  }
  ++m_nesting;
  const bool isValid = checkEach(rules, value, evaluated) &&
                       (rules.one.empty() || checkOne(rules, value, evaluated));
  --m_nesting;
  return isValid;
}

bool Walk::checkEach(const Combination& rules, const Value& value, Evaluated* evaluated) {
  if (rules.reference != kNone && !check(rules.reference, value, evaluated)) return false;
  for (const Index index : rules.all) {
    if (!check(index, value, evaluated)) return false;
  }
  // What a failed branch has looked at does not count.
  const auto tryIt = [&](Index index) {
    if (!evaluated) return quietly(index, value, nullptr);
    Evaluated own(value.size());
    const bool isValid = quietly(index, value, &own);
    if (isValid) evaluated->merge(own);
    return isValid;
  };
  if (!rules.any.empty()) {
    bool isAny = false;
    for (const Index index : rules.any) {
      isAny = tryIt(index) || isAny;
      if (isAny && !evaluated) break;
    }
    if (!isAny) {
      return fail([&] {
        return "has none of the " + std::to_string(rules.any.size()) + " forms that are allowed";
      });
    }
  }
  if (rules.refused != kNone && quietly(rules.refused, value, nullptr)) {
    return fail([] { return "has a form that is not allowed"; });
  }
  if (rules.condition != kNone) {
    const Index next = tryIt(rules.condition) ? rules.then : rules.otherwise;
    if (next != kNone && !check(next, value, evaluated)) return false;
  }
  return true;
}

bool Walk::checkOne(const Combination& rules, const Value& value, Evaluated* evaluated) {
  std::size_t first = rules.one.size();
  for (std::size_t i = 0; i < rules.one.size(); ++i) {
    Evaluated own(evaluated ? value.size() : 0);
    if (!quietly(rules.one[i], value, evaluated ? &own : nullptr)) continue;
    if (first < rules.one.size()) {
      return fail([&] {
        return "has two of the forms (" + std::to_string(first + 1) + " and " +
               std::to_string(i + 1) + ") where one is allowed";
      });
    }
    first = i;
    if (evaluated) evaluated->merge(own);
  }
  if (first < rules.one.size()) return true;
  return fail([&] {
    return "has none of the " + std::to_string(rules.one.size()) + " forms that are allowed";
  });
}

bool Walk::checkUnevaluated(const Combination& rules, const Value& value, Evaluated& evaluated) {
  const Index index = value.isObject() ? rules.unevaluatedProperties : rules.unevaluatedItems;
  if (index == kNone) return true;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (evaluated.seen[i]) continue;
    evaluated.seen[i] = true;
    if (value.isObject()) {
      const Member& member = value.asObject()[i];
      if (!check(index, member.value, nullptr)) return inside(member.key);
    } else if (!check(index, value.asArray()[i], nullptr)) {
      return inside(i);
    }
  }
  return true;
}

}  // namespace freshet::nodes::json_schema
