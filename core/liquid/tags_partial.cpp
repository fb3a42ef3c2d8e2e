// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "core/liquid/unit_compiler.h"

namespace freshet::liquid {
namespace {

// " word" at `at`, followed by space; moves behind it.
bool keyword(std::string_view markup, std::size_t& at, std::string_view word) {
  std::size_t next = at;
  while (next < markup.size() && isSpace(markup[next])) ++next;
  if (next == at || !markup.substr(next).starts_with(word)) return false;
  next += word.size();
  if (next >= markup.size() || !isSpace(markup[next])) return false;
  while (next < markup.size() && isSpace(markup[next])) ++next;
  at = next;
  return true;
}

std::size_t fragmentsLength(std::string_view markup, std::size_t at) {
  const std::size_t start = at;
  while (const std::size_t length = fragmentLength(markup, at)) at += length;
  return at - start;
}

}  // namespace

bool nextAttribute(std::string_view markup, std::size_t& at, std::string_view& key,
                   std::string_view& value) {
  for (std::size_t colon = markup.find(':', at); colon != std::string_view::npos;
       colon = markup.find(':', colon + 1)) {
    std::size_t end = colon;
    while (end > at && isSpace(markup[end - 1])) --end;
    std::size_t start = end;
    while (start > at && (isWord(markup[start - 1]) || markup[start - 1] == '-')) --start;
    while (start < end && markup[start] == '-') ++start;
    std::size_t from = colon + 1;
    while (from < markup.size() && isSpace(markup[from])) ++from;
    const std::size_t length = fragmentLength(markup, from);
    if (start == end || length == 0) continue;
    key = markup.substr(start, end - start);
    value = markup.substr(from, length);
    at = from + length;
    return true;
  }
  return false;
}

void UnitCompiler::attributes(std::string_view markup, PartialUse& use) {
  std::vector<NamedArgument> named;
  std::string_view key;
  std::string_view value;
  for (std::size_t at = 0; nextAttribute(markup, at, key, value);) {
    named.push_back(
        {m_program.names[m_program.names.intern(key)], looseOperand(m_program, *this, value)});
  }
  use.firstNamed = static_cast<std::uint32_t>(m_program.named.size());
  use.named = static_cast<std::uint32_t>(named.size());
  m_program.named.insert(m_program.named.end(), named.begin(), named.end());
}

void UnitCompiler::notePartial(std::string_view name, std::string_view at, std::uint32_t unit,
                               bool isRender) {
  Note note;
  note.name = name;
  note.place = static_cast<std::uint32_t>(at.data() - m_unit.source.data());
  note.length = static_cast<std::uint32_t>(at.size());
  note.unit = unit;
  note.isRender = isRender;
  m_unit.partialNotes.push_back(std::move(note));
}

std::uint32_t UnitCompiler::partialUnit(std::string_view name, std::string_view at, bool isRender) {
  // In another place of the document the same partial escapes differently.
  const std::string key = std::string(name) + m_html.key();
  auto found = m_program.unitByName.find(key);
  if (found == m_program.unitByName.end()) {
    const auto index = static_cast<std::uint32_t>(m_program.units.size());
    Unit& unit = m_program.units.emplace_back();
    unit.name = name;
    unit.html = m_html;
    Result<std::string> source = m_program.environment.load(name);
    if (source) {
      unit.source = std::move(source).value();
    } else {
      unit.isBroken = true;
      unit.problem = source.error().message;
    }
    found = m_program.unitByName.emplace(key, index).first;
  }
  notePartial(name, at, found->second, isRender);
  const Unit& unit = m_program.units[found->second];
  if (unit.isBroken) onError(at, unit.problem, {}, "E-4004", Severity::Warning);
  return found->second;
}

bool UnitCompiler::includeTag(TokenStream&, std::string_view markup, std::string_view raw) {
  PartialUse use;
  std::size_t start = 0;
  std::size_t stop = 0;
  if (!findFragment(markup, 0, start, stop)) {
    error(raw, "'include' needs the name of a partial", "{% include 'name' %}");
    return false;
  }
  stop = start + fragmentsLength(markup, start);
  const std::string_view name = markup.substr(start, stop - start);
  use.name = looseOperand(m_program, *this, name);
  std::size_t at = stop;
  if (keyword(markup, at, "with") || keyword(markup, at, "for")) {
    if (const std::size_t length = fragmentsLength(markup, at); length > 0) {
      use.variable = looseOperand(m_program, *this, markup.substr(at, length));
      use.hasVariable = true;
      at += length;
    } else {
      at = stop;
    }
  }
  if (keyword(markup, at, "as")) {
    std::size_t end = at;
    while (end < markup.size() && (isWord(markup[end]) || markup[end] == '-')) ++end;
    if (end > at) use.alias = m_program.names.intern(markup.substr(at, end - at));
  }
  attributes(markup, use);
  if (use.name.kind() == Operand::Constant && m_program.constants[use.name.index()].isString()) {
    const std::string_view text = m_program.constants[use.name.index()].asString();
    use.unit = partialUnit(text, name, false);
    m_unit.includes.push_back(use.unit);
    if (!use.hasVariable) {
      Path path;
      path.root = {Operand::Name, m_program.names.intern(text)};
      use.variable = path.root;
    }
    if (use.alias == UINT32_MAX) {
      const std::size_t slash = text.rfind('/');
      use.alias =
          m_program.names.intern(slash == std::string_view::npos ? text : text.substr(slash + 1));
    }
  }
  m_program.partials.push_back(use);
  emit(Code::Include, raw, static_cast<std::uint32_t>(m_program.partials.size() - 1));
  // What a `break` inside the partial does here.
  const std::uint32_t exit = emit(Code::OnExit, raw);
  m_unit.ops[exit].a = here();
  leave(true, raw);
  m_unit.ops[exit].b = here();
  leave(false, raw);
  m_unit.ops[exit].c = here();
  return false;
}

bool UnitCompiler::renderTag(TokenStream&, std::string_view markup, std::string_view raw) {
  PartialUse use;
  use.isRender = true;
  std::size_t start = 0;
  std::size_t length = 0;
  for (; start < markup.size() && length == 0; ++start) {
    if (markup[start] != '"' && markup[start] != '\'') continue;
    length = fragmentLength(markup, start);
    if (length > 0) break;
  }
  if (length == 0) {
    error(raw, "'render' needs the quoted name of a partial", "{% render 'name' %}");
    return false;
  }
  const std::string_view quoted = markup.substr(start, length);
  const std::string_view name = quoted.substr(1, quoted.size() - 2);
  use.name = m_program.textConstant(name);
  std::size_t at = start + length;
  use.isFor = keyword(markup, at, "for");
  if (use.isFor || keyword(markup, at, "with")) {
    const std::size_t value = fragmentsLength(markup, at);
    use.hasVariable = value > 0;
    use.variable = looseOperand(m_program, *this, markup.substr(at, value));
    at += value;
  }
  if (keyword(markup, at, "as")) {
    std::size_t end = at;
    while (end < markup.size() && (isWord(markup[end]) || markup[end] == '-')) ++end;
    if (end > at) use.alias = m_program.names.intern(markup.substr(at, end - at));
  }
  if (use.alias == UINT32_MAX) {
    const std::size_t slash = name.rfind('/');
    use.alias =
        m_program.names.intern(slash == std::string_view::npos ? name : name.substr(slash + 1));
  }
  attributes(markup, use);
  use.unit = partialUnit(name, quoted, true);
  m_unit.renders.push_back(use.unit);
  m_program.partials.push_back(use);
  emit(Code::Render, raw, static_cast<std::uint32_t>(m_program.partials.size() - 1));
  return false;
}

bool UnitCompiler::customTag(const Tag& tag, std::string_view markup, std::string_view raw) {
  CustomUse use;
  use.tag = &tag;
  use.markup = m_program.literals.copy(markup);
  std::vector<Operand> args;
  if (tag.arguments) {
    Result<std::vector<std::string>> parts = tag.arguments(markup);
    if (!parts) {
      error(raw, parts.error().message);
      return false;
    }
    for (const std::string& part : *parts) {
      // The parts are the tag's own texts: places inside them mean nothing, the tag's place does.
      args.push_back(looseOperand(m_program, *this, m_program.literals.copy(part)));
    }
  }
  use.first = static_cast<std::uint32_t>(m_program.args.size());
  use.count = static_cast<std::uint32_t>(args.size());
  m_program.args.insert(m_program.args.end(), args.begin(), args.end());
  m_program.customs.push_back(use);
  emit(Code::Custom, raw, static_cast<std::uint32_t>(m_program.customs.size() - 1));
  return false;
}

}  // namespace freshet::liquid
