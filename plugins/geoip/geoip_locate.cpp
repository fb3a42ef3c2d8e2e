// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "core/stage/bound.h"
#include "core/stage/node_type.h"
#include "plugins/geoip/nodes.h"
#include "plugins/geoip/place_database.h"

namespace freshet::geoip {
namespace {

using spec::field;
using spec::FieldType;

constexpr std::size_t kFoundPort = 0;
constexpr std::size_t kUnknownPort = 1;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "geoip.locate";
  spec.family = spec::Family::Enrich;
  spec.title = "Place from IP";
  spec.summary = "Adds the country, city and coordinates that belong to an IP address.";
  spec.icon = "map-pin";
  spec.synonyms = {"geoip",   "geo",     "location", "country",  "city",
                   "maxmind", "geolite", "mmdb",     "latitude", "where"};
  spec.outputs = {{"out", "Place known"}, {"unknown", "Place unknown", true}};
  spec.addsSections = {"=as"};
  spec.capabilities = {"files"};
  spec.keySummary = "database";
  spec.fields.push_back(field("database", FieldType::File, "Place database",
                              "A MaxMind DB file (.mmdb), such as GeoLite2 City or DB-IP.")
                            .required());
  spec.fields.push_back(
      field("ip", FieldType::Expression, "IP address", "The address to look up, IPv4 or IPv6.")
          .orElse("\"{{ event.context.ip }}\""));
  spec.fields.push_back(
      field("as", FieldType::Text, "Section", "The name under which later steps find the place.")
          .orElse("\"geo\"")
          .advanced());
  spec.fields.push_back(field("language", FieldType::Text, "Language of names",
                              "As the database calls it: en, de, es, fr, ja, pt-BR, ru or zh-CN.")
                            .orElse("\"en\"")
                            .advanced());
  spec.examples = {
      {"From the visitor's address", R"({"database": "places.mmdb"})"},
      {"From a field of the event, with German names",
       R"({"database": "places.mmdb", "ip": "{{ event.client_ip }}", "language": "de"})"}};
  return spec;
}

struct Settings {
  std::string database;
  std::string language;
  std::uint32_t slot = 0;
};

class Locate final : public stage::Stage {
 public:
  Locate(Settings settings, stage::BoundExpression ip, std::shared_ptr<FileCopies> copies)
      : m_settings(std::move(settings)), m_ip(std::move(ip)), m_copies(std::move(copies)) {}

  Status open(stage::StageContext& context) override {
    const std::filesystem::path project(context.files().projectFolder());
    auto copy = m_copies->of((project / m_settings.database).string());
    if (!copy) return copy.error();
    auto database = PlaceDatabase::open(std::move(*copy), m_settings.language);
    if (!database) return database.error();
    m_database = std::move(*database);
    return {};
  }

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    for (record::Record* record : batch.records) {
      const auto place = m_database->find(m_ip.text(*record, *batch.arena), *batch.arena);
      if (!place) {
        out.fail(record, "E-3502", batch.arena->copy(place.error().message));
        continue;
      }
      record->sections[m_settings.slot] = *place;
      out.emit(place->isNil() ? kUnknownPort : kFoundPort, record);
    }
    return stage::Step::Done;
  }

 private:
  Settings m_settings;
  stage::BoundExpression m_ip;
  std::shared_ptr<FileCopies> m_copies;
  std::unique_ptr<PlaceDatabase> m_database;
};

Result<std::unique_ptr<stage::Stage>> make(const spec::Config& config, stage::BuildContext& context,
                                           const std::shared_ptr<FileCopies>& copies) {
  auto ip = stage::BoundExpression::bind(config.text("ip"), context);
  if (!ip) {
    Error error = ip.error();
    error.where = "ip";
    return error;
  }
  const std::string as = config.text("as");
  if (as.empty() || as == "event")
    return Error{"E-2110", "Give the section a name of its own", "as"};
  Settings settings{config.text("database"), config.text("language"), context.slot(as)};
  return std::unique_ptr<stage::Stage>(
      std::make_unique<Locate>(std::move(settings), std::move(*ip), copies));
}

}  // namespace

stage::NodeType locateNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeStage = [copies = std::make_shared<FileCopies>()](const spec::Config& config,
                                                             stage::BuildContext& context) {
    return make(config, context, copies);
  };
  return type;
}

}  // namespace freshet::geoip
