// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/unit_compiler.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"

namespace freshet::liquid {
namespace {

constexpr int mostNesting = 100;
constexpr std::size_t mostBytes = 256 * 1024;
constexpr std::size_t mostDiagnostics = 50;

}  // namespace

UnitCompiler::UnitCompiler(Program& program, std::uint32_t unit,
                           std::vector<Diagnostic>& diagnostics)
    : m_program(program),
      m_unit(program.units[unit]),
      m_index(unit),
      m_diagnostics(diagnostics),
      m_html(m_unit.html) {}

void UnitCompiler::compile() {
  if (m_unit.source.size() > mostBytes) {
    error(std::string_view(m_unit.source).substr(0, 0),
          "this template has " + std::to_string(m_unit.source.size()) + " bytes, more than 262144",
          "split it into partials", "E-4006");
    return;
  }
  TokenStream stream(m_unit.source, false);
  Body body;
  for (EndTag end = parseBody(stream, body); end.isFound; end = parseBody(stream, body)) {
    unexpected(end, {}, {});
  }
  optimize();
}

void UnitCompiler::onError(std::string_view at, std::string message, std::string hint,
                           std::string_view code, Severity severity) {
  if (m_diagnostics.size() >= mostDiagnostics) return;
  const std::string_view source = m_unit.source;
  const auto offset = static_cast<std::size_t>(at.data() - source.data());
  Diagnostic diagnostic;
  diagnostic.code = code;
  diagnostic.severity = severity;
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  diagnostic.file = m_unit.name;
  diagnostic.place = placeOf(source, offset, at.size());
  diagnostic.sourceLine = lineAt(source, offset);
  m_diagnostics.push_back(std::move(diagnostic));
}

void UnitCompiler::error(std::string_view at, std::string message, std::string hint,
                         std::string_view code) {
  onError(at, std::move(message), std::move(hint), code, Severity::Error);
}

void UnitCompiler::onPath(const Path& path, std::string_view source) {
  if (path.isDynamicRoot || path.root.kind() != Operand::Name) return;
  const std::uint32_t name = path.root.index();
  if (std::ranges::find(m_bound, name) != m_bound.end()) return;
  if (std::ranges::find(m_assigned, name) != m_assigned.end()) return;
  if (std::ranges::find(m_unit.freeNames, name) == m_unit.freeNames.end())
    m_unit.freeNames.push_back(name);
  Read read = describeRead(m_program, path, source, m_unit.source);
  for (const std::string& guard : m_guards) {
    const bool isBelow = read.path.size() > guard.size() && read.path.starts_with(guard) &&
                         (read.path[guard.size()] == '.' || read.path[guard.size()] == '[');
    read.isGuarded = read.isGuarded || isBelow || read.path == guard;
  }
  m_unit.reads.push_back(std::move(read));
}

void UnitCompiler::onFilter(std::string_view name, bool isFirst) {
  Note note;
  note.name = name;
  note.place = static_cast<std::uint32_t>(name.data() - m_unit.source.data());
  note.length = static_cast<std::uint32_t>(name.size());
  m_unit.filterNotes.push_back(std::move(note));
  if (isFirst && name == "default" && !m_unit.reads.empty()) m_unit.reads.back().isGuarded = true;
}

void UnitCompiler::noteBranch(std::string_view name, std::string_view raw) {
  Note note;
  note.name = name;
  note.place = static_cast<std::uint32_t>(raw.data() - m_unit.source.data());
  note.length = static_cast<std::uint32_t>(raw.size());
  m_unit.branchNotes.push_back(std::move(note));
}

std::uint32_t UnitCompiler::emit(Code code, std::string_view at, std::uint32_t a, bool isBlank) {
  Op op;
  op.code = code;
  op.a = a;
  op.b = op.c = UINT32_MAX;
  op.isBlank = isBlank;
  m_unit.ops.push_back(op);
  m_unit.places.push_back(static_cast<std::uint32_t>(at.data() - m_unit.source.data()));
  return here() - 1;
}

void UnitCompiler::text(std::string_view raw, Body& body) {
  std::string_view kept = raw;
  if (std::exchange(m_isTrimming, false)) kept = trimLeft(kept);
  const std::uint32_t op = emit(Code::Text, raw);
  m_unit.ops[op].b = static_cast<std::uint32_t>(m_program.text.size());
  m_unit.ops[op].c = static_cast<std::uint32_t>(kept.size());
  m_program.text += kept;
  m_html.feed(kept);
  m_lastText = op;
  body.texts.push_back(op);
  if (!std::ranges::all_of(kept, isSpace)) body.isBlank = false;
}

void UnitCompiler::trimAround(std::string_view raw) {
  if (raw.size() > 2 && raw[2] == '-' && m_lastText != UINT32_MAX) {
    Op& op = m_unit.ops[m_lastText];
    const std::string_view text = std::string_view(m_program.text).substr(op.b, op.c);
    op.c = static_cast<std::uint32_t>(trimRight(text).size());
  }
  m_isTrimming = raw.size() > 2 && raw[raw.size() - 3] == '-';
  m_lastText = UINT32_MAX;
}

void UnitCompiler::removeTexts(const Body& body) {
  for (const std::uint32_t op : body.texts) m_unit.ops[op].c = 0;
}

void UnitCompiler::output(std::string_view raw, Body& body) {
  trimAround(raw);
  std::string_view markup = raw.substr(2, raw.size() - 4);
  if (markup.starts_with('-')) markup.remove_prefix(1);
  if (markup.ends_with('-')) markup.remove_suffix(1);
  ExpressionParser parser(m_program, *this, markup);
  const std::uint32_t expression = parser.filtered();
  if (parser.failed()) return;
  m_program.expressions[expression].place =
      static_cast<std::uint32_t>(raw.data() - m_unit.source.data());
  m_program.expressions[expression].length = static_cast<std::uint32_t>(raw.size());
  m_program.expressions[expression].context = contextOf(m_program.expressions[expression]);
  emit(Code::Output, raw, expression);
  body.isBlank = false;
}

// A last `raw` leaves the escaping to the template, a last `escape` has done it.
HtmlContext UnitCompiler::contextOf(const FilteredOperand& expression) {
  const HtmlContext here = m_html.output();
  if (expression.filters == 0) return here;
  const FilterUse& last = m_program.filters[expression.firstFilter + expression.filters - 1U];
  if (last.name == "raw") return HtmlContext::Raw;
  const bool isMarkup = here == HtmlContext::Text || here == HtmlContext::Attribute;
  if (isMarkup && last.filter && last.filter->isSafe) return HtmlContext::Raw;
  return here == HtmlContext::Text && last.name == "newline_to_br" ? HtmlContext::Breaks : here;
}

void UnitCompiler::unclosed(std::string_view raw) {
  const bool isOutput = raw.starts_with("{{");
  error(raw.substr(0, 2), isOutput ? "this output is not closed" : "this tag is not closed",
        isOutput ? "close it with '}}'" : "close it with '%}'");
}

UnitCompiler::EndTag UnitCompiler::parseBody(TokenStream& stream, Body& body) {
  if (m_depth >= mostNesting) {
    error(std::string_view(m_unit.source).substr(m_unit.source.size()),
          "blocks are nested too deep");
    Token token;
    while (stream.next(token)) {
    }
    return {};
  }
  ++m_depth;
  EndTag end;
  Token token;
  if (!stream.isLines()) m_lastText = UINT32_MAX;
  while (!end.isFound && stream.next(token)) {
    if (stream.isLines()) {
      parseLine(token.raw, stream, body, end);
      continue;
    }
    switch (token.kind) {
      case Token::Kind::Text:
        text(token.raw, body);
        break;
      case Token::Kind::Output:
        output(token.raw, body);
        break;
      case Token::Kind::Unclosed:
        m_lastText = UINT32_MAX;
        unclosed(token.raw);
        break;
      case Token::Kind::Tag: {
        trimAround(token.raw);
        std::string_view name;
        std::string_view markup;
        if (!splitTag(token.raw, false, name, markup)) {
          error(token.raw, "expected the name of a tag");
        } else if (!dispatch(stream, name, markup, token.raw, body)) {
          end = {true, name, markup, token.raw};
        }
        m_lastText = UINT32_MAX;
      }
    }
  }
  --m_depth;
  return end;
}

void UnitCompiler::parseLine(std::string_view line, TokenStream& stream, Body& body, EndTag& end) {
  if (std::ranges::all_of(line, isSpace)) return;
  std::string_view name;
  std::string_view markup;
  if (!splitTag(line, true, name, markup)) {
    error(trimBoth(line), "expected the name of a tag");
    return;
  }
  if (!dispatch(stream, name, trimRight(markup), trimBoth(line), body))
    end = {true, name, markup, trimBoth(line)};
}

UnitCompiler::Handler UnitCompiler::handlerOf(std::string_view name) {
  static constexpr std::pair<std::string_view, Handler> handlers[] = {
      {"#", &UnitCompiler::hashTag},
      {"assign", &UnitCompiler::assignTag},
      {"break", &UnitCompiler::breakTag},
      {"capture", &UnitCompiler::captureTag},
      {"case", &UnitCompiler::caseTag},
      {"comment", &UnitCompiler::commentTag},
      {"continue", &UnitCompiler::continueTag},
      {"cycle", &UnitCompiler::cycleTag},
      {"decrement", &UnitCompiler::decrementTag},
      {"doc", &UnitCompiler::docTag},
      {"echo", &UnitCompiler::echoTag},
      {"for", &UnitCompiler::forTag},
      {"if", &UnitCompiler::ifTag},
      {"ifchanged", &UnitCompiler::ifchangedTag},
      {"include", &UnitCompiler::includeTag},
      {"increment", &UnitCompiler::incrementTag},
      {"raw", &UnitCompiler::rawTag},
      {"render", &UnitCompiler::renderTag},
      {"tablerow", &UnitCompiler::tablerowTag},
      {"unless", &UnitCompiler::unlessTag},
  };
  for (const auto& [known, handler] : handlers) {
    if (known == name) return handler;
  }
  return nullptr;
}

bool UnitCompiler::dispatch(TokenStream& stream, std::string_view name, std::string_view markup,
                            std::string_view raw, Body& body) {
  if (name == "liquid") {
    TokenStream lines(markup, true);
    for (EndTag end = parseBody(lines, body); end.isFound; end = parseBody(lines, body)) {
      unexpected(end, "liquid", raw);
    }
    return true;
  }
  bool isBlank = false;
  if (const Tag* tag = m_program.environment.tag(name)) {
    isBlank = customTag(*tag, markup, raw);
  } else if (const Handler handler = handlerOf(name)) {
    isBlank = (this->*handler)(stream, markup, raw);
  } else {
    return false;
  }
  body.isBlank = body.isBlank && isBlank;
  return true;
}

void UnitCompiler::unexpected(const EndTag& end, std::string_view block, std::string_view opening) {
  const std::string name(end.name);
  const bool isBranch = name == "else" || name == "elsif" || name == "when";
  if (block.empty() && (isBranch || name.starts_with("end"))) {
    error(end.raw, quoted(name) + " without the block it belongs to");
  } else if (isBranch) {
    error(end.raw, quoted(name) + " does not belong into " + quoted(block));
  } else if (name.starts_with("end")) {
    const Place place =
        placeOf(m_unit.source, static_cast<std::size_t>(opening.data() - m_unit.source.data()), 1);
    error(end.raw, "expected 'end" + std::string(block) + "', found '" + name + "'",
          quoted(block) + " was opened in line " + std::to_string(place.line));
  } else {
    std::string hint;
    if (const auto near = nearest(name, m_program.environment.tagNames()))
      hint = "did you mean '" + *near + "'?";
    error(end.raw, "unknown tag '" + name + "'", std::move(hint), "E-4002");
  }
}

}  // namespace freshet::liquid
