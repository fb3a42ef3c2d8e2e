// SPDX-License-Identifier: GPL-3.0-or-later
// Renders one case a line from standard input ({"template", "data", "templates"}) and writes one
// JSON string a line: the output, or null for a template that does not parse.
#include <cstdio>
#include <iostream>
#include <string>

#include "core/liquid/template.h"
#include "core/record/json.h"

using namespace freshet;

int main() {
  std::string line;
  liquid::Renderer renderer;
  while (std::getline(std::cin, line)) {
    Arena arena;
    const auto test = record::parseJson(line, arena);
    if (!test) return 2;
    const record::Value templates = test->get("templates");
    liquid::TemplateEnvironment env;
    env.setLoader([&](std::string_view name) -> Result<std::string> {
      if (const record::Value* found = templates.find(name)) return std::string(found->asString());
      return Error{"E-4004", "No such template '" + std::string(name) + "'", {}};
    });
    const auto parsed = liquid::Template::parse(test->get("template").asString(), "template", env);
    std::string out = "null";
    if (parsed) {
      liquid::RenderOptions options;
      options.onError = liquid::OnError::Inline;
      options.limits.wall = {};
      std::string text;
      const Status status = renderer.render(*parsed, test->get("data"), arena, text, options);
      out = record::toJson(record::Value(status ? text : "LIMIT " + status.error().message));
    }
    std::puts(out.c_str());
  }
  return 0;
}
