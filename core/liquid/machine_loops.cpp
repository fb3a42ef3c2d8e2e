// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/liquid/machine.h"
#include "core/liquid/number.h"

namespace freshet::liquid {
namespace {

// What `limit`, `offset` and `cols` make of a value in a tablerow: to_i.
std::int64_t wholeOf(const Value& value) {
  if (value.isInt()) return value.asInt();
  if (value.isFloat()) return truncated(value.asFloat());
  return value.isString() ? leadingInteger(value.asString()) : 0;
}

}  // namespace

// The collection as an array, an object or a range, and how many items it has.
bool Renderer::Machine::collect(const LoopUse& use, Value& collection, std::int64_t& length,
                                bool isTable) {
  collection = plain(m_evaluator->operand(use.collection));
  length = 0;
  if (m_scratch->failed()) return false;
  if (collection.isArray() || collection.isObject()) {
    length = collection.size();
  } else if (isRange(collection)) {
    length = rangeOf(collection).size();
  } else if (collection.isString() && collection.size() > 0) {
    const auto one = m_scratch->values(1);
    if (one.empty()) return false;
    one[0] = collection;
    collection = Value(std::span<const Value>(one));
    length = 1;
  } else if (isTable && !collection.truthy()) {
    return false;
  }
  return true;
}

Value Renderer::Machine::item(const LoopState& state, std::int64_t index) {
  const std::int64_t at = state.first + state.step * index;
  if (state.collection.isArray()) return state.collection.asArray()[static_cast<std::size_t>(at)];
  if (state.collection.isObject()) {
    const Member& member = state.collection.asObject()[static_cast<std::size_t>(at)];
    const auto pair = m_scratch->values(2);
    if (pair.empty()) return Value();
    pair[0] = Value(member.key);
    pair[1] = member.value;
    return Value(std::span<const Value>(pair));
  }
  return Value(rangeOf(state.collection).first + at);
}

bool Renderer::Machine::beginLoop(const LoopUse& use, bool isTable) {
  // In the order of the reference: offset, collection, limit.
  std::int64_t from = 0;
  const auto number = [&](Operand operand) {
    const Value value = plain(m_evaluator->operand(operand));
    if (isTable) return wholeOf(value);
    if (value.isNil()) return std::int64_t{-1};
    const auto whole = strictInteger(value);
    if (!whole) m_scratch->fail("invalid integer");
    return whole.value_or(0);
  };
  if (use.isContinued) {
    from = entry(m_frame->continuations, use.loopName);
  } else if (use.hasOffset) {
    const Value offset = plain(m_evaluator->operand(use.offset));
    from = offset.isNil() ? 0 : number(use.offset);
  }
  Value collection;
  std::int64_t length = 0;
  if (!collect(use, collection, length, isTable)) return false;
  std::int64_t to = length;
  if (use.hasLimit) {
    const Value limit = plain(m_evaluator->operand(use.limit));
    if (!limit.isNil() || isTable) {
      std::int64_t sum = 0;
      to = __builtin_add_overflow(from, number(use.limit), &sum) ? length : std::min(length, sum);
    }
  }
  if (m_scratch->failed()) return false;
  // A text is one item whatever the offset, as it always was.
  const bool isText =
      collection.isArray() && length == 1 && plain(m_evaluator->operand(use.collection)).isString();
  const std::int64_t first = isText ? 0 : std::max<std::int64_t>(0, from);
  const std::int64_t count = isText ? 1 : std::max<std::int64_t>(0, to - first);
  std::int64_t next = 0;
  if (__builtin_add_overflow(from, count, &next)) next = INT64_MAX;
  if (!isTable) entry(m_frame->continuations, use.loopName) = next;
  if (isRange(collection) && static_cast<std::uint64_t>(count) > m_options->limits.rangeItems) {
    m_scratch->fail("a range of " + std::to_string(count) + " items is too long", Failure::Limit);
    return false;
  }
  if (isTable) m_out += "<tr class=\"row1\">\n";
  if (count == 0) {
    if (isTable) m_out += "</tr>\n";
    return false;
  }
  LoopState state;
  state.use = &use;
  state.collection = collection;
  state.first = use.isReversed ? first + count - 1 : first;
  state.step = use.isReversed ? -1 : 1;
  if (isTable) {
    state.table = m_scratch->make<TableLoop>();
    if (!state.table) return false;
    state.table->length = count;
    state.table->columns =
        use.hasColumns ? wholeOf(plain(m_evaluator->operand(use.columns))) : count;
    m_out += "<td class=\"col1\">";
  } else {
    state.loop = m_scratch->make<Loop>();
    if (!state.loop) return false;
    state.loop->name = use.name;
    state.loop->length = count;
    for (std::size_t i = m_loops.size(); i > m_frame->loopBase && !state.loop->parent; --i) {
      state.loop->parent = m_loops[i - 1].loop;
    }
  }
  m_loops.push_back(state);
  bind(isTable ? m_program->tableloopName : m_program->forloopName,
       isTable ? special(Special::TableLoop, state.table) : special(Special::Loop, state.loop));
  bind(use.variable, item(state, 0));
  return true;
}

bool Renderer::Machine::nextItem() {
  LoopState& state = m_loops.back();
  std::int64_t& index = state.loop ? state.loop->index : state.table->index;
  const std::int64_t length = state.loop ? state.loop->length : state.table->length;
  if (++index >= length) {
    endLoop();
    return false;
  }
  m_frame->cells[state.use->variable] = item(state, index);
  return true;
}

// Closes a table's cell and opens the next; `isNatural` is false after a break.
void Renderer::Machine::nextCell(bool isNatural) {
  TableLoop& table = *m_loops.back().table;
  m_out += "</td>";
  const bool isLast = table.index == table.length - 1;
  if (isNatural && !isLast) {
    if (table.column == table.columns) {
      m_out += "</tr>\n<tr class=\"row";
      appendInteger(m_out, ++table.row);
      m_out += "\">";
      table.column = 1;
    } else {
      ++table.column;
    }
    m_out += "<td class=\"col";
    appendInteger(m_out, table.column);
    m_out += "\">";
  } else {
    m_out += "</tr>\n";
  }
}

void Renderer::Machine::endLoop() {
  unbind();
  unbind();
  m_loops.pop_back();
}

void Renderer::Machine::cycle(const CycleUse& use, HtmlContext context) {
  std::int64_t* at = nullptr;
  if (use.isNamed) {
    const Value name = m_evaluator->operand(use.name);
    m_text.clear(m_scratch->remaining() / 2);
    appendInspect(m_text, name);
    const auto found = m_frame->namedCycles.find(m_text.view());
    if (found != m_frame->namedCycles.end()) {
      at = &found->second;
    } else {
      if (!m_scratch->charge(m_text.size() + sizeof *found)) return;
      at = &m_frame->namedCycles[std::string(m_text.view())];
    }
  } else {
    at = &entry(m_frame->cycles, use.key);
  }
  std::int64_t& position = *at;
  if (position < static_cast<std::int64_t>(use.count)) {
    append(m_evaluator->operand(m_program->args[use.first + static_cast<std::size_t>(position)]),
           context);
  }
  if (++position >= static_cast<std::int64_t>(use.count)) position = 0;
}

std::int64_t& Renderer::Machine::entry(std::vector<Counter>& counters, std::uint32_t name) {
  const auto found = std::ranges::find(counters, name, &Counter::name);
  if (found != counters.end()) return found->value;
  return counters.emplace_back(Counter{name, 0}).value;
}

void Renderer::Machine::setCounterCell(std::uint32_t name, std::int64_t value) {
  NameState& state = m_frame->states[name];
  if (state.bound == 0) {
    if (!state.isAssigned) m_frame->cells[name] = Value(value);
    return;
  }
  for (std::size_t i = m_frame->savedBase; i < m_saved.size(); ++i) {
    if (m_saved[i].name != name) continue;
    if (!m_saved[i].state.isAssigned) m_saved[i].value = Value(value);
    return;
  }
}

void Renderer::Machine::increment(std::uint32_t name, bool isUp) {
  auto found = std::ranges::find(m_frame->counters, name, &Counter::name);
  if (found == m_frame->counters.end()) {
    // A counter starts from data of the same name.
    Value start;
    for (std::size_t i = 0; i < m_globals.size() && !m_frame->isIsolated; ++i) {
      if (m_program->globalNames[i] == name) start = m_globals[i];
    }
    if (start.isNil() && m_evaluator->root && !m_frame->isIsolated)
      start = m_evaluator->root->get(m_program->names[name]);
    m_frame->counters.push_back({name, start.isInt() ? start.asInt() : 0});
    found = m_frame->counters.end() - 1;
  }
  std::int64_t next = found->value;
  if (__builtin_add_overflow(next, isUp ? 1 : -1, &next)) next = found->value;
  appendInteger(m_out, isUp ? found->value : next);
  found->value = next;
  setCounterCell(name, found->value);
}

}  // namespace freshet::liquid
