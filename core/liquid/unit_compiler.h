// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/liquid/expression_parser.h"

namespace freshet::liquid {

/// Compiles one template or partial into a unit of a program. Goes on after an error at the next
/// tag, so that several are found at once and the rest still renders in a preview.
class UnitCompiler final : private ParseObserver {
 public:
  UnitCompiler(Program& program, std::uint32_t unit, std::vector<Diagnostic>& diagnostics);
  void compile();

 private:
  struct Body {
    bool isBlank = true;
    std::vector<std::uint32_t> texts;
  };
  struct EndTag {
    bool isFound = false;
    std::string_view name;
    std::string_view markup;
    std::string_view raw;
  };
  // What `break` has to leave: a loop, or a capture inside one.
  struct Flow {
    Code closing = Code::LoopPop;
    std::uint32_t data = 0;
    bool isBlank = false;
    std::vector<std::uint32_t> breaks;
    std::vector<std::uint32_t> continues;
    bool isLoop() const { return closing == Code::LoopPop || closing == Code::TablePop; }
  };
  using Handler = bool (UnitCompiler::*)(TokenStream&, std::string_view markup,
                                         std::string_view raw);

  void onPath(const Path& path, std::string_view source) override;
  void onFilter(std::string_view name, bool isFirst) override;
  void onError(std::string_view at, std::string message, std::string hint, std::string_view code,
               Severity severity) override;
  void error(std::string_view at, std::string message, std::string hint = {},
             std::string_view code = "E-4001");

  // unit_compiler.cpp
  EndTag parseBody(TokenStream& stream, Body& body);
  void parseLine(std::string_view line, TokenStream& stream, Body& body, EndTag& end);
  void text(std::string_view raw, Body& body);
  void output(std::string_view raw, Body& body);
  void unclosed(std::string_view raw);
  void trimAround(std::string_view raw);
  bool dispatch(TokenStream& stream, std::string_view name, std::string_view markup,
                std::string_view raw, Body& body);
  static Handler handlerOf(std::string_view name);
  void unexpected(const EndTag& end, std::string_view block, std::string_view opening);
  std::uint32_t emit(Code code, std::string_view at, std::uint32_t a = 0, bool isBlank = false);
  void removeTexts(const Body& body);
  std::uint32_t here() const { return static_cast<std::uint32_t>(m_unit.ops.size()); }
  std::uint32_t copied(std::string_view text) { return m_program.names.intern(text); }

  // Each handler returns whether the tag is blank.
  // tags_flow.cpp
  bool ifTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool unlessTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool branches(TokenStream& stream, std::string_view markup, std::string_view raw, bool isUnless);
  bool caseTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  void when(std::string_view markup, std::string_view raw, Operand left, std::uint16_t slot,
            std::uint32_t& test);
  bool ifchangedTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  // tags_loop.cpp
  bool forTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool tablerowTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool breakTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool continueTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool cycleTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  void leave(bool isBreak, std::string_view raw);
  LoopUse forMarkup(std::string_view markup);
  // tags_variable.cpp
  bool assignTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool captureTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool incrementTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool decrementTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool echoTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool commentTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool hashTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool docTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool rawTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  void noteBranch(std::string_view name, std::string_view raw);
  void notePartial(std::string_view name, std::string_view at, std::uint32_t unit, bool isRender);
  void noteAssigned(std::uint32_t name);
  bool skipRaw(TokenStream& stream, std::string_view opening);
  // tags_partial.cpp
  bool includeTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool renderTag(TokenStream& stream, std::string_view markup, std::string_view raw);
  bool customTag(const Tag& tag, std::string_view markup, std::string_view raw);
  void attributes(std::string_view markup, PartialUse& use);
  std::uint32_t partialUnit(std::string_view name, std::string_view at, bool isRender);
  HtmlContext contextOf(const FilteredOperand& expression);
  void optimize();

  Program& m_program;
  Unit& m_unit;
  std::uint32_t m_index;
  std::vector<Diagnostic>& m_diagnostics;
  std::vector<Flow> m_flow;
  std::vector<std::uint32_t> m_bound;
  std::vector<std::uint32_t> m_assigned;
  std::vector<std::string> m_guards;  // paths that conditions around this place have tested
  std::uint32_t m_lastText = UINT32_MAX;
  bool m_isTrimming = false;
  int m_depth = 0;
  HtmlTracker m_html;
};

/// Finds the next `key: value` of a tag's attributes at or behind `at`.
bool nextAttribute(std::string_view markup, std::size_t& at, std::string_view& key,
                   std::string_view& value);

/// Compiles `source` and every partial it names; diagnostics in reading order.
void compileProgram(Program& program, std::string_view source, std::string_view name,
                    std::vector<Diagnostic>& diagnostics);

}  // namespace freshet::liquid
