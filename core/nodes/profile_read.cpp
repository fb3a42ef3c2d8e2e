// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/bind.h"
#include "core/stage/key_groups.h"
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using record::Record;
using spec::field;
using spec::FieldType;
using stage::Step;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "profile.read";
  spec.family = spec::Family::Enrich;
  spec.title = "Read profile";
  spec.summary = "Puts what is known of the person beside each event.";
  spec.icon = "id-card";
  spec.synonyms = {"lookup", "enrich", "join", "customer", "user", "attributes", "get profile"};
  spec.outputs = {{"found", "Known"}, {"missing", "Unknown", true}};
  spec.addsSections = {"=as"};
  spec.capabilities = {"profiles"};
  spec.keySummary = "key";
  spec.fields.push_back(
      field("connection", FieldType::Connection, "Profiles", "Where the profiles are kept.")
          .of("profiles")
          .required());
  spec.fields.push_back(
      field("key", FieldType::Expression, "Key",
            "Which profile: usually the person's id. Events without one leave as unknown.")
          .orElse("\"{{ event.userId }}\""));
  spec.fields.push_back(field("as", FieldType::Text, "Called",
                              "The section that holds the profile, for templates and conditions.")
                            .orElse("\"profile\"")
                            .advanced());
  spec.examples = {{"The person's profile", R"({"connection": "people"})"},
                   {"Profiles under a prefix, as Redis often has them",
                    R"({"connection": "people", "key": "p:{{ event.user_id }}"})"}};
  return spec;
}

class ProfileRead final : public stage::Stage {
 public:
  static Result<std::unique_ptr<stage::Stage>> make(const spec::Config& config,
                                                    stage::BuildContext& context) {
    auto key = bindExpression(config, "key", context);
    if (!key) return key.error();
    std::unique_ptr<ProfileRead> stage(new ProfileRead(std::move(*key)));
    stage->m_connection = config.text("connection");
    stage->m_slot = context.slot(config.text("as"));
    stage->m_isWritten = context.profilesWrittenDownstream(stage->m_connection);
    return std::unique_ptr<stage::Stage>(std::move(stage));
  }

  Status open(stage::StageContext& context) override {
    auto view = context.profiles(m_connection);
    if (!view) return view.error();
    m_view = *view;
    return {};
  }

  Result<Step> process(record::Batch& batch, stage::Output& out) override {
    m_groups.clear();
    m_keys.clear();
    m_waveOf.clear();
    m_seen.clear();
    m_waveEnds.assign(1, 0);
    for (Record* record : batch.records) {
      const std::string_view key = m_key.text(*record, *batch.arena);
      m_keys.push_back(key);
      std::uint32_t wave = 0;
      if (!key.empty()) {
        const std::uint32_t group = m_groups.add(key);
        if (group == m_seen.size()) m_seen.push_back(0);
        if (m_isWritten) wave = m_seen[group]++;
      }
      m_waveOf.push_back(wave);
      if (wave == m_waveEnds.size()) m_waveEnds.push_back(0);
      ++m_waveEnds[wave];
    }
    if (const Status status = m_view->fetch(m_groups.keys(), *batch.arena); !status) {
      return status.error();
    }
    order(batch.records);
    m_wave = 0;
    return emitWave(out);
  }

  Result<Step> resume(stage::Output& out) override { return emitWave(out); }

 private:
  struct Entry {
    Record* record = nullptr;
    std::string_view key;
  };

  explicit ProfileRead(stage::BoundExpression key) : m_key(std::move(key)) {}

  /// Sorts the records by wave, each wave in order of arrival; m_waveEnds become ends in m_entries.
  void order(const std::vector<Record*>& records) {
    std::uint32_t from = 0;
    for (std::uint32_t& count : m_waveEnds) from += std::exchange(count, from);
    m_entries.resize(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      m_entries[m_waveEnds[m_waveOf[i]]++] = {records[i], m_keys[i]};
    }
  }

  /// No key is twice in a wave, so that each record reads what the ones before it have written.
  Step emitWave(stage::Output& out) {
    const std::uint32_t from = m_wave == 0 ? 0 : m_waveEnds[m_wave - 1];
    for (std::uint32_t i = from; i < m_waveEnds[m_wave]; ++i) {
      Entry& entry = m_entries[i];
      const record::Value profile = entry.key.empty() ? record::Value() : m_view->read(entry.key);
      entry.record->sections[m_slot] = profile;
      out.emit(profile.isNil() ? 1 : 0, entry.record);
    }
    return ++m_wave < m_waveEnds.size() ? Step::More : Step::Done;
  }

  stage::BoundExpression m_key;
  std::string m_connection;
  std::uint32_t m_slot = 0;
  bool m_isWritten = false;  ///< further down, on the same connection
  stage::ProfileView* m_view = nullptr;
  stage::KeyGroups m_groups;
  std::vector<std::string_view> m_keys;
  std::vector<std::uint32_t> m_seen;    ///< how often, by key group
  std::vector<std::uint32_t> m_waveOf;  ///< by record
  std::vector<std::uint32_t> m_waveEnds;
  std::vector<Entry> m_entries;
  std::size_t m_wave = 0;
};

}  // namespace

stage::NodeType profileReadNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeStage = ProfileRead::make;
  return type;
}

}  // namespace freshet::nodes
