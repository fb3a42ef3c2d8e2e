// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>
#include <unordered_set>

#include "core/liquid/items.h"
#include "core/liquid/lexer.h"
#include "core/liquid/number.h"
#include "core/liquid/standard.h"
#include "core/liquid/unicode.h"

namespace freshet::liquid {
namespace {

using Items = std::span<const Value>;

Value arrayOf(std::span<const Value> items) {
  return Value(items);
}
Value emptyArray() {
  return Value(std::span<const Value>());
}

Value propertyError(FilterCall& call) {
  return call.fail("cannot select the property '" + std::string(call.argText(0)) + "'");
}

enum class Keep : std::uint8_t { Matching, Others };

// The items for which `property` is (or is not) what was asked for. False: the result is nil.
template <class Visit>
bool eachMatch(FilterCall& call, Items items, Visit visit) {
  const Value property = call.arg(0);
  const Value target = call.arg(1);
  for (std::size_t i = 0; i < items.size(); ++i) {
    Value found;
    switch (selectProperty(items[i], property, found)) {
      case Selected::Value:
        break;
      case Selected::Nothing:
        return false;
      case Selected::WrongKey:
        propertyError(call);
        return false;
    }
    if (!visit(i, target.isNil() ? found.truthy() : equal(found, target))) return true;
  }
  return true;
}

Value filtered(FilterCall& call, Keep keep) {
  const Items items = listOf(call.scratch, call.input);
  const auto kept = call.scratch.values(items.size());
  if (kept.size() != items.size()) return Value();
  std::size_t count = 0;
  const bool isList = eachMatch(call, items, [&](std::size_t i, bool isMatch) {
    if (isMatch == (keep == Keep::Matching)) kept[count++] = items[i];
    return true;
  });
  return isList ? arrayOf(kept.first(count)) : Value();
}

Value where(FilterCall& call) {
  return filtered(call, Keep::Matching);
}
Value reject(FilterCall& call) {
  return filtered(call, Keep::Others);
}

std::ptrdiff_t firstMatch(FilterCall& call, Items items, bool& isList) {
  std::ptrdiff_t found = -1;
  isList = eachMatch(call, items, [&](std::size_t i, bool isMatch) {
    if (isMatch) found = static_cast<std::ptrdiff_t>(i);
    return !isMatch;
  });
  return found;
}

Value has(FilterCall& call) {
  bool isList = false;
  const std::ptrdiff_t found = firstMatch(call, listOf(call.scratch, call.input), isList);
  return isList ? Value(found >= 0) : Value();
}

Value find(FilterCall& call) {
  bool isList = false;
  const Items items = listOf(call.scratch, call.input);
  const std::ptrdiff_t found = firstMatch(call, items, isList);
  return isList && found >= 0 ? items[static_cast<std::size_t>(found)] : Value();
}

Value findIndex(FilterCall& call) {
  bool isList = false;
  const std::ptrdiff_t found = firstMatch(call, listOf(call.scratch, call.input), isList);
  return isList && found >= 0 ? Value(std::int64_t{found}) : Value();
}

Value map(FilterCall& call) {
  const Items items = listOf(call.scratch, call.input);
  const auto mapped = call.scratch.values(items.size());
  if (mapped.size() != items.size()) return Value();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (selectProperty(items[i], call.arg(0), mapped[i]) == Selected::WrongKey)
      return propertyError(call);
  }
  return arrayOf(mapped);
}

Value compact(FilterCall& call) {
  const Items items = listOf(call.scratch, call.input);
  const auto kept = call.scratch.values(items.size());
  if (kept.size() != items.size()) return Value();
  std::size_t count = 0;
  for (const Value& item : items) {
    Value tested = item;
    if (!call.arg(0).isNil()) {
      const Selected selected = selectProperty(item, call.arg(0), tested);
      if (selected == Selected::WrongKey) return propertyError(call);
      if (selected == Selected::Nothing) return Value();
    }
    if (!tested.isNil()) kept[count++] = item;
  }
  return arrayOf(kept.first(count));
}

Value uniq(FilterCall& call) {
  const Items items = listOf(call.scratch, call.input);
  if (items.size() < 2) return arrayOf(items);
  const auto kept = call.scratch.values(items.size());
  if (kept.size() != items.size()) return Value();
  std::size_t count = 0;
  std::unordered_set<std::string_view> seen;
  if (!call.scratch.charge(items.size() * 4 * sizeof(std::string_view))) return Value();
  for (const Value& item : items) {
    Value tested = item;
    if (!call.arg(0).isNil()) {
      const Selected selected = selectProperty(item, call.arg(0), tested);
      if (selected == Selected::WrongKey) return propertyError(call);
      if (selected == Selected::Nothing) return Value();
    }
    // The inspected form tells 1 from 1.0 and from "1", as eql? does.
    Scratch::Builder builder(call.scratch);
    appendInspect(builder.raw(), tested);
    const Value key = builder.done();
    if (!call.scratch.spend(1 + key.size() / 64) || !key.isString()) return Value();
    if (seen.insert(key.asString()).second) kept[count++] = item;
  }
  return arrayOf(kept.first(count));
}

Value reverse(FilterCall& call) {
  const Items items = listOf(call.scratch, call.input);
  const auto reversed = call.scratch.values(items.size());
  if (reversed.size() != items.size()) return Value();
  std::ranges::reverse_copy(items, reversed.begin());
  return arrayOf(reversed);
}

Value concat(FilterCall& call) {
  const Value added = call.arg(0);
  if (!added.isArray()) return call.fail("concat filter requires an array argument");
  const Items items = listOf(call.scratch, call.input);
  const auto all = call.scratch.values(items.size() + added.size());
  if (all.size() != items.size() + added.size()) return Value();
  const auto rest = std::ranges::copy(items, all.begin()).out;
  std::ranges::copy(added.asArray(), rest);
  return arrayOf(all);
}

Value join(FilterCall& call) {
  const Items items = listOf(call.scratch, call.input);
  const std::string_view glue = call.args.empty() ? " " : call.argText(0);
  Scratch::Builder builder(call.scratch);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0 && !builder.append(glue)) return Value();
    if (items[i].isString()) {
      if (!builder.append(items[i].asString())) return Value();
    } else {
      appendText(builder.raw(), items[i]);
      if (!builder.append(std::string_view())) return Value();
    }
  }
  return builder.done();
}

char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// Of texts, as String#casecmp does; nil comes last.
int compareFolded(const Value& a, const Value& b) {
  if (a.isNil() || b.isNil()) return a.isNil() && b.isNil() ? 0 : a.isNil() ? 1 : -1;
  const std::string_view x = a.asString();
  const std::string_view y = b.asString();
  const std::size_t common = std::min(x.size(), y.size());
  for (std::size_t i = 0; i < common; ++i) {
    const auto p = static_cast<unsigned char>(folded(x[i]));
    const auto q = static_cast<unsigned char>(folded(y[i]));
    if (p != q) return p < q ? -1 : 1;
  }
  return x.size() == y.size() ? 0 : x.size() < y.size() ? -1 : 1;
}

struct Keyed {
  Value key;
  Value item;
};

template <class Order>
Value sorted(FilterCall& call, bool areTexts, Order order) {
  const Items items = listOf(call.scratch, call.input);
  std::vector<Keyed> pairs;
  if (!call.scratch.charge(items.size() * 2 * sizeof(Keyed))) return Value();
  pairs.reserve(items.size());
  const bool hasProperty = !call.arg(0).isNil();
  bool isWrong = false;
  for (const Value& item : items) {
    Keyed pair{item, item};
    if (hasProperty) {
      const Selected selected = selectProperty(item, call.arg(0), pair.key);
      if (selected == Selected::Nothing) return Value();
      isWrong = isWrong || selected == Selected::WrongKey;
    }
    if (areTexts && !pair.key.isNil()) pair.key = Value(call.scratch.textOf(pair.key));
    pairs.push_back(pair);
  }
  if (isWrong && items.size() > 1) return propertyError(call);
  std::ranges::stable_sort(pairs, [&](const Keyed& a, const Keyed& b) {
    return call.scratch.spend(1) && order(a.key, b.key) < 0;
  });
  const auto result = call.scratch.values(items.size());
  if (result.size() != items.size()) return Value();
  std::ranges::transform(pairs, result.begin(), &Keyed::item);
  return arrayOf(result);
}

Value sort(FilterCall& call) {
  return sorted(call, false, [&](const Value& a, const Value& b) {
    int order = 0;
    if (compare(a, b, order)) return order;
    if (a.isNil() || b.isNil()) return a.isNil() ? 1 : -1;
    call.fail("cannot sort values of incompatible types");
    return 0;
  });
}

Value sortNatural(FilterCall& call) {
  return sorted(call, true, compareFolded);
}

Value sum(FilterCall& call) {
  const Items items = listOf(call.scratch, call.input);
  const bool hasProperty = !call.arg(0).isNil();
  const auto values = call.scratch.values(items.size());
  if (values.size() != items.size()) return Value();
  for (std::size_t i = 0; i < items.size(); ++i) {
    values[i] = items[i];
    if (!hasProperty) continue;
    const Selected selected = selectProperty(items[i], call.arg(0), values[i]);
    if (selected == Selected::WrongKey) return propertyError(call);
    if (selected == Selected::Nothing) values[i] = Value();
  }
  Number total;
  for (const Value& value : listOf(call.scratch, arrayOf(values))) {
    total = *calculate(Arithmetic::Plus, total, toNumber(value));
  }
  return total.value();
}

Value edge(FilterCall& call, bool isFirst) {
  const Value& value = call.input;
  if (value.isArray()) {
    const Items items = value.asArray();
    return items.empty() ? Value() : isFirst ? items.front() : items.back();
  }
  if (isRange(value)) {
    const Range& range = rangeOf(value);
    return isFirst || range.size() > 0 ? Value(isFirst ? range.first : range.last) : Value();
  }
  if (value.isString()) {
    const std::string_view text = value.asString();
    std::size_t start = 0;
    if (!isFirst && !text.empty()) {
      start = text.size() - 1;
      while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    }
    return Value(text.substr(start, text.empty() ? 0 : stepOf(text, start)));
  }
  if (value.isObject() && isFirst && value.size() > 0) {
    const auto pair = call.scratch.values(2);
    if (pair.empty()) return Value();
    pair[0] = Value(value.asObject()[0].key);
    pair[1] = value.asObject()[0].value;
    return arrayOf(pair);
  }
  return Value();
}

Value first(FilterCall& call) {
  return edge(call, true);
}
Value last(FilterCall& call) {
  return edge(call, false);
}

// For an empty list these answer without looking at their arguments.
template <FilterFunction function>
Value unlessEmpty(FilterCall& call) {
  return listOf(call.scratch, call.input).empty() ? emptyArray() : function(call);
}

}  // namespace

void addArrayFilters(TemplateEnvironment& environment) {
  const auto add = [&](const char* name, FilterFunction function, std::uint8_t least,
                       std::uint8_t most) {
    environment.addFilter({name, function, least, most});
  };
  add("compact", compact, 0, 1);
  add("concat", concat, 1, 1);
  add("find", find, 1, 2);
  add("find_index", findIndex, 1, 2);
  add("first", first, 0, 0);
  add("has", has, 1, 2);
  add("join", join, 0, 1);
  add("last", last, 0, 0);
  add("map", map, 1, 1);
  add("reject", reject, 1, 2);
  add("reverse", reverse, 0, 0);
  add("sort", unlessEmpty<sort>, 0, 1);
  add("sort_natural", unlessEmpty<sortNatural>, 0, 1);
  add("sum", sum, 0, 1);
  add("uniq", uniq, 0, 1);
  add("where", where, 1, 2);
}

}  // namespace freshet::liquid
