// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "core/record/json.h"
#include "core/stage/bound.h"
#include "core/stage/node_type.h"
#include "plugins/file/line_file.h"
#include "plugins/file/nodes.h"

namespace freshet::file {
namespace {

using spec::field;
using spec::FieldType;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "file.sink";
  spec.family = spec::Family::Sink;
  spec.title = "Write to file";
  spec.summary = "Writes each event as a line of JSON to a file, exactly once.";
  spec.icon = "file-out";
  spec.synonyms = {"ndjson", "jsonl", "json lines", "export", "save", "log", "output", "dump"};
  spec.capabilities = {"files"};
  spec.delivery = spec::DeliveryClass::Transactional;
  spec.keySummary = "path";
  spec.fields.push_back(
      field("path", FieldType::Text, "File",
            "Where the lines go; inside the project unless it begins with a slash. A first start "
            "begins it anew and keeps what was there as a copy called .before.")
          .required());
  spec.fields.push_back(
      field("include", FieldType::List, "Add to the event",
            "Sections to write into the event's object beside its own members, such as profile "
            "or score."));
  spec.fields.push_back(field("value", FieldType::Expression, "Line",
                              "What to write instead of the event; text as it is, anything else "
                              "as JSON.")
                            .advanced());
  spec.examples = {
      {"The events as they came", R"({"path": "out/events.ndjson"})"},
      {"With the person's score", R"({"path": "out/scored.ndjson", "include": ["score"]})"},
      {"Only who it was", R"({"path": "out/people.txt", "value": "{{ event.userId }}"})"}};
  return spec;
}

class FileSink final : public stage::OutboxSink {
 public:
  struct Section {
    std::uint32_t slot = 0;
    std::string prefix;  ///< "score":
  };
  FileSink(std::string path, std::vector<Section> include,
           std::optional<stage::BoundExpression> value)
      : m_path(std::move(path)), m_include(std::move(include)), m_value(std::move(value)) {}

  bool compose(const record::Record& record, std::string& id, std::string& body,
               stage::Failure& failure) override {
    id.clear();
    body.clear();
    if (m_value) {
      Arena arena(4096);
      const record::Value value = m_value->evaluate(record, arena);
      if (value.isString()) {
        body = value.asString();
        std::ranges::replace(body, '\n', ' ');
        std::ranges::replace(body, '\r', ' ');
      } else {
        record::writeJson(value, body);
      }
      return true;
    }
    // A line is one line: an event that came over several is written again.
    body = record.origin->bytes;
    if (body.empty() || body.find_first_of("\r\n") != std::string::npos) {
      body.clear();
      record::writeJson(record.event(), body);
    }
    return m_include.empty() || splice(record, body, failure);
  }

  Status openDelivery(stage::StageContext& context, std::string_view mark) override {
    const std::filesystem::path project(context.files().projectFolder());
    return m_file.open((project / m_path).string(), mark);
  }

  Result<std::string> deliver(std::span<const Entry> entries) override {
    for (const Entry& entry : entries) {
      if (auto status = m_file.add(entry.body); !status) {
        m_file.undo();
        return status.error();
      }
    }
    auto mark = m_file.sync();
    if (!mark) m_file.undo();
    return mark;
  }

 private:
  bool splice(const record::Record& record, std::string& body, stage::Failure& failure) const {
    const auto brace = body.find_last_not_of(" \t");
    if (brace == std::string::npos || body[brace] != '}' || !record.event().isObject()) {
      failure.code = "E-3323";
      failure.message = "The event is no JSON object, so nothing can be added to it";
      return false;
    }
    body.resize(brace);
    bool hasMembers = record.event().size() > 0;
    for (const Section& section : m_include) {
      const record::Value& value = record.sections[section.slot];
      if (value.isNil()) continue;
      if (std::exchange(hasMembers, true)) body += ',';
      body += section.prefix;
      record::writeJson(value, body);
    }
    body += '}';
    return true;
  }

  std::string m_path;
  std::vector<Section> m_include;
  std::optional<stage::BoundExpression> m_value;
  LineFile m_file;
};

Result<std::unique_ptr<stage::OutboxSink>> make(const spec::Config& config,
                                                stage::BuildContext& context) {
  std::vector<FileSink::Section> include;
  const record::Value names = config.value("include");
  if (names.isArray()) {
    for (const record::Value& name : names.asArray()) {
      if (!name.isString() || name.size() == 0)
        return Error{"E-2110", "This is a list of section names", "include"};
      std::string prefix;
      record::writeJsonString(name.asString(), prefix);
      include.push_back({context.slot(name.asString()), prefix + ':'});
    }
  }
  std::optional<stage::BoundExpression> value;
  if (config.has("value")) {
    if (!include.empty())
      return Error{"E-2110", "Sections are added to the event; leave this out where a line is set",
                   "include"};
    auto bound = stage::BoundExpression::bind(config.text("value"), context);
    if (!bound) {
      Error error = bound.error();
      error.where = "value";
      return error;
    }
    value.emplace(std::move(*bound));
  }
  return std::unique_ptr<stage::OutboxSink>(
      std::make_unique<FileSink>(config.text("path"), std::move(include), std::move(value)));
}

}  // namespace

stage::NodeType sinkNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeOutboxSink = make;
  return type;
}

}  // namespace freshet::file
