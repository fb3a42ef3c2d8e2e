// SPDX-License-Identifier: GPL-3.0-or-later
// freshet_liquid_cases FILE…: runs every case of files in the schema of Golden Liquid (`tests`,
// each with `template`, `data`, `templates` and `result`, `results` or `invalid`).
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "core/liquid/template.h"
#include "core/record/json.h"

namespace {

using freshet::Arena;
using freshet::Error;
using freshet::Result;
using freshet::Status;
using freshet::record::Value;
namespace liquid = freshet::liquid;

struct Outcome {
  bool isFailed = false;
  std::string text;
};

Outcome renderCase(const Value& test, liquid::OnError onError) {
  liquid::TemplateEnvironment env;
  const Value templates = test.get("templates");
  env.setLoader([&](std::string_view name) -> Result<std::string> {
    if (const Value* found = templates.find(name)) return std::string(found->asString());
    return Error{"E-4004", "No such template '" + std::string(name) + "'", {}};
  });
  auto parsed = liquid::Template::parse(test.get("template").asString(), "template", env);
  if (!parsed) return {true, parsed.error().text()};
  liquid::Renderer renderer;
  liquid::RenderOptions options;
  options.onError = onError;
  Arena scratch;
  std::string out;
  const Status status = renderer.render(*parsed, test.get("data"), scratch, out, options);
  return status ? Outcome{false, out} : Outcome{true, status.error().text()};
}

// Empty when the case passes, else what is wrong with it.
std::string problemOf(const Value& test) {
  if (test.get("invalid").truthy()) {
    const Outcome strict = renderCase(test, liquid::OnError::Stop);
    return strict.isFailed ? std::string() : "expected an error, found: " + strict.text;
  }
  const Outcome outcome = renderCase(test, liquid::OnError::Inline);
  std::string expected;
  if (const Value* results = test.find("results")) {
    for (const Value& each : results->asArray()) {
      if (!outcome.isFailed && each.asString() == outcome.text) return {};
      expected += freshet::record::toJson(each) + ' ';
    }
  } else {
    if (!outcome.isFailed && test.get("result").asString() == outcome.text) return {};
    expected = freshet::record::toJson(test.get("result"));
  }
  return "expected " + expected + "\n  found    " + freshet::record::toJson(Value(outcome.text));
}

}  // namespace

int main(int argc, char** argv) {
  int passed = 0;
  int failed = 0;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    Arena arena;
    const Result<Value> document = freshet::record::parseJson(text, arena);
    if (!file.is_open() || !document) {
      std::fprintf(stderr, "%s: %s\n", argv[i],
                   document ? "cannot be opened" : document.error().text().c_str());
      return 2;
    }
    for (const Value& test : document->get("tests").asArray()) {
      const std::string problem = problemOf(test);
      if (problem.empty()) {
        ++passed;
        continue;
      }
      ++failed;
      std::printf("%s\n  %s\n  %s\n", std::string(test.get("name").asString()).c_str(),
                  freshet::record::toJson(test.get("template")).c_str(), problem.c_str());
    }
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && argc > 1 ? 0 : 1;
}
