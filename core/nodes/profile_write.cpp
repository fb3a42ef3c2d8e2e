// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/nodes/bind.h"
#include "core/stage/key_groups.h"
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using record::Member;
using record::Record;
using record::Value;
using spec::field;
using spec::FieldType;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "profile.write";
  spec.family = spec::Family::Sink;
  spec.title = "Save profile";
  spec.summary = "Writes fields of the person's profile; what it does not name stays as it is.";
  spec.icon = "id-card-pencil";
  spec.synonyms = {"update profile", "save", "store", "upsert", "set attribute", "customer"};
  spec.capabilities = {"profiles", "profiles.write"};
  spec.delivery = spec::DeliveryClass::Idempotent;
  spec.keySummary = "key";
  spec.fields.push_back(
      field("connection", FieldType::Connection, "Profiles", "Where the profiles are kept.")
          .of("profiles")
          .required());
  spec.fields.push_back(
      field("key", FieldType::Expression, "Key", "Which profile: usually the person's id.")
          .orElse("\"{{ event.userId }}\""));
  spec.fields.push_back(
      field("set", FieldType::Map, "Fields",
            "Each field's new value. One that comes out as nothing leaves the field as it is.")
          .required());
  spec.fields.push_back(field("replace", FieldType::Flag, "Replace the profile",
                              "Forgets every field that is not named here.")
                            .orElse("false")
                            .advanced());
  spec.examples = {
      {"Keep the score",
       R"({"connection": "people", "set": {"interest": "{{ score.value }}", "interest_at": "{{ score.at }}"}})"},
      {"Remember the last visit",
       R"({"connection": "people", "set": {"last_seen": "{{ event.timestamp }}"}})"}};
  return spec;
}

class ProfileWrite final : public stage::Stage {
 public:
  static Result<std::unique_ptr<stage::Stage>> make(const spec::Config& config,
                                                    stage::BuildContext& context) {
    auto key = bindExpression(config, "key", context);
    if (!key) return key.error();
    auto set = bindMap(config, "set", context);
    if (!set) return set.error();
    std::unique_ptr<ProfileWrite> stage(new ProfileWrite(std::move(*key), std::move(*set)));
    stage->m_connection = config.text("connection");
    stage->m_isReplacing = config.flag("replace");
    return std::unique_ptr<stage::Stage>(std::move(stage));
  }

  Status open(stage::StageContext& context) override {
    auto view = context.profiles(m_connection);
    if (!view) return view.error();
    m_view = *view;
    return {};
  }

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    m_groups.clear();
    m_keys.clear();
    for (const Record* record : batch.records) {
      m_keys.push_back(m_key.text(*record, *batch.arena));
      if (!m_keys.back().empty()) m_groups.add(m_keys.back());
    }
    if (const Status status = m_view->fetch(m_groups.keys(), *batch.arena); !status) {
      return status.error();
    }
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
      Record* record = batch.records[i];
      if (m_keys[i].empty()) {
        out.fail(record, "E-2201", "The profile's key is empty for this event.");
        continue;
      }
      const Value old = m_isReplacing ? Value() : m_view->read(m_keys[i]);
      const Value profile = merged(old, *record, *batch.arena);
      if (const Status status = m_view->write(m_keys[i], profile, *record->origin); !status) {
        return status.error();
      }
      out.emit(0, record);
    }
    return stage::Step::Done;
  }

 private:
  ProfileWrite(stage::BoundExpression key, std::vector<BoundMember> set)
      : m_key(std::move(key)), m_set(std::move(set)) {}

  Value merged(const Value& old, const Record& record, Arena& arena) const {
    const auto known = old.isObject() ? old.asObject() : std::span<const Member>();
    const auto members = arena.array<Member>(known.size() + m_set.size());
    std::ranges::copy(known, members.begin());
    std::size_t count = known.size();
    for (const BoundMember& field : m_set) {
      const Value value = field.evaluate(record, arena);
      if (value.isNil()) continue;
      const auto all = members.first(count);
      const auto found = std::ranges::find(all, field.name, &Member::key);
      if (found == all.end()) {
        members[count++] = {field.name, value};
      } else {
        found->value = value;
      }
    }
    return Value(std::span<const Member>(members.first(count)));
  }

  stage::BoundExpression m_key;
  std::vector<BoundMember> m_set;
  std::string m_connection;
  bool m_isReplacing = false;
  stage::ProfileView* m_view = nullptr;
  stage::KeyGroups m_groups;
  std::vector<std::string_view> m_keys;
};

}  // namespace

stage::NodeType profileWriteNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeStage = ProfileWrite::make;
  return type;
}

}  // namespace freshet::nodes
