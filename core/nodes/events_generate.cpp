// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "core/base/text.h"
#include "core/nodes/events/dice.h"
#include "core/nodes/events/event_writer.h"
#include "core/nodes/events/pace.h"
#include "core/nodes/events/shop.h"
#include "core/nodes/events/visits.h"
#include "core/record/json.h"
#include "core/stage/node_type.h"

namespace freshet::nodes {
namespace {

using spec::field;
using spec::FieldType;
using stage::Polled;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "events.generate";
  spec.family = spec::Family::Source;
  spec.title = "Simulated visitors";
  spec.summary =
      "Makes the events of people who browse a shop: page views, searches, baskets, "
      "purchases and a few broken ones.";
  spec.icon = "people";
  spec.synonyms = {"generator", "simulate", "demo data", "fake events", "load test", "visitors"};
  spec.hasInput = false;
  spec.outputs = {{"out", "Events"}};
  spec.capabilities = {"clock"};
  spec.keySummary = "rate";
  spec.fields.push_back(
      field("people", FieldType::File, "People",
            "Who visits: one JSON object a line with an id, and a language (en or nl) if known.")
          .required());
  spec.fields.push_back(
      field("catalogue", FieldType::File, "Products",
            "What they look at: a JSON array of products with id, name, blurb, price and picture.")
          .required());
  spec.fields.push_back(
      field("script", FieldType::File, "Script",
            "Visits that always happen: a JSON array of at, person, event and properties. People "
            "named here do nothing else."));
  spec.fields.push_back(
      field("rate", FieldType::Number, "Events a second",
            "The mean number of events a second of real time; it swings by a third, with bursts.")
          .orElse("40")
          .between(0.01, 10'000'000)
          .in("a second"));
  spec.fields.push_back(field("speed", FieldType::Number, "Clock speed",
                              "How many times faster than real time the shop's clock goes.")
                            .orElse("1")
                            .between(0.01, 100'000)
                            .in("times"));
  spec.fields.push_back(
      field("backlog", FieldType::Duration, "Backlog",
            "How much of the shop's time has already happened when the pipeline first starts.")
          .orElse("\"0 s\""));
  spec.fields.push_back(
      field("firstBasketAfter", FieldType::Duration, "First basket after",
            "The shop's time, from its first event on, during which only the script fills baskets.")
          .orElse("\"0 s\"")
          .advanced());
  spec.fields.push_back(field("seed", FieldType::Integer, "Seed",
                              "The same seed makes the same events at the same positions.")
                            .orElse("1")
                            .between(0, 1e15)
                            .advanced());
  spec.examples = {
      {"Forty events a second",
       R"({"people": "shop/people.ndjson", "catalogue": "shop/products.json"})"},
      {"A shop whose clock runs sixty times as fast, one hour into its day",
       R"({"people": "shop/people.ndjson", "catalogue": "shop/products.json", "speed": 60, "backlog": "1 h"})"}};
  return spec;
}

struct Settings {
  std::shared_ptr<const Shop> shop;
  Pace pace;
  double ratePerPartition = 5;
  double speed = 1;
  TimeMs backlogMs = 0;
  TimeMs firstBasketAfterMs = 0;
  std::uint64_t seed = 1;
};

/// When the visitors of one partition come.
class Schedule {
 public:
  Schedule(const Settings& settings, int partition, TimeMs startedMs, std::uint64_t seed)
      : m_settings(settings),
        m_seed(mixBits(seed + static_cast<std::uint64_t>(partition))),
        m_first(settings.pace.eventsAt(-static_cast<double>(settings.backlogMs) / 1000 /
                                       settings.speed)),
        m_phase(static_cast<double>(partition) / Shop::kPartitions),
        m_startedMs(startedMs) {}

  /// Real seconds since the run's start; never falls with `index`.
  double secondsOf(std::int64_t index) const {
    const double jitter = unitOf(mixBits(m_seed ^ static_cast<std::uint64_t>(index)));
    return m_settings.pace.secondsAt(m_first + (static_cast<double>(index) + m_phase + jitter) /
                                                   m_settings.ratePerPartition);
  }
  TimeMs toMs(double seconds) const {
    return m_startedMs + std::llround(seconds * 1000 * m_settings.speed);
  }
  TimeMs timeOf(std::int64_t index) const { return toMs(secondsOf(index)); }

  /// How many come before `timeMs`.
  std::int64_t countBefore(TimeMs timeMs) const {
    std::int64_t high = 1;
    while (timeOf(high) < timeMs) high *= 2;
    std::int64_t low = 0;
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      if (timeOf(middle) < timeMs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

 private:
  const Settings& m_settings;
  std::uint64_t m_seed;
  double m_first;
  double m_phase;
  TimeMs m_startedMs;
};

/// One partition's events, from any offset on. Scripted events take offsets of their own among the
/// generated ones, so both are functions of the position alone.
class Visitors {
 public:
  Visitors(const Settings& settings, int partition, std::int64_t offset, TimeMs startedMs,
           std::uint64_t seed)
      : m_settings(settings),
        m_partition(settings.shop->partitions[static_cast<std::size_t>(partition)]),
        m_schedule(settings, partition, startedMs, seed),
        m_place{seed >> 40, partition, offset, 0},
        m_seed(mixBits(seed ^ static_cast<std::uint64_t>(partition))) {
    const TimeMs beganMs = startedMs - settings.backlogMs;
    m_basketsFromMs = beganMs + settings.firstBasketAfterMs;
    for (std::size_t i = 0; i < m_partition.script.size(); ++i) {
      const TimeMs atMs = beganMs + m_partition.script[i].afterMs;
      m_scriptTimes.push_back(atMs);
      m_scriptOffsets.push_back(static_cast<std::int64_t>(i) + m_schedule.countBefore(atMs));
    }
    const auto next = std::ranges::lower_bound(m_scriptOffsets, offset);
    m_scripted = static_cast<std::size_t>(next - m_scriptOffsets.begin());
    prepare();
  }

  TimeMs nextMs() const { return m_place.timeMs; }

  Polled::Event take(EventWriter& writer, Arena& arena) {
    const ScriptedEvent* scripted = isScripted() ? &m_partition.script[m_scripted] : nullptr;
    std::string_view bytes;
    std::uint32_t visitor = 0;
    if (scripted) {
      visitor = scripted->visitor;
      bytes = writer.write(m_place, *scripted);
      ++m_scripted;
    } else {
      const VisitStep& step = m_plan.steps[static_cast<std::size_t>(m_index % VisitPlan::kSteps)];
      const Visit& visit = m_plan.visits[step.visit];
      visitor = m_partition.visitors[visit.person];
      bytes = writer.write(m_place, m_settings.shop->visitors[visitor], visit, step,
                           actOf(step, visit), Pace::isOldAppAbroad(m_seconds));
    }
    Polled::Event event;
    event.bytes = arena.copy(bytes, record::kJsonPadding);
    event.key = arena.copy(m_settings.shop->visitors[visitor].id);
    event.partition = m_place.partition;
    event.offset = m_place.offset++;
    event.timeMs = m_place.timeMs;
    prepare();
    return event;
  }

 private:
  bool isScripted() const {
    return m_scripted < m_scriptOffsets.size() && m_scriptOffsets[m_scripted] == m_place.offset;
  }

  Act actOf(const VisitStep& step, const Visit& visit) const {
    if (!m_isBeforeBaskets || (step.act != Act::Add && step.act != Act::Purchase)) return step.act;
    const std::int64_t first = m_index - m_index % VisitPlan::kSteps + visit.firstStep;
    return m_schedule.timeOf(first) < m_basketsFromMs ? Act::View : step.act;
  }

  void prepare() {
    if (isScripted()) {
      m_place.timeMs = m_scriptTimes[m_scripted];
      return;
    }
    m_index = m_place.offset - static_cast<std::int64_t>(m_scripted);
    m_seconds = m_schedule.secondsOf(m_index);
    m_place.timeMs = m_schedule.toMs(m_seconds);
    const std::int64_t block = m_index / VisitPlan::kSteps;
    if (block == m_block) return;
    m_block = block;
    m_isBeforeBaskets = m_schedule.timeOf(block * VisitPlan::kSteps) < m_basketsFromMs;
    m_plan.make(m_seed, static_cast<std::uint64_t>(block),
                static_cast<std::uint32_t>(m_partition.visitors.size()),
                static_cast<std::uint32_t>(m_settings.shop->products.size()));
  }

  const Settings& m_settings;
  const Shop::Partition& m_partition;
  Schedule m_schedule;
  EventPlace m_place;  ///< of the next event
  std::uint64_t m_seed;
  TimeMs m_basketsFromMs = 0;
  std::vector<TimeMs> m_scriptTimes;
  std::vector<std::int64_t> m_scriptOffsets;
  std::size_t m_scripted = 0;
  std::int64_t m_index = 0;
  double m_seconds = 0;
  std::int64_t m_block = -1;
  bool m_isBeforeBaskets = false;
  VisitPlan m_plan;
};

class Reader final : public stage::SourceReader {
 public:
  Reader(std::shared_ptr<const Settings> settings, int lane, int lanes)
      : m_settings(std::move(settings)),
        m_writer(*m_settings->shop),
        m_lane(lane),
        m_lanes(lanes) {}

  Status open(stage::StageContext& context, std::span<const stage::Position> from,
              stage::PartitionListener&) override {
    m_context = &context;
    const std::uint64_t seed = mixBits(mixBits(m_settings->seed) + context.seed());
    m_visitors.clear();
    for (int partition = m_lane; partition < Shop::kPartitions; partition += m_lanes) {
      const auto known = std::ranges::find(from, partition, &stage::Position::partition);
      const std::int64_t offset = known == from.end() ? 0 : known->offset;
      m_visitors.emplace_back(*m_settings, partition, offset, context.startedMs(), seed);
    }
    return {};
  }

  Result<Polled> poll(Arena& arena, std::size_t most, int waitMs) override {
    Polled polled;
    polled.isEnded = m_visitors.empty();
    if (polled.isEnded) return polled;
    Visitors* next = earliest();
    waitFor(next->nextMs(), waitMs);
    const TimeMs nowMs = m_context->nowMs();
    while (polled.events.size() < most && next->nextMs() <= nowMs) {
      polled.events.push_back(next->take(m_writer, arena));
      next = earliest();
    }
    polled.nextAtMs = next->nextMs();
    return polled;
  }

 private:
  void waitFor(TimeMs dueMs, int mostMs) const {
    const double awayMs = static_cast<double>(dueMs - m_context->nowMs()) / m_settings->speed;
    const double waitMs = std::min(awayMs, static_cast<double>(mostMs));
    if (waitMs > 0) std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(waitMs));
  }

  Visitors* earliest() { return &*std::ranges::min_element(m_visitors, {}, &Visitors::nextMs); }

  std::shared_ptr<const Settings> m_settings;
  EventWriter m_writer;
  int m_lane;
  int m_lanes;
  stage::StageContext* m_context = nullptr;
  std::vector<Visitors> m_visitors;
};

class Generator final : public stage::Source {
 public:
  explicit Generator(std::shared_ptr<const Settings> settings) : m_settings(std::move(settings)) {}

  Result<int> partitions(stage::StageContext&) override { return Shop::kPartitions; }
  std::unique_ptr<stage::SourceReader> reader(int lane, int lanes) override {
    return std::make_unique<Reader>(m_settings, lane, lanes);
  }
  bool isDeterministic() const override { return true; }
  double clockSpeed() const override { return m_settings->speed; }

 private:
  std::shared_ptr<const Settings> m_settings;
};

Result<std::unique_ptr<stage::Source>> make(const spec::Config& config,
                                            stage::BuildContext& context) {
  std::string texts[3];
  constexpr const char* kFields[] = {"people", "catalogue", "script"};
  for (std::size_t i = 0; i < 3; ++i) {
    if (!config.has(kFields[i])) continue;
    auto text = context.file(config.text(kFields[i]));
    if (!text) {
      Error error = text.error();
      error.where = kFields[i];
      return error;
    }
    texts[i] = std::move(*text);
  }
  auto shop = Shop::read(texts[0], texts[1], texts[2]);
  if (!shop) return shop.error();
  auto settings = std::make_shared<Settings>();
  settings->shop = *shop;
  settings->ratePerPartition = config.number("rate") / Shop::kPartitions;
  settings->speed = config.number("speed");
  settings->backlogMs = config.durationMs("backlog");
  settings->firstBasketAfterMs = config.durationMs("firstBasketAfter");
  settings->seed = static_cast<std::uint64_t>(config.integer("seed"));
  return std::unique_ptr<stage::Source>(std::make_unique<Generator>(std::move(settings)));
}

}  // namespace

stage::NodeType eventsGenerateNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeSource = make;
  return type;
}

}  // namespace freshet::nodes
