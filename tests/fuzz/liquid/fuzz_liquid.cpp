// SPDX-License-Identifier: GPL-3.0-or-later
// F1: a template and, behind the first 0xFF, its data as JSON. The bits of the size choose options.
// Held at every input: budgets, places inside the source, origins in order, and that no character
// of the data reaches escaped HTML with its meaning.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "core/liquid/analysis.h"
#include "core/liquid/template.h"
#include "core/record/json.h"

using namespace freshet;
using record::Member;
using record::Value;

namespace {

constexpr std::string_view kMark = "zq";
// Each character with a meaning in HTML stands before the mark, as data of a person might.
constexpr std::string_view kHostile = "<zq\"zq'zq>zq &zq javascript:zq";

void require(bool isTrue, const char* what) {
  if (isTrue) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

liquid::Limits limits() {
  liquid::Limits limits;
  limits.operations = 20'000;
  limits.outputBytes = 32 * 1024;
  limits.allocatedBytes = 512 * 1024;
  limits.wall = {};
  return limits;
}

Value dataOf(std::string_view json, Arena& arena) {
  const auto parsed = record::parseJson(json, arena);
  Value data = parsed && parsed->isObject() ? *parsed : Value(std::span<const Member>());
  static const Value kItems[] = {Value(kHostile), Value(std::int64_t{3}), Value(1.5), Value()};
  static const Member kPerson[] = {{"name", Value(kHostile)}, {"age", Value(std::int64_t{40})}};
  data = record::withMember(data, "x", Value(kHostile), arena);
  data = record::withMember(data, "items", Value(std::span<const Value>(kItems)), arena);
  return record::withMember(data, "person", Value(std::span<const Member>(kPerson)), arena);
}

void checkPlaces(const liquid::Template& made, std::size_t size) {
  for (const liquid::Diagnostic& found : made.diagnostics()) {
    require(found.place.line >= 1 && found.place.column >= 1, "a diagnostic has a place");
    require(found.place.line <= size + 1, "a diagnostic is inside its source");
  }
  const liquid::Analysis analysis = liquid::analyse(made);
  for (const liquid::VariablePath& path : analysis.variables)
    require(path.place.line >= 1 && path.path.starts_with(path.root), "a variable has its root");
}

void check(const liquid::Template& made, const Value& data, const liquid::RenderOptions& options,
           bool isHostile) {
  Arena arena;
  std::string out;
  liquid::Renderer renderer;
  const Status status = renderer.render(made, data, arena, out, options);
  require(status || !status.error().code.empty(), "an error has a code");
  require(renderer.allocatedBytes() <= options.limits.allocatedBytes, "memory stays in budget");
  require(arena.capacityBytes() <= 4 * options.limits.allocatedBytes, "the arena stays in budget");
  require(out.size() <= options.limits.outputBytes, "output stays in budget");
  require(renderer.operations() <= 2 * options.limits.operations, "work stays in budget");
  for (const liquid::Origin& origin : *options.origins) {
    require(origin.begin < origin.end && origin.end <= options.limits.outputBytes,
            "an origin is in the output");
  }
  if (!options.escapeHtml || !isHostile) return;
  for (const std::string_view special : {"<zq", "\"zq", "'zq", ">zq", "&zq"})
    require(!contains(out, special), "what comes from data is escaped");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const std::size_t split = std::min(input.find('\xFF'), input.size());
  const std::string_view source = input.substr(0, split);
  Arena arena;
  const Value data = dataOf(input.substr(std::min(split + 1, input.size())), arena);

  static std::string_view self;
  self = source;
  static const liquid::TemplateEnvironment env = [] {
    liquid::TemplateEnvironment made;
    made.setLoader([](std::string_view name) -> Result<std::string> {
      if (name == "none") return Error{"E-4004", "no such partial", {}};
      if (name == "self") return std::string(self);
      return std::string("{{ x }}{{ item }}{% include 'self' %}");
    });
    return made;
  }();
  const liquid::Template made = liquid::Template::parseForPreview(source, "fuzz", env);
  checkPlaces(made, size);

  std::vector<liquid::Origin> origins;
  liquid::RenderOptions options;
  options.limits = limits();
  options.nowMs = 1'700'000'000'000;
  options.onError = size & 1 ? liquid::OnError::Inline : liquid::OnError::Stop;
  options.strictVariables = (size & 2) != 0;
  options.strictFilters = (size & 4) != 0;
  options.escapeHtml = (size & 8) == 0;
  options.timeZone = size & 16 ? "Europe/Amsterdam" : "UTC";
  options.origins = &origins;
  // `raw` is the way out, and a template that spells the mark itself proves nothing.
  check(made, data, options, !contains(input, kMark) && !contains(source, "raw"));

  const auto expression = liquid::Expression::parse(source, env);
  if (expression) {
    std::vector<Value> globals;
    for (const std::string& name : expression->globals()) globals.push_back(data.get(name));
    (void)expression->evaluate(globals, arena);
  }
  const auto condition = liquid::Condition::parse(source, env);
  if (condition) {
    std::vector<Value> globals;
    for (const std::string& name : condition->globals()) globals.push_back(data.get(name));
    (void)condition->evaluate(globals, arena);
  }
  return 0;
}
