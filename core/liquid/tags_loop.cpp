// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/unit_compiler.h"

namespace freshet::liquid {

LoopUse UnitCompiler::forMarkup(std::string_view markup) {
  LoopUse loop;
  ExpressionParser parser(m_program, *this, markup);
  const std::string_view variable = parser.expect(Sign::Name);
  if (!parser.failed() && !parser.accept("in")) {
    parser.fail(parser.look(), "expected 'in'", "{% for item in items %}");
  }
  const std::size_t start = parser.position();
  loop.collection = parser.operand();
  const std::string name = std::string(variable) + '-' + parser.textSince(start);
  loop.isReversed = parser.accept("reversed");
  while (!parser.failed() &&
         (parser.look().sign == Sign::Comma || parser.look().sign == Sign::Name)) {
    parser.accept(Sign::Comma);
    const bool isLimit = parser.accept("limit");
    if (!isLimit && !parser.accept("offset")) {
      parser.fail(parser.look(),
                  "expected 'limit' or 'offset', found '" + std::string(parser.look().text) + "'",
                  "{% for item in items reversed limit: 3 offset: 2 %}");
      break;
    }
    parser.expect(Sign::Colon);
    if (!isLimit && parser.look().text == "continue" && parser.look(1).sign != Sign::Dot &&
        parser.look(1).sign != Sign::OpenSquare) {
      parser.accept("continue");
      loop.isContinued = true;
      loop.hasOffset = false;
      continue;
    }
    (isLimit ? loop.limit : loop.offset) = parser.operand();
    (isLimit ? loop.hasLimit : loop.hasOffset) = true;
    if (!isLimit) loop.isContinued = false;
  }
  parser.expectEnd();
  if (parser.failed()) loop = {};
  loop.variable = m_program.names.intern(variable);
  loop.name = m_program.literals.copy(name);
  loop.loopName = m_program.names.intern(loop.name);
  return loop;
}

bool UnitCompiler::forTag(TokenStream& stream, std::string_view markup, std::string_view raw) {
  const LoopUse loop = forMarkup(markup);
  const auto index = static_cast<std::uint32_t>(m_program.loops.size());
  m_program.loops.push_back(loop);
  noteBranch("for", raw);
  const std::uint32_t begin = emit(Code::LoopBegin, raw, index);
  const std::uint32_t bodyStart = here();
  m_flow.push_back({Code::LoopPop, index, false, {}, {}});
  m_bound.push_back(loop.variable);
  m_bound.push_back(m_program.forloopName);
  std::vector<Body> bodies(1);
  std::uint32_t next = UINT32_MAX;
  std::uint32_t pop = UINT32_MAX;
  const auto closeLoop = [&](std::string_view at) {
    next = emit(Code::LoopNext, at, index);
    m_unit.ops[next].b = bodyStart;
    pop = emit(Code::LoopPop, at, index);
    const Flow flow = std::move(m_flow.back());
    m_flow.pop_back();
    m_bound.resize(m_bound.size() - 2);
    for (const std::uint32_t jump : flow.continues) m_unit.ops[jump].b = next;
    for (const std::uint32_t jump : flow.breaks) m_unit.ops[jump].b = pop;
    m_unit.ops[begin].b = here();
  };
  for (;;) {
    const EndTag end = parseBody(stream, bodies.back());
    if (end.isFound && end.name == "else" && next == UINT32_MAX) {
      closeLoop(end.raw);
      noteBranch("else", end.raw);
      bodies.emplace_back();
      continue;
    }
    if (end.isFound && end.name != "endfor") {
      unexpected(end, "for", raw);
      bodies.emplace_back();
      continue;
    }
    if (!end.isFound) error(raw, "'for' is never closed", "close it with 'endfor'");
    if (next == UINT32_MAX) closeLoop(raw);
    break;
  }
  m_unit.ops[next].c = m_unit.ops[pop].c = m_unit.ops[begin].c = here();
  bool isBlank = true;
  for (const Body& body : bodies) isBlank = isBlank && body.isBlank;
  m_unit.ops[begin].isBlank = isBlank;
  if (isBlank) {
    for (const Body& body : bodies) removeTexts(body);
  }
  return isBlank;
}

bool UnitCompiler::tablerowTag(TokenStream& stream, std::string_view markup, std::string_view raw) {
  LoopUse loop;
  loop.variable = m_program.names.intern("");
  std::size_t in = 0;
  bool isFound = false;
  // (\w+)\s+in\s+(fragment): the first " in " with a word before it and a fragment behind it.
  while (!isFound && (in = markup.find("in", in)) != std::string_view::npos) {
    std::size_t wordEnd = in;
    while (wordEnd > 0 && isSpace(markup[wordEnd - 1])) --wordEnd;
    std::size_t wordStart = wordEnd;
    while (wordStart > 0 && isWord(markup[wordStart - 1])) --wordStart;
    std::size_t at = in + 2;
    while (at < markup.size() && isSpace(markup[at])) ++at;
    const std::size_t length =
        at > in + 2 && wordEnd < in && wordStart < wordEnd ? fragmentLength(markup, at) : 0;
    if (length > 0) {
      isFound = true;
      loop.variable = m_program.names.intern(markup.substr(wordStart, wordEnd - wordStart));
      loop.collection = looseOperand(m_program, *this, markup.substr(at, length));
    }
    in += 2;
  }
  if (!isFound)
    error(raw, "'tablerow' needs a name and a collection", "{% tablerow item in items cols: 3 %}");
  std::string_view key;
  std::string_view value;
  for (std::size_t at = 0; nextAttribute(markup, at, key, value);) {
    const Operand operand = looseOperand(m_program, *this, value);
    if (key == "limit") loop.limit = operand, loop.hasLimit = true;
    if (key == "offset") loop.offset = operand, loop.hasOffset = true;
    if (key == "cols") loop.columns = operand, loop.hasColumns = true;
  }
  const auto index = static_cast<std::uint32_t>(m_program.loops.size());
  m_program.loops.push_back(loop);
  const std::uint32_t begin = emit(Code::TableBegin, raw, index);
  const std::uint32_t bodyStart = here();
  m_flow.push_back({Code::TablePop, index, false, {}, {}});
  m_bound.push_back(loop.variable);
  m_bound.push_back(m_program.tableloopName);
  Body body;
  for (EndTag end = parseBody(stream, body);; end = parseBody(stream, body)) {
    if (!end.isFound) error(raw, "'tablerow' is never closed", "close it with 'endtablerow'");
    if (!end.isFound || end.name == "endtablerow") break;
    unexpected(end, "tablerow", raw);
  }
  const std::uint32_t next = emit(Code::TableNext, raw, index);
  m_unit.ops[next].b = bodyStart;
  const std::uint32_t pop = emit(Code::TablePop, raw, index);
  const Flow flow = std::move(m_flow.back());
  m_flow.pop_back();
  m_bound.resize(m_bound.size() - 2);
  for (const std::uint32_t jump : flow.continues) m_unit.ops[jump].b = next;
  for (const std::uint32_t jump : flow.breaks) m_unit.ops[jump].b = pop;
  m_unit.ops[next].c = m_unit.ops[pop].c = m_unit.ops[begin].b = m_unit.ops[begin].c = here();
  m_unit.ops[begin].isBlank = body.isBlank;
  return body.isBlank;
}

// Leaves captures on the way, as their tags would have done after an interrupt.
void UnitCompiler::leave(bool isBreak, std::string_view raw) {
  for (std::size_t i = m_flow.size(); i > 0; --i) {
    Flow& flow = m_flow[i - 1];
    if (!flow.isLoop()) {
      emit(flow.closing, raw, flow.data, flow.isBlank);
      continue;
    }
    const std::uint32_t jump = emit(Code::Jump, raw);
    (isBreak ? flow.breaks : flow.continues).push_back(jump);
    return;
  }
  emit(Code::Exit, raw, isBreak ? 1 : 2);
}

bool UnitCompiler::breakTag(TokenStream&, std::string_view, std::string_view raw) {
  leave(true, raw);
  return false;
}

bool UnitCompiler::continueTag(TokenStream&, std::string_view, std::string_view raw) {
  leave(false, raw);
  return false;
}

bool UnitCompiler::cycleTag(TokenStream&, std::string_view markup, std::string_view raw) {
  CycleUse cycle;
  const std::size_t length = fragmentLength(markup, 0);
  if (length == 0) {
    error(raw, "'cycle' needs values", "{% cycle 'odd', 'even' %}");
    return false;
  }
  // `name: values`: the name is the first fragment, up to its last colon if it holds one.
  std::string_view list = markup;
  const std::string_view first = markup.substr(0, length);
  std::size_t colon = length;
  while (colon < markup.size() && isSpace(markup[colon])) ++colon;
  const bool isQuoted = first.front() == '"' || first.front() == '\'';
  if (colon < markup.size() && markup[colon] == ':') {
    cycle.isNamed = true;
  } else if (!isQuoted && first.rfind(':') != std::string_view::npos && first.rfind(':') > 0) {
    colon = first.rfind(':');
    cycle.isNamed = true;
  }
  if (cycle.isNamed) {
    cycle.name = looseOperand(m_program, *this, markup.substr(0, std::min(colon, length)));
    list = markup.substr(colon + 1);
  }
  std::vector<Operand> values;
  bool isConstant = true;
  Buffer key;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    const std::string_view part = list.substr(at, comma - at);
    std::size_t start = 0;
    std::size_t stop = 0;
    if (findFragment(part, 0, start, stop)) {
      values.push_back(looseOperand(m_program, *this, part.substr(start, stop - start)));
      if (values.back().kind() == Operand::Constant) {
        appendInspect(key, m_program.constants[values.back().index()]);
        key += ',';
      } else {
        isConstant = false;
      }
    }
    at = comma + 1;
  }
  // Without a name the values are the name; with variables among them each tag stands for itself.
  const std::string name =
      isConstant ? std::string(key.view()) : "tag " + std::to_string(m_program.cycles.size());
  const auto keyIndex = static_cast<std::uint32_t>(m_program.cycleKeys.size());
  cycle.key = m_program.cycleKeys.emplace(name, keyIndex).first->second;
  cycle.first = static_cast<std::uint32_t>(m_program.args.size());
  cycle.count = static_cast<std::uint32_t>(values.size());
  m_program.args.insert(m_program.args.end(), values.begin(), values.end());
  m_program.cycles.push_back(cycle);
  const std::uint32_t op =
      emit(Code::Cycle, raw, static_cast<std::uint32_t>(m_program.cycles.size() - 1));
  m_unit.ops[op].slot = static_cast<std::uint16_t>(m_html.output());
  return false;
}

}  // namespace freshet::liquid
