// SPDX-License-Identifier: GPL-3.0-or-later
// The example's own personas through the example's own email step.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/liquid/environment.h"
#include "core/nodes/all_nodes.h"
#include "tests/support/fake_context.h"

namespace freshet {
namespace {

namespace fs = std::filesystem;
using record::Value;

const fs::path kExample = FRESHET_EXAMPLE;

std::string fileText(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class EmailExample : public ::testing::Test {
 protected:
  EmailExample() {
    m_liquid.setLoader([this](std::string_view name) {
      return m_build.file("templates/partials/" + std::string(name) + ".liquid");
    });
    for (const auto& entry : fs::recursive_directory_iterator(kExample / "templates")) {
      if (!entry.is_regular_file()) continue;
      m_build.files[entry.path().lexically_relative(kExample).string()] = fileText(entry.path());
    }
    const auto pipeline =
        record::OwnedValue::fromJson(fileText(kExample / "abandoned-basket.pipeline.json"));
    for (const Value& node : pipeline.value()->get("nodes").asArray()) {
      if (node.get("type") != Value(std::string_view("email.render"))) continue;
      for (const stage::NodeType& type : nodes::allNodes()) {
        if (type.spec.id != "email.render") continue;
        auto made = type.makeStage(
            spec::Config(type.spec, record::OwnedValue(node.get("settings"))), m_build);
        EXPECT_TRUE(made.ok()) << made.error().text();
        if (made) m_stage = std::move(*made);
      }
    }
  }

  Value render(const std::string& persona) {
    const Value data =
        record::parseJson(fileText(kExample / "personas" / (persona + ".json")), m_arena).value();
    auto* origin = m_arena.make<record::Origin>();
    const std::uint32_t email = m_build.slot("email");
    auto* record = m_arena.make<record::Record>(origin, m_arena.array<Value>(m_build.slots.size()));
    for (const record::Member& member : data.asObject()) {
      record->sections[m_build.slot(member.key)] = member.value;
    }
    stage::Output out(m_arena, 1);
    record::Batch batch{&m_arena, {record}};
    EXPECT_TRUE(m_stage->process(batch, out).ok());
    for (const stage::Failure& failure : out.failures()) {
      ADD_FAILURE() << persona << ": " << failure.code << ' ' << failure.message;
    }
    return record->sections[email];
  }

  std::string text(const Value& email, std::string_view part) {
    const Value value = email.get(part);
    return value.isString() ? std::string(value.asString()) : std::string();
  }

  liquid::TemplateEnvironment m_liquid;
  testing::FakeBuild m_build{&m_liquid};
  Arena m_arena;
  std::unique_ptr<stage::Stage> m_stage;
};

TEST_F(EmailExample, IsZoesOwn) {
  ASSERT_TRUE(m_stage);
  const Value email = render("zoe");
  EXPECT_EQ(text(email, "to"), "zoe.devries@example.com");
  EXPECT_EQ(text(email, "subject"), "Zoë, your linen duvet is still in your basket");
  EXPECT_EQ(text(email, "preheader"), "We are holding your 4 items");
  const std::string html = text(email, "html");
  EXPECT_NE(html.find("Zoë, your basket is still here"), std::string::npos);
  EXPECT_NE(html.find("Free delivery until Thursday"), std::string::npos);
  EXPECT_NE(html.find("€184.85"), std::string::npos);
  EXPECT_NE(text(email, "text").find("2 × Stoneware mug, €14.50"), std::string::npos);
  EXPECT_EQ(text(email, "id").size(), 32U);
}

TEST_F(EmailExample, EveryPersonaGetsOne) {
  ASSERT_TRUE(m_stage);
  int personas = 0;
  for (const auto& entry : fs::directory_iterator(kExample / "personas")) {
    const Value email = render(entry.path().stem().string());
    EXPECT_FALSE(text(email, "subject").empty()) << entry.path();
    EXPECT_NE(text(email, "html").find("</html>"), std::string::npos) << entry.path();
    ++personas;
  }
  EXPECT_EQ(personas, 8);
  EXPECT_EQ(text(render("amara"), "html").find("Free delivery"), std::string::npos);
  EXPECT_EQ(text(render("bo"), "subject"), "Bo, je wollen dekbed ligt nog in je mandje");
}

}  // namespace
}  // namespace freshet
