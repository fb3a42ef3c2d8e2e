// SPDX-License-Identifier: GPL-3.0-or-later
// liquid_bench TEMPLATE DATA COUNT [OUT]: renders COUNT times after a warm-up, prints nanoseconds a
// render, and with OUT writes what it rendered. liquid_bench --condition prints what one costs.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "core/liquid/template.h"
#include "core/record/json.h"

using namespace freshet;

namespace {

std::string contents(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

double nanoseconds(std::chrono::steady_clock::duration time, long count) {
  return std::chrono::duration<double, std::nano>(time).count() / static_cast<double>(count);
}

int conditions() {
  const liquid::TemplateEnvironment env;
  const auto condition = liquid::Condition::parse("event.event == 'add_to_cart'", env);
  const auto expression = liquid::Expression::parse("{{ event.properties.total }}", env);
  Arena arena;
  const auto data = record::parseJson(
      R"({"type":"track","event":"add_to_cart","userId":"u1","properties":{"sku":"a","total":12.5}})",
      arena);
  if (!condition || !expression || !data) return 1;
  const record::Value globals[] = {*data};
  constexpr long count = 5'000'000;
  long hits = 0;
  auto start = std::chrono::steady_clock::now();
  for (long i = 0; i < count; ++i) hits += condition->evaluate(globals, arena) ? 1 : 0;
  std::printf("condition %.1f ns\n", nanoseconds(std::chrono::steady_clock::now() - start, count));
  start = std::chrono::steady_clock::now();
  for (long i = 0; i < count; ++i) hits += expression->evaluate(globals, arena).isFloat() ? 1 : 0;
  std::printf("expression %.1f ns\n", nanoseconds(std::chrono::steady_clock::now() - start, count));
  return hits == 2 * count ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "--condition") return conditions();
  if (argc < 4) return 2;
  const liquid::TemplateEnvironment env;
  const auto made = liquid::Template::parse(contents(argv[1]), argv[1], env);
  Arena data;
  const auto values = record::parseJson(contents(argv[2]), data);
  if (!made || !values) {
    std::fprintf(stderr, "%s\n", (made ? values.error() : made.error()).text().c_str());
    return 1;
  }
  liquid::Renderer renderer;
  Arena scratch;
  std::string out;
  liquid::RenderOptions options;
  options.limits.wall = std::chrono::seconds(1);
  const long count = std::atol(argv[3]);
  auto start = std::chrono::steady_clock::now();
  for (long i = -count / 10; i < count; ++i) {
    if (i == 0) start = std::chrono::steady_clock::now();
    out.clear();
    scratch.reset();
    const Status status = renderer.render(*made, *values, scratch, out, options);
    if (!status) {
      std::fprintf(stderr, "%s\n", status.error().text().c_str());
      return 1;
    }
  }
  std::printf("%.0f\n", nanoseconds(std::chrono::steady_clock::now() - start, count));
  if (argc > 4) std::ofstream(argv[4], std::ios::binary) << out;
  return 0;
}
