// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/liquid/buffer.h"
#include "core/liquid/evaluator.h"
#include "core/liquid/renderer.h"
#include "core/liquid/template.h"

namespace freshet::liquid {

/// The interpreter behind Renderer. Names are bound shallowly: a cell holds what a name means now,
/// loops and includes save the old meaning and put it back.
class Renderer::Machine {
 public:
  Status run(const Program& program, std::span<const Value> globals, const Value* root,
             Arena& scratch, std::string& out, const RenderOptions& options);

  std::vector<Diagnostic> problems;
  std::vector<Value> globals;  // reused by the render that takes an object
  std::uint64_t operations = 0;
  std::uint64_t allocated = 0;

 private:
  struct NameState {
    std::uint16_t bound = 0;
    bool isAssigned = false;
  };
  struct Saved {
    std::uint32_t name;
    NameState state;
    Value value;
  };
  struct Counter {
    std::uint32_t name;
    std::int64_t value;
  };
  // One scope of names: the template with its includes, or one isolated `render`.
  struct Frame {
    Value* cells = nullptr;
    NameState* states = nullptr;
    std::size_t savedBase = 0;
    std::size_t loopBase = 0;
    std::vector<Counter> counters;
    std::map<std::string, std::int64_t, std::less<>> namedCycles;
    std::vector<Counter> cycles;         // by the key a program gave the tag
    std::vector<Counter> continuations;  // by the loop's name
    std::string changed;
    bool hasChanged = false;
    bool isIsolated = false;
  };
  struct LoopState {
    const LoopUse* use = nullptr;
    Value collection;
    std::int64_t first = 0;
    std::int64_t step = 1;
    Loop* loop = nullptr;
    TableLoop* table = nullptr;
  };
  struct Captured {
    std::size_t size = 0;
    std::vector<Origin> origins;  // from the begin of the captured text
  };
  // What names of the current frame stand for, where origins are asked for.
  struct Sources {
    std::map<std::uint32_t, std::string> assigned;
    std::map<std::uint32_t, Captured> captured;
  };
  enum class Exit : std::uint8_t { None, Break, Continue };

  Exit unit(std::uint32_t index);
  bool enterFrame(Frame& frame);
  void bind(std::uint32_t name, const Value& value);
  void unbind();
  void assign(std::uint32_t name, const Value& value);
  void setCounterCell(std::uint32_t name, std::int64_t value);

  // machine_loops.cpp
  bool beginLoop(const LoopUse& use, bool isTable);
  bool collect(const LoopUse& use, Value& collection, std::int64_t& length, bool isTable);
  Value item(const LoopState& state, std::int64_t index);
  bool nextItem();
  void nextCell(bool isNatural);
  void endLoop();
  void cycle(const CycleUse& use, HtmlContext context);
  void increment(std::uint32_t name, bool isUp);
  static std::int64_t& entry(std::vector<Counter>& counters, std::uint32_t name);

  // machine_partials.cpp
  Exit include(const PartialUse& use);
  void renderPartial(const PartialUse& use);
  void isolated(const PartialUse& use, const Value* variable, Loop* loop);
  Exit partial(std::uint32_t unit);
  Exit dynamicPartial(std::string_view name);
  void custom(const CustomUse& use);

  void append(Value value, HtmlContext context);

  // machine_origins.cpp
  void note(const FilteredOperand& expression, std::size_t begin);
  std::string pathOf(Operand operand, std::size_t loops);
  std::string nameOf(std::uint32_t name, std::size_t loops);
  void noteAssigned(std::uint32_t name, const FilteredOperand& expression);
  void noteCaptured(std::uint32_t name, std::size_t begin);
  std::vector<Origin> takeOrigins(std::size_t begin);

  /// After a failure: true to go on (inline), false to stop.
  bool recover(const Unit& unit, std::size_t op);

  const Program* m_program = nullptr;
  const RenderOptions* m_options = nullptr;
  Scratch* m_scratch = nullptr;
  Evaluator* m_evaluator = nullptr;
  Buffer m_out;
  Buffer m_text;  // what filters put together
  std::span<const Value> m_globals;
  Frame* m_frame = nullptr;
  const Unit* m_unit = nullptr;
  std::vector<Saved> m_saved;
  std::vector<LoopState> m_loops;
  std::vector<std::size_t> m_marks;
  std::deque<Frame> m_frames;
  Sources m_sources;
  std::size_t m_frameDepth = 0;
  std::uint32_t m_depth = 0;
  bool m_isStopped = false;
  std::size_t m_includesOff = 0;
  std::map<std::string, Template, std::less<>> m_dynamic;
  const TemplateEnvironment* m_dynamicEnvironment = nullptr;
};

}  // namespace freshet::liquid
