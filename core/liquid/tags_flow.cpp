// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/unit_compiler.h"

namespace freshet::liquid {

bool UnitCompiler::ifTag(TokenStream& stream, std::string_view markup, std::string_view raw) {
  return branches(stream, markup, raw, false);
}

bool UnitCompiler::unlessTag(TokenStream& stream, std::string_view markup, std::string_view raw) {
  return branches(stream, markup, raw, true);
}

bool UnitCompiler::branches(TokenStream& stream, std::string_view markup, std::string_view raw,
                            bool isUnless) {
  const std::string_view block = isUnless ? "unless" : "if";
  std::vector<Body> bodies(1);
  std::vector<std::uint32_t> tests;
  std::vector<std::uint32_t> leaving;
  const auto test = [&](std::string_view condition, std::string_view at, bool isInverse) {
    const std::size_t first = m_unit.reads.size();
    ExpressionParser parser(m_program, *this, condition);
    const std::uint32_t root = parser.condition(false);
    // What a condition looks at may be missing, and what it guards is known to be there.
    for (std::size_t i = first; i < m_unit.reads.size(); ++i) {
      m_unit.reads[i].isGuarded = true;
      if (!isInverse) m_guards.push_back(m_unit.reads[i].path);
    }
    tests.push_back(emit(isInverse ? Code::JumpIf : Code::JumpUnless, at, root));
  };
  const std::size_t guards = m_guards.size();
  noteBranch(block, raw);
  test(markup, raw, isUnless);
  const HtmlTracker before = m_html;
  HtmlTracker after = m_html;
  bool isOpen = true;  // the last test still waits for where to go when it fails
  for (;;) {
    const EndTag end = parseBody(stream, bodies.back());
    if (!end.isFound) {
      error(raw, quoted(block) + " is never closed",
            "close it with 'end" + std::string(block) + "'");
      break;
    }
    if (end.name == (isUnless ? "endunless" : "endif")) break;
    if (end.name != "else" && end.name != "elsif") {
      unexpected(end, block, raw);
      bodies.emplace_back();
      continue;
    }
    leaving.push_back(emit(Code::Jump, end.raw));
    m_guards.resize(guards);
    noteBranch(end.name, end.raw);
    // Each branch starts where the block does; what follows goes on from the first.
    if (bodies.size() == 1) after = m_html;
    m_html = before;
    if (isOpen) m_unit.ops[tests.back()].b = here();
    isOpen = end.name == "elsif";
    if (isOpen) test(end.markup, end.raw, false);
    bodies.emplace_back();
  }
  m_guards.resize(guards);
  if (bodies.size() > 1) m_html = after;
  if (isOpen) m_unit.ops[tests.back()].b = here();
  for (const std::uint32_t jump : leaving) m_unit.ops[jump].b = here();
  bool isBlank = true;
  for (const Body& body : bodies) isBlank = isBlank && body.isBlank;
  for (const std::uint32_t op : tests) {
    m_unit.ops[op].c = here();
    m_unit.ops[op].isBlank = isBlank;
  }
  if (isBlank) {
    for (const Body& body : bodies) removeTexts(body);
  }
  return isBlank;
}

bool UnitCompiler::caseTag(TokenStream& stream, std::string_view markup, std::string_view raw) {
  std::size_t start = 0;
  std::size_t stop = 0;
  Operand left;
  if (findFragment(markup, 0, start, stop)) {
    left = looseOperand(m_program, *this, markup.substr(start, stop - start));
  } else {
    error(raw, "'case' needs a value", "{% case value %}");
  }
  const auto slot = static_cast<std::uint16_t>(m_unit.slots);
  m_unit.slots += 2;
  const std::uint32_t firstOp = emit(Code::CaseReset, raw);
  m_unit.ops[firstOp].slot = slot;
  std::vector<Body> bodies(1);
  std::uint32_t test = UINT32_MAX;  // the `when` whose body is being read
  std::uint32_t otherwise = UINT32_MAX;
  const auto close = [&](std::string_view at) {
    if (test != UINT32_MAX) {
      const bool isSingle = m_program.cycles[m_unit.ops[test].a].count == 1;
      const std::uint32_t jump = emit(Code::Jump, at);
      m_unit.ops[jump].b = isSingle ? here() : test;
      m_unit.ops[test].b = here();
    }
    if (otherwise != UINT32_MAX) m_unit.ops[otherwise].b = here();
    test = otherwise = UINT32_MAX;
  };
  const HtmlTracker before = m_html;
  HtmlTracker after = m_html;
  // What stands before the first `when` is read and thrown away.
  const std::uint32_t junk = here();
  const std::size_t reads = m_unit.reads.size();
  for (;;) {
    const EndTag end = parseBody(stream, bodies.back());
    if (bodies.size() == 1) {
      m_unit.ops.resize(junk);
      m_unit.places.resize(junk);
      m_unit.reads.resize(reads);
      bodies.front().texts.clear();
    }
    if (!end.isFound) {
      error(raw, "'case' is never closed", "close it with 'endcase'");
      close(raw);
      break;
    }
    if (end.name != "when" && end.name != "else" && end.name != "endcase") {
      unexpected(end, "case", raw);
      bodies.emplace_back();
      continue;
    }
    close(end.raw);
    if (bodies.size() == 2) after = m_html;
    if (end.name == "endcase") break;
    m_html = before;
    noteBranch(end.name, end.raw);
    bodies.emplace_back();
    if (end.name == "when") {
      when(end.markup, end.raw, left, slot, test);
    } else {
      if (!trimBoth(end.markup).empty()) error(end.raw, "'else' takes no value here");
      otherwise = emit(Code::CaseElse, end.raw);
      m_unit.ops[otherwise].slot = slot;
    }
  }
  m_html = after;
  bool isBlank = true;
  for (const Body& body : bodies) isBlank = isBlank && body.isBlank;
  for (std::uint32_t op = firstOp; op < here(); ++op) {
    Op& each = m_unit.ops[op];
    if (each.code != Code::CaseTest || each.slot != slot) continue;
    each.c = here();
    each.isBlank = isBlank;
  }
  if (isBlank) {
    for (const Body& body : bodies) removeTexts(body);
  }
  return isBlank;
}

void UnitCompiler::when(std::string_view markup, std::string_view raw, Operand left,
                        std::uint16_t slot, std::uint32_t& test) {
  std::vector<Operand> values;
  std::size_t start = 0;
  std::size_t stop = 0;
  std::size_t at = 0;
  while (findFragment(markup, at, start, stop)) {
    values.push_back(looseOperand(m_program, *this, markup.substr(start, stop - start), true));
    // " or " or a comma leads to the next value; anything else ends the list.
    std::size_t next = stop;
    while (next < markup.size() && isSpace(markup[next])) ++next;
    if (next < markup.size() && markup[next] == ',') {
      at = next + 1;
    } else if (next > stop && markup.substr(next).starts_with("or") && next + 2 < markup.size() &&
               isSpace(markup[next + 2])) {
      at = next + 3;
    } else {
      break;
    }
    while (at < markup.size() && isSpace(markup[at])) ++at;
    if (fragmentLength(markup, at) == 0) break;
  }
  if (values.empty()) error(raw, "'when' needs a value", "{% when 'a', 'b' %}");
  CycleUse use;
  use.name = left;
  use.first = static_cast<std::uint32_t>(m_program.args.size());
  use.count = static_cast<std::uint32_t>(values.size());
  m_program.args.insert(m_program.args.end(), values.begin(), values.end());
  m_program.cycles.push_back(use);
  const std::uint32_t reset = emit(Code::CaseReset, raw);
  m_unit.ops[reset].slot = static_cast<std::uint16_t>(slot + 1);
  test = emit(Code::CaseTest, raw, static_cast<std::uint32_t>(m_program.cycles.size() - 1));
  m_unit.ops[test].slot = slot;
}

bool UnitCompiler::ifchangedTag(TokenStream& stream, std::string_view, std::string_view raw) {
  emit(Code::ChangedBegin, raw);
  m_flow.push_back({Code::ChangedEnd, 0, false, {}, {}});
  Body body;
  for (EndTag end = parseBody(stream, body);; end = parseBody(stream, body)) {
    if (!end.isFound) {
      error(raw, "'ifchanged' is never closed", "close it with 'endifchanged'");
      break;
    }
    if (end.name == "endifchanged") break;
    unexpected(end, "ifchanged", raw);
  }
  m_flow.pop_back();
  emit(Code::ChangedEnd, raw);
  return body.isBlank;
}

}  // namespace freshet::liquid
