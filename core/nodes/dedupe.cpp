// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include "core/nodes/bind.h"
#include "core/stage/key_groups.h"
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using record::Record;
using spec::field;
using spec::FieldType;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "dedupe";
  spec.family = spec::Family::Route;
  spec.title = "Once per person";
  spec.summary = "Lets the first event of each key through and filters its repeats for a while.";
  spec.icon = "calendar-check";
  spec.synonyms = {"dedupe", "deduplicate",   "unique",      "distinct",
                   "repeat", "frequency cap", "at most once"};
  spec.outputs = {{"out", "First"}};
  spec.keySummary = "window";
  spec.capabilities = {"state"};
  spec.fields.push_back(field("key", FieldType::Expression, "Once per",
                              "What must not repeat: a person, or a person and a product. Events "
                              "where it is empty pass.")
                            .orElse("\"{{ event.userId }}\""));
  spec.fields.push_back(field("window", FieldType::Duration, "For",
                              "How long after the first event its repeats are filtered, in the "
                              "events' own time.")
                            .orElse("\"1 d\""));
  spec.examples = {{"Once a day per person", "{}"},
                   {"The same message never twice within a week",
                    R"({"key": "{{ event.messageId }}", "window": "7 d"})"}};
  return spec;
}

/// The event that was let through for a key. Timers make records without a position: their time
/// tells them apart.
struct First {
  static constexpr std::size_t kBytes = 1 + 2 * sizeof(std::int64_t);
  static constexpr char kVersion = 1;

  std::int64_t offset = 0;
  TimeMs timeMs = 0;

  static std::optional<First> read(std::string_view bytes) {
    if (bytes.size() != kBytes || bytes.front() != kVersion) return {};
    First first;
    std::memcpy(&first.offset, bytes.data() + 1, sizeof first.offset);
    std::memcpy(&first.timeMs, bytes.data() + 1 + sizeof first.offset, sizeof first.timeMs);
    return first;
  }
  std::array<char, kBytes> write() const {
    std::array<char, kBytes> bytes{kVersion};
    std::memcpy(bytes.data() + 1, &offset, sizeof offset);
    std::memcpy(bytes.data() + 1 + sizeof offset, &timeMs, sizeof timeMs);
    return bytes;
  }
};

class Dedupe final : public stage::Stage {
 public:
  Dedupe(stage::BoundExpression key, std::int64_t windowMs)
      : m_key(std::move(key)), m_windowMs(windowMs) {}

  Status open(stage::StageContext& context) override {
    m_state = &context.state();
    return {};
  }

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    if (const Status status = fetch(batch); !status) return status.error();
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
      Record* const record = batch.records[i];
      if (m_groupOf[i] == kNoKey || isFirst(m_groupOf[i], *record->origin)) out.emit(0, record);
    }
    return stage::Step::Done;
  }

  Status onTimers(std::span<const stage::Timer> timers, stage::Output&) override {
    for (const stage::Timer& timer : timers) m_state->remove({timer.shard, timer.key});
    return {};
  }

 private:
  static constexpr std::uint32_t kNoKey = UINT32_MAX;

  /// What is known of every key of the batch, with one question.
  Status fetch(const record::Batch& batch) {
    m_groups.clear();
    m_groupOf.clear();
    m_keys.clear();
    for (const Record* record : batch.records) {
      const std::string_view key = m_key.text(*record, *batch.arena);
      if (key.empty()) {
        m_groupOf.push_back(kNoKey);
        continue;
      }
      // State is apart for each shard, so the shard is part of what groups a batch.
      const std::uint32_t shard = record->origin->shard;
      char* const bytes = static_cast<char*>(batch.arena->allocate(sizeof shard + key.size(), 1));
      std::memcpy(bytes, &shard, sizeof shard);
      std::memcpy(bytes + sizeof shard, key.data(), key.size());
      const std::uint32_t group = m_groups.add({bytes, sizeof shard + key.size()});
      if (group == m_keys.size()) m_keys.push_back({shard, {bytes + sizeof shard, key.size()}});
      m_groupOf.push_back(group);
    }
    m_values.assign(m_keys.size(), {});
    if (const Status status = m_state->get(m_keys, m_values); !status) return status;
    m_firsts.clear();
    for (const std::string_view bytes : m_values) m_firsts.push_back(First::read(bytes));
    return {};
  }

  bool isFirst(std::uint32_t group, const record::Origin& origin) {
    std::optional<First>& first = m_firsts[group];
    if (first) {
      // Read again after a crash, the first event is still the first.
      if (first->offset == origin.offset && first->timeMs == origin.timeMs) return true;
      if (origin.timeMs > first->timeMs - m_windowMs &&
          origin.timeMs < first->timeMs + m_windowMs) {
        return false;
      }
      // So late that it belongs to a time before: what is known of later ones stays.
      if (origin.timeMs < first->timeMs) return true;
    }
    first = First{origin.offset, origin.timeMs};
    const auto bytes = first->write();
    m_state->put(m_keys[group], {bytes.data(), bytes.size()});
    m_state->setTimer(m_keys[group], origin.timeMs + m_windowMs);
    return true;
  }

  stage::BoundExpression m_key;
  std::int64_t m_windowMs;
  stage::KeyedState* m_state = nullptr;
  stage::KeyGroups m_groups;
  std::vector<std::uint32_t> m_groupOf;  ///< by record
  std::vector<stage::StateKey> m_keys;   ///< by group
  std::vector<std::string_view> m_values;
  std::vector<std::optional<First>> m_firsts;
};

}  // namespace

stage::NodeType dedupeNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeStage = [](const spec::Config& config,
                      stage::BuildContext& context) -> Result<std::unique_ptr<stage::Stage>> {
    auto key = bindExpression(config, "key", context);
    if (!key) return key.error();
    const std::int64_t windowMs = config.durationMs("window");
    if (windowMs <= 0) return Error{"E-2110", "\"For\" must be longer than nothing.", "window"};
    return std::unique_ptr<stage::Stage>(std::make_unique<Dedupe>(std::move(*key), windowMs));
  };
  return type;
}

}  // namespace freshet::nodes
