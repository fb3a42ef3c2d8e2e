// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/arena.h"
#include "core/liquid/diagnostic.h"
#include "core/liquid/environment.h"
#include "core/liquid/html_tracker.h"

/// The compiled form of templates and expressions: flat tables that refer to each other by index.
/// Immutable once built, so that any number of threads can run it; private to core/liquid.
namespace freshet::liquid {

/// A value to fetch: a constant, a name, a path or a range, by index into the program's tables.
class Operand {
 public:
  enum Kind : std::uint32_t { Constant, Name, Path, Range };
  constexpr Operand() = default;
  constexpr Operand(Kind kind, std::size_t index)
      : m_bits(static_cast<std::uint32_t>(kind) << 30 | static_cast<std::uint32_t>(index)) {}
  constexpr Kind kind() const { return static_cast<Kind>(m_bits >> 30); }
  constexpr std::uint32_t index() const { return m_bits & 0x3fffffff; }
  constexpr bool operator==(const Operand&) const = default;

 private:
  std::uint32_t m_bits = 0;  // constant 0 is nil
};

/// Where a member was found last time; races are harmless, it is checked before use.
struct Hint {
  Hint() = default;
  Hint(const Hint&) {}
  Hint& operator=(const Hint&) { return *this; }
  std::atomic<std::uint32_t> index{0};
};

enum class Command : std::uint8_t { None, Size, First, Last };

struct Segment {
  std::string_view key;
  Operand dynamic;
  bool isDynamic = false;
  Command command = Command::None;
  mutable Hint hint;
};

struct Path {
  Operand root;
  bool isDynamicRoot = false;
  std::uint16_t count = 0;
  std::uint32_t first = 0;
  std::uint32_t place = 0;
};

struct RangeExpression {
  Operand first;
  Operand last;
};

struct NamedArgument {
  std::string_view name;
  Operand value;
};

struct FilterUse {
  const Filter* filter = nullptr;  // null: unknown
  bool isPlain = false;            // known, given as many values as it takes, and no options
  std::string_view name;
  std::uint32_t firstArg = 0;
  std::uint32_t firstNamed = 0;
  std::uint16_t args = 0;
  std::uint16_t named = 0;
  std::uint32_t place = 0;
};

struct FilteredOperand {
  Operand operand;
  std::uint32_t firstFilter = 0;
  std::uint16_t filters = 0;
  HtmlContext context = HtmlContext::Text;
  std::uint32_t place = 0;
  std::uint32_t length = 0;
};

enum class Comparison : std::uint8_t {
  Equal,
  NotEqual,
  Less,
  Greater,
  LessOrEqual,
  GreaterOrEqual,
  Contains
};

struct ConditionNode {
  enum class Kind : std::uint8_t { Truthy, Compare, And, Or, Not };
  Kind kind = Kind::Truthy;
  Comparison comparison = Comparison::Equal;
  Operand a;
  Operand b;
  std::uint32_t left = 0;
  std::uint32_t right = 0;
};

struct LoopUse {
  std::uint32_t variable = 0;
  std::uint32_t loopName = 0;
  Operand collection;
  Operand limit;
  Operand offset;
  Operand columns;
  bool hasLimit = false;
  bool hasOffset = false;
  bool hasColumns = false;
  bool isContinued = false;
  bool isReversed = false;
  std::string_view name;
};

struct CycleUse {
  Operand name;
  bool isNamed = false;
  std::uint32_t key = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

struct PartialUse {
  Operand name;
  std::uint32_t unit = UINT32_MAX;  // known when the name is a literal
  bool isRender = false;
  bool isFor = false;
  bool hasVariable = false;
  Operand variable;
  std::uint32_t alias = UINT32_MAX;
  std::uint32_t firstNamed = 0;
  std::uint32_t named = 0;
};

struct CustomUse {
  const Tag* tag = nullptr;
  std::string_view markup;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

enum class Code : std::uint8_t {
  Text,
  Output,  // with the text before it, if nothing jumps between
  Assign,
  CaptureBegin,
  CaptureEnd,
  Jump,
  JumpUnless,
  JumpIf,
  LoopBegin,
  LoopNext,
  LoopPop,
  TableBegin,
  TableNext,
  TablePop,
  CaseReset,
  CaseTest,
  CaseElse,
  Cycle,
  Increment,
  Decrement,
  ChangedBegin,
  ChangedEnd,
  Include,
  Render,
  OnExit,
  Exit,
  Custom,
  Broken
};

struct Op {
  Code code = Code::Text;
  bool isBlank = false;
  std::uint16_t slot = 0;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t c = 0;
};

/// A root name some unit reads, and the path below it.
struct Read {
  std::uint32_t name = 0;
  std::string path;
  std::uint32_t place = 0;
  std::uint32_t length = 0;
  bool isGuarded = false;
};

/// A filter, a branch or a partial that a unit mentions.
struct Note {
  std::string name;
  std::uint32_t place = 0;
  std::uint32_t length = 0;
  std::uint32_t unit = UINT32_MAX;
  bool isRender = false;
};

/// One template or partial.
struct Unit {
  std::string name;
  std::string source;
  HtmlTracker html;  // where in a document it begins
  std::vector<Op> ops;
  std::vector<std::uint32_t> places;
  std::uint32_t slots = 0;
  std::vector<std::uint32_t> freeNames;
  std::vector<Read> reads;
  std::vector<Note> filterNotes;
  std::vector<Note> branchNotes;
  std::vector<Note> partialNotes;
  std::vector<std::uint32_t> includes;
  std::vector<std::uint32_t> renders;
  bool isBroken = false;
  std::string problem;
};

class Names {
 public:
  std::uint32_t intern(std::string_view name);
  /// UINT32_MAX if no template of the program mentions it.
  std::uint32_t find(std::string_view name) const;
  std::string_view operator[](std::size_t index) const { return m_names[index]; }
  std::size_t size() const { return m_names.size(); }

 private:
  std::deque<std::string> m_names;
  std::unordered_map<std::string_view, std::uint32_t> m_index;
};

struct Program {
  explicit Program(const TemplateEnvironment& env);

  const TemplateEnvironment& environment;
  Arena literals{4096};
  Names names;
  std::string text;
  std::vector<Value> constants;
  std::vector<Path> paths;
  std::vector<Segment> segments;
  std::vector<RangeExpression> ranges;
  std::vector<FilteredOperand> expressions;
  std::vector<FilterUse> filters;
  std::vector<Operand> args;
  std::vector<NamedArgument> named;
  std::vector<ConditionNode> conditions;
  std::vector<LoopUse> loops;
  std::vector<CycleUse> cycles;
  std::vector<PartialUse> partials;
  std::vector<CustomUse> customs;
  std::deque<Unit> units;
  std::map<std::string, std::uint32_t, std::less<>> unitByName;
  std::vector<std::string> globals;
  std::vector<std::uint32_t> globalNames;
  std::uint32_t forloopName = 0;
  std::uint32_t tableloopName = 0;
  std::map<std::string, std::uint32_t, std::less<>> cycleKeys;

  Operand constant(const Value& value);
  /// A range of two constants is one itself.
  Operand range(Operand first, Operand last);
  Operand textConstant(std::string_view literal) { return constant(Value(literals.copy(literal))); }
};

/// What `path`, read at `at` in `source`, is called: "event.properties.total".
Read describeRead(const Program& program, const Path& path, std::string_view at,
                  std::string_view source);
std::string pathText(const Program& program, const Path& path);

}  // namespace freshet::liquid
