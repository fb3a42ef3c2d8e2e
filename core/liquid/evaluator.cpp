// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/evaluator.h"

#include <algorithm>
#include <cstring>

#include "core/liquid/number.h"
#include "core/liquid/unicode.h"

namespace freshet::liquid {
namespace {

std::string classOf(const Value& value) {
  switch (value.kind()) {
    case Kind::Nil:
      return "NilClass";
    case Kind::Bool:
      return value.asBool() ? "TrueClass" : "FalseClass";
    case Kind::Int:
      return "Integer";
    case Kind::Float:
      return "Float";
    case Kind::String:
      return "String";
    case Kind::Array:
      return "Array";
    case Kind::Object:
      return "Hash";
    default:
      return "Range";
  }
}

// Keys are short: two words that overlap beat a call. Longer ones are for the slow way.
inline bool sameShortKey(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size() || size > 16) return false;
  const auto same = [&]<class Word>(Word, std::size_t at) {
    Word x = 0;
    Word y = 0;
    std::memcpy(&x, a.data() + at, sizeof x);
    std::memcpy(&y, b.data() + at, sizeof y);
    return x == y;
  };
  if (size >= 8) return same(std::uint64_t{}, 0) && same(std::uint64_t{}, size - 8);
  if (size >= 4) return same(std::uint32_t{}, 0) && same(std::uint32_t{}, size - 4);
  return size == 0 || (a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1]);
}

bool isOrdered(const Value& value) {
  return value.isNumber() || value.isString();
}

}  // namespace

Value Evaluator::missing(std::string_view name) {
  if (strictVariables)
    m_scratch.fail("undefined variable " + std::string(name), Failure::Undefined);
  return Value();
}

Value Evaluator::named(std::string_view name) {
  const std::uint32_t index = m_program.names.find(name);
  if (index != UINT32_MAX && !m_cells[index].isNil() && !is(m_cells[index], Special::Undefined)) {
    return m_cells[index];
  }
  if (root) {
    if (const Value* found = root->find(name)) return *found;
  }
  return missing(name);
}

bool Evaluator::member(Value& value, const Segment& segment) {
  if (value.isObject()) {
    const auto members = value.asObject();
    for (std::uint32_t i = 0; i < members.size(); ++i) {
      if (members[i].key != segment.key) continue;
      segment.hint.index.store(i, std::memory_order_relaxed);
      value = members[i].value;
      return true;
    }
  } else if (is(value, Special::Loop) || is(value, Special::TableLoop)) {
    Value field;
    const bool isFound = loopField(value, segment.key, field);
    value = field;
    return isFound;
  }
  return command(value, segment.command);
}

bool Evaluator::command(Value& value, Command command) {
  if (command == Command::None) return false;
  const Value from = plain(value);
  if (command == Command::Size) {
    if (from.isArray() || from.isObject()) return value = Value(std::int64_t{from.size()}), true;
    if (from.isString())
      return value = Value(static_cast<std::int64_t>(lengthOf(from.asString()))), true;
    if (from.isInt()) return value = Value(std::int64_t{8}), true;
    if (isRange(from)) return value = Value(rangeOf(from).size()), true;
    return false;
  }
  const bool isFirst = command == Command::First;
  if (from.isArray()) {
    const auto items = from.asArray();
    value = items.empty() ? Value() : isFirst ? items.front() : items.back();
    return true;
  }
  if (isRange(from)) {
    value = Value(isFirst ? rangeOf(from).first : rangeOf(from).last);
    return true;
  }
  if (from.isString()) {
    const std::string_view text = from.asString();
    if (isFirst) return value = Value(text.substr(0, text.empty() ? 0 : stepOf(text, 0))), true;
    std::size_t start = text.size();
    while (start > 0 && (static_cast<unsigned char>(text[--start]) & 0xC0) == 0x80) {
    }
    return value = Value(text.substr(start)), true;
  }
  if (from.isObject() && isFirst) {
    if (from.size() == 0) return value = Value(), true;
    const auto pair = m_scratch.values(2);
    if (pair.empty()) return value = Value(), true;
    pair[0] = Value(from.asObject()[0].key);
    pair[1] = from.asObject()[0].value;
    return value = Value(std::span<const Value>(pair)), true;
  }
  return false;
}

bool Evaluator::element(Value& value, const Value& key) {
  if (value.isArray() && key.isInt()) {
    const auto size = static_cast<std::int64_t>(value.size());
    const std::int64_t index = key.asInt() < 0 ? key.asInt() + size : key.asInt();
    value = index >= 0 && index < size ? value.asArray()[static_cast<std::size_t>(index)] : Value();
    return true;
  }
  if (value.isObject() && key.isString()) {
    const Value* found = value.find(key.asString());
    if (!found) return false;
    value = *found;
    return true;
  }
  if (key.isString() && (is(value, Special::Loop) || is(value, Special::TableLoop))) {
    Value field;
    const bool isFound = loopField(value, key.asString(), field);
    value = field;
    return isFound;
  }
  return false;
}

// The usual path: known names, each found where it was last time. All else is tail calls, so that
// this needs no frame.
Value Evaluator::path(const Path& path) {
  const Segment* segment = m_program.segments.data() + path.first;
  const Segment* const end = segment + path.count;
  if (path.isDynamicRoot) [[unlikely]]
    return dynamicPath(path, segment, end);
  Value value = m_cells[path.root.index()];
  if (value.isOpaque()) [[unlikely]]
    return opaquePath(path, segment, end);
  for (; segment != end; ++segment) {
    if (!value.isObject() || segment->isDynamic) [[unlikely]]
      return otherPath(value, segment, end);
    const std::span<const Member> members = value.asObject();
    const std::uint32_t hint = segment->hint.index.load(std::memory_order_relaxed);
    if (hint >= members.size() || !sameShortKey(members[hint].key, segment->key)) [[unlikely]]
      return otherPath(value, segment, end);
    value = members[hint].value;
  }
  return value;
}

Value Evaluator::opaquePath(const Path& path, const Segment* segment, const Segment* end) {
  return otherPath(name(path.root.index()), segment, end);
}

Value Evaluator::dynamicPath(const Path& path, const Segment* segment, const Segment* end) {
  const Value key = plain(operand(path.root));
  return otherPath(key.isString() ? named(key.asString()) : Value(), segment, end);
}

Value Evaluator::otherPath(Value value, const Segment* segment, const Segment* end) {
  for (; segment != end; ++segment) {
    if (segment->isDynamic) {
      const Value key = plain(operand(segment->dynamic));
      if (!element(value, key)) {
        return strictVariables ? missing(m_scratch.textOf(key)) : Value();
      }
    } else if (!member(value, *segment)) {
      return strictVariables ? missing(segment->key) : Value();
    }
  }
  return value;
}

Value Evaluator::range(const RangeExpression& expression) {
  const auto bound = [&](Operand operand) {
    const Value value = plain(this->operand(operand));
    if (value.isInt()) return value.asInt();
    if (value.isNil()) return std::int64_t{0};
    if (value.isString()) return leadingInteger(value.asString());
    m_scratch.fail("invalid integer");
    return std::int64_t{0};
  };
  const std::int64_t first = bound(expression.first);
  return m_scratch.range(first, bound(expression.last));
}

inline Value Evaluator::call(const FilterUse& use, Value input, std::span<const Value> args) {
  if (m_scratch.failed() || !m_scratch.spend(1 + input.size() / 64)) [[unlikely]]
    return Value();
  FilterCall filterCall{plain(input), args, m_scratch};
  const Value result = use.filter->function(filterCall);
  return m_scratch.failed() ? Value() : result;
}

Value Evaluator::apply(const FilterUse& use, Value input) {
  if (!use.isPlain || use.args > 1) [[unlikely]]
    return applyOther(use, input);
  Value arg;
  if (use.args == 1) arg = plain(operand(m_program.args[use.firstArg]));
  return call(use, input, {&arg, use.args});
}

Value Evaluator::applyOther(const FilterUse& use, Value input) {
  if (m_scratch.failed()) return Value();
  if (!use.filter) [[unlikely]] {
    if (!strictFilters) return input;
    return m_scratch.fail("undefined filter " + std::string(use.name), Failure::Undefined);
  }
  Value args[mostArguments + 1];
  const std::size_t given = std::min<std::size_t>(use.args, mostArguments);
  for (std::size_t i = 0; i < given; ++i)
    args[i] = plain(operand(m_program.args[use.firstArg + i]));
  if (use.isPlain) return call(use, input, {args, given});
  const std::size_t count = use.args + (use.named > 0 ? 1U : 0U);
  if (m_scratch.failed()) return Value();
  if (count < use.filter->leastArgs || count > use.filter->mostArgs) return wrongCount(use, count);
  if (use.named == 0) return call(use, input, {args, given});
  const auto options = m_scratch.members(use.named);
  for (std::size_t i = 0; i < options.size(); ++i) {
    const NamedArgument& argument = m_program.named[use.firstNamed + i];
    options[i] = {argument.name, plain(operand(argument.value))};
  }
  args[given] = Value(std::span<const Member>(options));
  return call(use, input, {args, given + 1});
}

Value Evaluator::wrongCount(const FilterUse& use, std::size_t count) {
  const int least = use.filter->leastArgs + 1;
  const int most = use.filter->mostArgs + 1;
  std::string message =
      "wrong number of arguments (given " + std::to_string(count + 1) + ", expected ";
  message += std::to_string(least) + (most > least ? ".." + std::to_string(most) : "") + ')';
  return m_scratch.fail(message);
}

bool Evaluator::compareWith(Comparison comparison, const Value& a, const Value& b) {
  if (comparison == Comparison::Equal) return equal(a, b);
  if (comparison == Comparison::NotEqual) return !equal(a, b);
  if (comparison == Comparison::Contains) {
    return m_scratch.spend(1 + a.size() / 64) && contains(a, b);
  }
  const Value left = plain(a);
  const Value right = plain(b);
  if (!isOrdered(left) || !isOrdered(right)) return false;
  int order = 0;
  if (!compare(left, right, order) || left.isString() != right.isString()) {
    std::string other;
    if (right.isNumber()) appendOutput(other, right);
    if (other.empty()) other = classOf(right);
    m_scratch.fail("comparison of " + classOf(left) + " with " + other + " failed");
    return false;
  }
  switch (comparison) {
    case Comparison::Less:
      return order < 0;
    case Comparison::Greater:
      return order > 0;
    case Comparison::LessOrEqual:
      return order <= 0;
    default:
      return order >= 0;
  }
}

bool Evaluator::condition(std::uint32_t index) {
  for (;;) {
    const ConditionNode& node = m_program.conditions[index];
    switch (node.kind) {
      case ConditionNode::Kind::Truthy:
        return operand(node.a).truthy();
      case ConditionNode::Kind::Compare: {
        const Value left = operand(node.a);
        return compareWith(node.comparison, left, operand(node.b));
      }
      case ConditionNode::Kind::Not:
        return !condition(node.left);
      case ConditionNode::Kind::And:
        if (!condition(node.left) || m_scratch.failed()) return false;
        break;
      case ConditionNode::Kind::Or:
        if (condition(node.left) || m_scratch.failed()) return true;
        break;
    }
    index = node.right;
  }
}

}  // namespace freshet::liquid
