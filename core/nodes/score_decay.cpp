// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/text.h"
#include "core/nodes/bind.h"
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
  spec.id = "score.decay";
  spec.family = spec::Family::Score;
  spec.title = "Interest score";
  spec.summary =
      "Adds points for what a person does and lets old points fade: a view today counts "
      "more than one last month.";
  spec.icon = "decay";
  spec.synonyms = {"scoring", "engagement", "lead score", "recency", "half-life", "points", "rfm"};
  spec.outputs = {{"out", "Scored"}};
  spec.addsSections = {"=as"};
  spec.keySummary = "halfLife";
  spec.fields.push_back(field("score", FieldType::Expression, "Score so far",
                              "The person's score before this event; nothing counts as 0.")
                            .required());
  spec.fields.push_back(
      field(
          "at", FieldType::Expression, "Scored at",
          "When that score was made, in milliseconds since 1970 or as ISO 8601; nothing: just now.")
          .required());
  spec.fields.push_back(
      field("eventType", FieldType::Expression, "Kind of event", "What the points depend on.")
          .orElse("\"{{ event.event }}\""));
  spec.fields.push_back(
      field("points", FieldType::Map, "Points",
            "Points for each kind of event, as a number or an expression; * is for all others.")
          .required());
  spec.fields.push_back(field("halfLife", FieldType::Duration, "Half-life",
                              "After this long without events, half of the score is left.")
                            .orElse("\"7 d\""));
  spec.fields.push_back(
      field("time", FieldType::Expression, "Time of the event",
            "In milliseconds since 1970 or as ISO 8601; by default the event's own time.")
          .advanced());
  spec.fields.push_back(field("decimals", FieldType::Integer, "Decimals",
                              "Rounds the score to this many decimals; by default it is exact.")
                            .between(0, 12)
                            .advanced());
  spec.fields.push_back(field("as", FieldType::Text, "Called",
                              "The section that holds the result: value, and at in milliseconds.")
                            .orElse("\"score\"")
                            .advanced());
  spec.examples = {
      {"Interest that halves in a week",
       R"({"score": "{{ profile.interest }}", "at": "{{ profile.interest_at }}", "points": {"page_view": 1, "add_to_cart": 10, "purchase": 20}})"},
      {"Points that grow with the price",
       R"({"score": "{{ profile.score }}", "at": "{{ profile.ts }}", "eventType": "{{ event.type }}", "points": {"purchase": "{{ event.props.price | times: 0.1 | plus: 10 }}", "*": 1}, "time": "{{ event.ts }}"})"}};
  return spec;
}

std::optional<TimeMs> timeOf(const Value& value) {
  if (value.isInt()) return value.asInt();
  if (value.isFloat() && std::abs(value.asFloat()) < 9e15) return std::llround(value.asFloat());
  if (value.isString()) return parseIsoTime(value.asString());
  return std::nullopt;
}

/// A number, or text that is one; anything else is 0.
double numberOf(const Value& value) {
  if (!value.isString()) return value.number();
  const std::string_view text = value.asString();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

class ScoreDecay final : public stage::Stage {
 public:
  static Result<std::unique_ptr<stage::Stage>> make(const spec::Config& config,
                                                    stage::BuildContext& context) {
    auto score = bindExpression(config, "score", context);
    if (!score) return score.error();
    auto at = bindExpression(config, "at", context);
    if (!at) return at.error();
    auto kind = bindExpression(config, "eventType", context);
    if (!kind) return kind.error();
    auto time = bindOptional(config, "time", context);
    if (!time) return time.error();
    auto points = bindMap(config, "points", context);
    if (!points) return points.error();
    const TimeMs halfLifeMs = config.durationMs("halfLife");
    if (halfLifeMs <= 0) {
      return Error{"E-2110", "the half-life must be longer than nothing, such as \"7 d\"",
                   "halfLife", Retry::Never};
    }
    std::unique_ptr<ScoreDecay> stage(
        new ScoreDecay(std::move(*score), std::move(*at), std::move(*kind), std::move(*time)));
    stage->m_points = std::move(*points);
    const auto others = std::ranges::find(stage->m_points, "*", &BoundMember::name);
    if (others != stage->m_points.end()) {
      std::iter_swap(others, stage->m_points.end() - 1);
      stage->m_hasOthers = true;
    }
    stage->m_halfLifeMs = static_cast<double>(halfLifeMs);
    if (config.has("decimals")) {
      stage->m_unit = std::pow(10.0, static_cast<double>(config.integer("decimals")));
    }
    stage->m_slot = context.slot(config.text("as"));
    return std::unique_ptr<stage::Stage>(std::move(stage));
  }

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    Arena& arena = *batch.arena;
    for (Record* record : batch.records) {
      const TimeMs oldMs = timeOf(m_at.evaluate(*record, arena)).value_or(INT64_MIN);
      TimeMs nowMs = record->origin->timeMs;
      if (m_time) nowMs = timeOf(m_time->evaluate(*record, arena)).value_or(nowMs);
      double value = numberOf(m_score.evaluate(*record, arena));
      // Time that goes back fades nothing, and what is new stays new.
      if (oldMs != INT64_MIN && nowMs > oldMs) {
        value *= std::exp2(-static_cast<double>(nowMs - oldMs) / m_halfLifeMs);
      }
      value += pointsFor(*record, arena);
      if (m_unit > 0) value = std::round(value * m_unit) / m_unit;
      if (!std::isfinite(value)) {
        out.fail(record, "E-2601", "The score is not a finite number: check score and points.");
        continue;
      }
      const auto members = arena.array<Member>(2);
      members[0] = {"value", Value(value)};
      members[1] = {"at", Value(std::max(nowMs, oldMs))};
      record->sections[m_slot] = Value(std::span<const Member>(members));
      out.emit(0, record);
    }
    return stage::Step::Done;
  }

 private:
  ScoreDecay(stage::BoundExpression score, stage::BoundExpression at, stage::BoundExpression kind,
             std::optional<stage::BoundExpression> time)
      : m_score(std::move(score)),
        m_at(std::move(at)),
        m_kind(std::move(kind)),
        m_time(std::move(time)) {}

  double pointsFor(const Record& record, Arena& arena) const {
    const std::string_view kind = m_kind.text(record, arena);
    const auto found = std::ranges::find(m_points, kind, &BoundMember::name);
    if (found != m_points.end()) return numberOf(found->evaluate(record, arena));
    return m_hasOthers ? numberOf(m_points.back().evaluate(record, arena)) : 0;
  }

  stage::BoundExpression m_score;
  stage::BoundExpression m_at;
  stage::BoundExpression m_kind;
  std::optional<stage::BoundExpression> m_time;
  std::vector<BoundMember> m_points;
  bool m_hasOthers = false;  ///< the last of m_points is for all others
  double m_halfLifeMs = 1;
  double m_unit = 0;  ///< 10 to the number of decimals; 0: exact
  std::uint32_t m_slot = 0;
};

}  // namespace

stage::NodeType scoreDecayNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeStage = ScoreDecay::make;
  return type;
}

}  // namespace freshet::nodes
