// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/analysis.h"

#include <gtest/gtest.h>

namespace freshet::liquid {
namespace {

TEST(Analysis, knowsPathsPlacesAndGuards) {
  const TemplateEnvironment env;
  const auto made = Template::parse(
      "{{ person.name | default: 'you' }}\n{% if person.city %}{{ person.city.name | upcase }}{% "
      "else %}{{ person.city }}"
      "{% endif %}\n{{ total }}{% for item in items %}{{ item.x }}{% endfor %}",
      "mail", env);
  ASSERT_TRUE(made.ok());
  const Analysis found = analyse(*made);
  std::vector<std::string> paths;
  for (const VariablePath& path : found.variables) {
    paths.push_back(path.path + (path.isGuarded ? " guarded" : "") + " " +
                    std::to_string(path.place.line));
  }
  EXPECT_EQ(paths, (std::vector<std::string>{"person.name guarded 1", "person.city guarded 2",
                                             "person.city.name guarded 2", "person.city 2",
                                             "total 3", "items 3"}));
  ASSERT_EQ(found.filters.size(), 2U);
  EXPECT_EQ(found.filters[1].name, "upcase");
  EXPECT_EQ(found.filters[1].place.line, 2U);
  ASSERT_EQ(found.branches.size(), 3U);
  EXPECT_EQ(found.branches[1].at.name, "else");
}

TEST(Analysis, followsPartials) {
  TemplateEnvironment env;
  env.setLoader([](std::string_view name) -> Result<std::string> {
    if (name == "row") return std::string("{{ row.title | strip }}");
    return Error{"E-4004", "No partial", {}};
  });
  const auto made =
      Template::parse("{% render 'row', row: first %}{% include 'gone' %}", "mail", env);
  ASSERT_TRUE(made.ok());
  const Analysis found = analyse(*made);
  ASSERT_EQ(found.partials.size(), 2U);
  EXPECT_TRUE(found.partials[0].isFound && found.partials[0].isRender);
  EXPECT_FALSE(found.partials[1].isFound || found.partials[1].isRender);
  EXPECT_EQ(found.variables.back().file, "row");
  EXPECT_EQ(found.variables.back().path, "row.title");
  EXPECT_EQ(made->globals(), std::vector<std::string>{"first"});
}

}  // namespace
}  // namespace freshet::liquid
