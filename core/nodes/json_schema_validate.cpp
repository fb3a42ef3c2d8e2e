// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/json_schema/json_schema.h"
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using json_schema::JsonSchema;
using json_schema::Problem;
using spec::field;
using spec::FieldType;

spec::NodeSpec validateSpec() {
  spec::NodeSpec spec;
  spec.id = "json-schema.validate";
  spec.family = spec::Family::Route;
  spec.title = "Check by schema";
  spec.summary = "Lets events through that fit a JSON Schema; the others fail, with the reason.";
  spec.icon = "shield-check";
  spec.synonyms = {"validate", "json schema", "contract", "quality", "reject", "dead letters"};
  spec.outputs = {{"out", "Valid"}};
  spec.keySummary = "schema";
  spec.fields.push_back(field("schema", FieldType::File, "Schema",
                              "A JSON Schema (draft-07 or 2020-12) in the project, such as "
                              "schemas/shop_event.json.")
                            .required());
  spec.fields.push_back(field("formats", FieldType::Flag, "Check formats",
                              "Whether \"format\" (date-time, email, uri, uuid …) is checked or "
                              "only a note.")
                            .orElse("true")
                            .advanced());
  spec.examples.push_back({"Check the shop's events", R"({"schema": "schemas/shop_event.json"})"});
  spec.examples.push_back(
      {"Formats are notes only", R"({"schema": "schemas/shop_event.json", "formats": false})"});
  return spec;
}

class Validate final : public stage::Stage {
 public:
  explicit Validate(JsonSchema schema) : m_schema(std::move(schema)) {}

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    for (record::Record* record : batch.records) {
      if (m_schema.accepts(record->event(), m_problem)) {
        out.emit(0, record);
      } else {
        out.fail(record, "E-2101", out.arena().copy(m_problem.message),
                 out.arena().copy(m_problem.pointer));
      }
    }
    return stage::Step::Done;
  }

 private:
  JsonSchema m_schema;
  Problem m_problem;
};

Result<std::unique_ptr<stage::Stage>> makeValidate(const spec::Config& config,
                                                   stage::BuildContext& context) {
  const std::string path = config.text("schema");
  const auto refuse = [&](const std::string& why) {
    return Error{"E-2102", path + ": " + why, "schema"};
  };
  const auto text = context.file(path);
  if (!text) return refuse(text.error().message);
  const auto document = record::OwnedValue::fromJson(*text);
  if (!document) return refuse(document.error().message);
  auto schema = JsonSchema::compile(*document, {.checksFormats = config.flag("formats")});
  if (!schema) {
    const std::string place =
        schema.error().where.empty() ? "the whole schema" : schema.error().where;
    return refuse("at " + place + ": " + schema.error().message);
  }
  return std::unique_ptr<stage::Stage>(std::make_unique<Validate>(std::move(schema).value()));
}

}  // namespace

stage::NodeType jsonSchemaValidateNode() {
  stage::NodeType type;
  type.spec = validateSpec();
  type.makeStage = makeValidate;
  return type;
}

}  // namespace freshet::nodes
