// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "core/nodes/bind.h"
#include "core/nodes/wait/wait_state.h"
#include "core/record/json.h"
#include "core/stage/key_groups.h"
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using record::Member;
using record::Record;
using record::Value;
using spec::field;
using spec::FieldType;
using stage::StateKey;
using Phase = WaitState::Phase;

// One busy key must not grow its state without end: the oldest items go first.
constexpr std::size_t kMostItems = 200;
constexpr std::size_t kMostItemBytes = 256 * 1024;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "wait";
  spec.family = spec::Family::Route;
  spec.title = "Wait";
  spec.summary =
      "Lets an event go on after a while, unless another one comes first: a basket, then "
      "half an hour without a purchase.";
  spec.icon = "hourglass";
  spec.synonyms = {"delay",   "timer",  "abandoned", "inactivity", "session timeout",
                   "timeout", "window", "debounce",  "follow-up"};
  spec.outputs = {{"out", "After the wait"}};
  spec.addsSections = {"=as"};
  spec.capabilities = {"clock", "state"};
  spec.keySummary = "for";
  spec.fields.push_back(field("key", FieldType::Expression, "For each",
                              "Whose events belong together: usually the person's id.")
                            .orElse("\"{{ event.userId }}\""));
  spec.fields.push_back(field("until", FieldType::Condition, "Starts with",
                              "Events that start the wait; each further one starts it again.")
                            .required());
  spec.fields.push_back(
      field("unless", FieldType::Condition, "Unless", "Events that end the wait for nothing."));
  spec.fields.push_back(field("for", FieldType::Duration, "Waits for",
                              "How long after the last start the event goes on, in event time.")
                            .required());
  spec.fields.push_back(
      field("againAfter", FieldType::Duration, "Again after",
            "Once an event went on, starts of the same key within this time are ignored."));
  spec.fields.push_back(
      field("collect", FieldType::Expression, "Collects",
            "What to keep of each start, oldest first, the last 200; by default nothing."));
  spec.fields.push_back(
      field("as", FieldType::Text, "Called",
            "The section that holds items, and in milliseconds since (first start) and left_at "
            "(last start).")
          .orElse("\"wait\"")
          .advanced());
  spec.examples = {
      {"A basket that was left",
       R"({"until": "event.event == 'add_to_cart'", "unless": "event.event == 'purchase'", "for": "30 min", "againAfter": "1 d", "collect": "{{ event.properties }}", "as": "basket"})"},
      {"A week without a visit", R"({"until": "event.event == 'page_view'", "for": "7 d"})"}};
  return spec;
}

struct Settings {
  stage::BoundExpression key;
  stage::BoundCondition until;
  std::optional<stage::BoundCondition> unless;
  std::optional<stage::BoundExpression> collect;
  TimeMs forMs = 0;
  TimeMs againAfterMs = 0;
  std::uint32_t slot = 0;
};

/// Per key: idle, waiting (a start came; the timer is the end of the wait) or resting (something
/// went on; the timer is the end of the rest). Everything depends on a record, its watermark and
/// what came before it for its key, never on where a batch ends.
class Wait final : public stage::Stage {
 public:
  explicit Wait(Settings settings) : m_settings(std::move(settings)) {}

  static Result<std::unique_ptr<stage::Stage>> make(const spec::Config& config,
                                                    stage::BuildContext& context) {
    auto key = bindExpression(config, "key", context);
    if (!key) return key.error();
    auto until = bindCondition(config, "until", context);
    if (!until) return until.error();
    auto collect = bindOptional(config, "collect", context);
    if (!collect) return collect.error();
    Settings settings{std::move(*key), std::move(*until), {}, std::move(*collect)};
    if (config.has("unless")) {
      auto unless = bindCondition(config, "unless", context);
      if (!unless) return unless.error();
      settings.unless = std::move(*unless);
    }
    settings.forMs = config.durationMs("for");
    settings.againAfterMs = config.durationMs("againAfter");
    settings.slot = context.slot(config.text("as"));
    return std::unique_ptr<stage::Stage>(std::make_unique<Wait>(std::move(settings)));
  }

  Status open(stage::StageContext& context) override {
    m_context = &context;
    return {};
  }

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    gather(batch, out);
    if (const Status status = load(); !status) return status.error();
    for (const Event& event : m_events) {
      Group& group = m_groups[event.group];
      if (const Status status = handle(event, group, out); !status) return status.error();
    }
    store();
    return stage::Step::Done;
  }

  Status onTimers(std::span<const stage::Timer> timers, stage::Output& out) override {
    m_keys.clear();
    m_stateKeys.clear();
    for (const stage::Timer& timer : timers) m_stateKeys.push_back({timer.shard, timer.key});
    if (const Status status = load(); !status) return status;
    for (std::size_t i = 0; i < timers.size(); ++i) {
      Group& group = m_groups[i];
      const Status status = fire(group, timers[i].shard, timers[i].atMs, out);
      if (!status) return status;
    }
    store();
    return {};
  }

 private:
  enum class Kind : std::uint8_t { Start, Cancel };
  struct Event {
    Record* record = nullptr;
    Kind kind = Kind::Start;
    std::uint32_t group = 0;
  };
  /// What a key's state is at this point of the batch.
  struct Group {
    std::string_view bytes;
    std::string own;  ///< holds `bytes` once they have changed
    TimeMs timerMs = 0;
    bool isChanged = false;
  };

  /// Only starts and cancels matter; a timer that is due fires for all others by itself.
  void gather(record::Batch& batch, stage::Output& out) {
    m_arena = batch.arena;
    m_events.clear();
    m_keys.clear();
    m_stateKeys.clear();
    for (Record* record : batch.records) {
      const bool isCancel = m_settings.unless && m_settings.unless->holds(*record, *m_arena);
      if (!isCancel && !m_settings.until.holds(*record, *m_arena)) continue;
      const std::string_view key = m_settings.key.text(*record, *m_arena);
      if (key.empty()) {
        out.fail(record, "E-2501", "The wait's key is empty for this event.");
        continue;
      }
      const std::uint32_t group = m_keys.add(sharded(record->origin->shard, key));
      if (group == m_stateKeys.size()) m_stateKeys.push_back({record->origin->shard, key});
      m_events.push_back({record, isCancel ? Kind::Cancel : Kind::Start, group});
    }
  }

  std::string_view sharded(std::uint32_t shard, std::string_view key) const {
    char* text = static_cast<char*>(m_arena->allocate(sizeof shard + key.size(), 1));
    std::memcpy(text, &shard, sizeof shard);
    std::ranges::copy(key, text + sizeof shard);
    return {text, sizeof shard + key.size()};
  }

  Status load() {
    m_values.assign(m_stateKeys.size(), {});
    if (auto status = m_context->state().get(m_stateKeys, m_values); !status) return status;
    if (m_groups.size() < m_stateKeys.size()) m_groups.resize(m_stateKeys.size());
    for (std::size_t i = 0; i < m_stateKeys.size(); ++i) {
      Group& group = m_groups[i];
      group.bytes = m_values[i];
      group.isChanged = false;
    }
    return {};
  }

  /// Puts what changed, once a key.
  void store() {
    stage::KeyedState& state = m_context->state();
    for (std::size_t i = 0; i < m_stateKeys.size(); ++i) {
      const Group& group = m_groups[i];
      if (!group.isChanged) continue;
      if (group.bytes.empty()) {
        state.clearTimer(m_stateKeys[i]);
        state.remove(m_stateKeys[i]);
      } else {
        state.put(m_stateKeys[i], group.bytes);
        state.setTimer(m_stateKeys[i], group.timerMs);
      }
    }
  }

  Status handle(const Event& event, Group& group, stage::Output& out) {
    const record::Origin& origin = *event.record->origin;
    if (!m_state.decode(group.bytes)) return unreadable(origin.key);
    if (m_state.phase != Phase::Idle && m_state.dueMs <= origin.watermarkMs) {
      if (auto status = fire(group, origin.shard, m_state.dueMs, out); !status) return status;
      m_state.decode(group.bytes);
      // A rest that is over as well.
      if (m_state.phase == Phase::Resting && m_state.dueMs <= origin.watermarkMs) forget(group);
    }
    if (event.kind == Kind::Cancel) {
      if (m_state.phase == Phase::Waiting) forget(group);
      return {};
    }
    if (m_state.phase == Phase::Resting) {
      if (origin.timeMs < m_state.dueMs) return {};
      forget(group);
    }
    start(*event.record, group);
    out.hold(event.record);
    return {};
  }

  void start(const Record& record, Group& group) {
    const record::Origin& origin = *record.origin;
    const bool isFirst = m_state.phase == Phase::Idle;
    m_json.clear();
    if (m_settings.collect) {
      record::writeJson(m_settings.collect->evaluate(record, *m_arena), m_json);
      m_state.items.push_back(m_arena->copy(m_json));
    }
    trimItems();
    m_state.sinceMs = isFirst ? origin.timeMs : std::min(m_state.sinceMs, origin.timeMs);
    if (isFirst || origin.timeMs >= m_state.lastMs) {
      m_state.lastMs = origin.timeMs;
      m_state.record.key = origin.key;
      m_state.record.bytes = origin.bytes;
      m_state.record.partition = origin.partition;
      m_state.record.offset = origin.offset;
      m_state.record.arrivedMs = origin.arrivedMs;
      m_state.record.isWithheld = origin.isWithheld;
      m_state.record.headers.assign(origin.headers.begin(), origin.headers.end());
      m_state.record.sections = sectionsOf(record);
    }
    m_state.phase = Phase::Waiting;
    m_state.dueMs = m_state.lastMs + m_settings.forMs;
    change(group);
  }

  void trimItems() {
    std::size_t bytes = 0;
    std::size_t kept = 0;
    const std::size_t count = m_state.items.size();
    while (kept < std::min(count, kMostItems)) {
      bytes += m_state.items[count - 1 - kept].size();
      if (bytes > kMostItemBytes) break;
      ++kept;
    }
    m_state.items.erase(m_state.items.begin(),
                        m_state.items.end() - static_cast<std::ptrdiff_t>(kept));
  }

  std::string_view sectionsOf(const Record& record) {
    const auto names = m_context->sections();
    m_members.clear();
    for (std::size_t slot = 0; slot < record.sections.size(); ++slot) {
      if (!record.sections[slot].isNil()) m_members.push_back({names[slot], record.sections[slot]});
    }
    m_json.clear();
    record::writeJson(Value(std::span<const Member>(m_members)), m_json);
    return m_arena->copy(m_json);
  }

  /// The timer at `atMs`: the record goes on, or the rest is over.
  Status fire(Group& group, std::uint32_t shard, TimeMs atMs, stage::Output& out) {
    if (!m_state.decode(group.bytes)) return unreadable({});
    const Phase phase = m_state.phase;
    if (phase == Phase::Waiting) {
      if (auto status = emit(shard, atMs, out); !status) return status;
    }
    forget(group);
    if (phase == Phase::Waiting && m_settings.againAfterMs > 0) {
      m_state.phase = Phase::Resting;
      m_state.dueMs = atMs + m_settings.againAfterMs;
      change(group);
    }
    return {};
  }

  Status emit(std::uint32_t shard, TimeMs atMs, stage::Output& out) {
    Arena& arena = out.arena();
    const KeptRecord& kept = m_state.record;
    const auto headers = arena.array<record::Header>(kept.headers.size());
    for (std::size_t i = 0; i < headers.size(); ++i) {
      headers[i] = {arena.copy(kept.headers[i].name), arena.copy(kept.headers[i].value)};
    }
    auto* origin = arena.make<record::Origin>();
    origin->bytes = arena.copy(kept.bytes, record::kJsonPadding);
    origin->key = arena.copy(kept.key);
    origin->headers = headers;
    origin->shard = shard;
    origin->partition = kept.partition;
    origin->offset = kept.offset;
    origin->timeMs = atMs;
    origin->watermarkMs = atMs;
    origin->arrivedMs = kept.arrivedMs;
    origin->isWithheld = kept.isWithheld;

    const auto names = m_context->sections();
    auto* record = arena.make<Record>(origin, arena.array<Value>(names.size()));
    const auto sections = m_reader.read(arena.copy(kept.sections, record::kJsonPadding), arena);
    if (!sections) return unreadable(kept.key);
    for (std::size_t slot = 0; slot < names.size(); ++slot) {
      record->sections[slot] = sections->get(names[slot]);
    }
    const auto items = arena.array<Value>(m_state.items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto item = m_reader.read(arena.copy(m_state.items[i], record::kJsonPadding), arena);
      if (!item) return unreadable(kept.key);
      items[i] = *item;
    }
    const auto members = arena.array<Member>(3);
    members[0] = {"items", Value(std::span<const Value>(items))};
    members[1] = {"since", Value(m_state.sinceMs)};
    members[2] = {"left_at", Value(m_state.lastMs)};
    record->sections[m_settings.slot] = Value(std::span<const Member>(members));
    out.emitNew(0, record);
    return {};
  }

  void change(Group& group) {
    m_state.encode(m_encoded);
    group.own.swap(m_encoded);
    group.bytes = group.own;
    group.timerMs = m_state.dueMs;
    group.isChanged = true;
  }

  void forget(Group& group) {
    m_state.clear();
    group.bytes = {};
    group.isChanged = true;
  }

  static Error unreadable(std::string_view key) {
    return {"E-2502",
            "What waits for \"" + std::string(key) +
                "\" was stored by another version or is damaged: start with --fresh to forget it.",
            {},
            Retry::Fatal};
  }

  Settings m_settings;
  stage::StageContext* m_context = nullptr;
  record::JsonReader m_reader;
  Arena* m_arena = nullptr;
  stage::KeyGroups m_keys;
  std::vector<Event> m_events;
  std::vector<StateKey> m_stateKeys;
  std::vector<std::string_view> m_values;
  std::vector<Group> m_groups;  ///< only grows, so that their strings keep their memory
  std::vector<Member> m_members;
  WaitState m_state;
  std::string m_json;
  std::string m_encoded;
};

}  // namespace

stage::NodeType waitNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeStage = Wait::make;
  return type;
}

}  // namespace freshet::nodes
