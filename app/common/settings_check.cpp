// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/settings_check.h"

#include <algorithm>

#include "core/liquid/environment.h"
#include "core/pipeline/files.h"
#include "core/pipeline/project_liquid.h"

namespace freshet::common {
namespace {

/// What a maker may ask while nothing is going to run.
class CheckContext final : public stage::BuildContext {
 public:
  CheckContext(const pipeline::Project& project, const pipeline::Node& node)
      : m_project(project), m_node(node.id) {
    pipeline::usePartialsOf(m_liquid, project);
  }
  const std::string& nodeId() const override { return m_node; }
  std::uint32_t slot(std::string_view section) override {
    const auto found = std::ranges::find(m_slots, section);
    const auto number = static_cast<std::uint32_t>(found - m_slots.begin());
    if (found == m_slots.end()) m_slots.emplace_back(section);
    return number;
  }
  Result<std::string> file(std::string_view path) override {
    return pipeline::readProjectFile(m_project, path);
  }
  const liquid::TemplateEnvironment& liquid() const override { return m_liquid; }
  bool profilesWrittenDownstream(std::string_view) const override { return false; }

 private:
  const pipeline::Project& m_project;
  std::string m_node;
  liquid::TemplateEnvironment m_liquid;
  std::vector<std::string> m_slots{"event"};
};

template <class Made>
Status statusOf(const Result<Made>& made) {
  return made ? Status() : Status(made.error());
}

}  // namespace

pipeline::SettingsCheck settingsCheck(const plugin::Registry& registry) {
  return [&registry](const pipeline::Project& project, const pipeline::Node& node) -> Status {
    const stage::NodeType* type = registry.node(node.type);
    const auto settings =
        pipeline::resolveReferences(*node.settings, pipeline::lookUpInEnvironment);
    if (!type || !settings) return {};
    const spec::Config config(type->spec, *settings);
    CheckContext context(project, node);
    if (type->makeStage) return statusOf(type->makeStage(config, context));
    if (type->makeSource) return statusOf(type->makeSource(config, context));
    if (type->makeSink) return statusOf(type->makeSink(config, context));
    if (type->makeOutboxSink) return statusOf(type->makeOutboxSink(config, context));
    return {};
  };
}

}  // namespace freshet::common
