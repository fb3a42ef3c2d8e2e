// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/runtime/meters.h"
#include "core/runtime/retry_route.h"
#include "core/runtime/state_table.h"
#include "core/runtime/topology.h"
#include "core/stage/bound.h"
#include "core/stage/source.h"
#include "core/stage/stage_context.h"

namespace freshet::runtime {

/// A record that could not be processed: for the dead letters, bytes as they arrived.
struct DeadRecord {
  std::uint32_t node = 0;
  const record::Record* record = nullptr;
  std::string code;
  std::string message;
  std::string pointer;
};

/// A dead letter on its way again. `sections` is JSON by name: what steps had added.
struct Letter {
  record::Origin* origin = nullptr;
  std::string_view sections;
};

/// What an outbox sink composed of a record.
struct Composed {
  std::uint32_t node = 0;
  const record::Record* record = nullptr;
  std::string id;
  std::string body;
};

/// What a batch became. Points into the batch's arena.
struct LaneResult {
  std::vector<std::vector<record::Record*>> sinks;  ///< by node; empty for all but direct sinks
  std::vector<Composed> outbox;
  std::vector<DeadRecord> dead;
  Counts counts;  ///< counts.in is the batch's size; out, filtered and dead add up to it

  void clear();
};

/// Told what passes the edges of a lane; may copy some of it.
class EdgeObserver {
 public:
  virtual ~EdgeObserver() = default;
  virtual void onRecords(std::uint32_t edge, std::span<record::Record* const> records) = 0;
};

/// The whole graph over one micro-batch after another: no thread, no clock, no outside of its own.
/// Driven by hand: process a batch, advance a shard's watermark, take the result. Contexts (one a
/// node, by index) are the driver's and outlive the lane.
class Lane {
 public:
  static constexpr TimeMs kNoWatermark = INT64_MIN;

  Lane(std::shared_ptr<const Topology> topology, LaneParts parts, Meters& meters,
       EdgeObserver* observer);

  /// Opens the stages (sinks are the driver's to open).
  Status open(std::span<stage::StageContext* const> contexts);
  /// Events of one source node, in order per shard. Fills in event time (by the source's
  /// `eventTime` setting), watermark and ordinal, runs the graph, then fires the timers that came
  /// due. An error is a stage's failure: call `abandon`, then the same batch may be processed
  /// again.
  Status process(std::uint32_t sourceNode, std::span<record::Origin* const> events, Arena& arena,
                 LaneResult& result);
  /// Dead letters that go round again by one route. Their origins say so (`retry`); they count as
  /// neither in nor out.
  Status retry(const RetryRoute& route, std::span<const Letter> letters, Arena& arena,
               LaneResult& result);
  /// Moves a shard's watermark on without an event (an idle source) and fires what came due; adds
  /// to `result`.
  Status advanceWatermark(std::uint32_t shard, TimeMs watermark, Arena& arena, LaneResult& result);
  /// What a record that its sink refuses takes from the counts: an event is dead once no sink is
  /// left that has it.
  Counts countRefused(const record::Record& record) const;
  /// Gives keyed state back as it was before the batch that failed.
  void abandon();

  /// Keyed state and timers of a shard and its watermark, between batches: bytes with a version,
  /// nodes by name, so that they survive a changed graph.
  std::string snapshot(std::uint32_t shard) const;
  /// Replaces what the shard holds; a node that is no longer there loses its rows. Bytes that are
  /// damaged or of another version are refused and change nothing.
  Status restore(std::uint32_t shard, std::string_view bytes);
  /// The earliest timer of any shard, as a watermark that would fire it; INT64_MAX: none.
  TimeMs nextDeadline() const;
  TimeMs watermark(std::uint32_t shard) const;
  void setWatermark(std::uint32_t shard, TimeMs watermark);
  StateTable* state(std::size_t node) { return m_tables[node].get(); }
  LaneParts& parts() { return m_parts; }
  const Topology& topology() const { return *m_topology; }

 private:
  record::Record* makeRecord(const record::Origin* origin);
  Status intake(std::uint32_t sourceNode, std::span<record::Origin* const> events,
                stage::Output& out);
  void stamp(record::Origin& origin, const record::Record& record, const TopologyNode& source,
             const stage::BoundExpression* eventTime);
  Status fireTimers(std::uint32_t shard);
  Status fireTouched();
  Status takeUp(std::uint32_t node, std::span<const Letter> letters);
  void withhold(std::size_t node, record::Record& record);
  void beginBatch(Arena& arena, LaneResult& result);
  void publishMeters();
  Status runFrom(std::size_t node);
  Status runNode(std::size_t node);
  void arrive(std::size_t node, std::span<record::Record* const> records);
  void distribute(std::size_t node, stage::Output& out);
  void send(const Port& port, std::span<record::Record* const> records, bool isFailed);
  void fail(std::size_t node, const stage::Failure& failure);
  void mark(const record::Record& record, std::uint8_t outcome);
  bool isTainted(const record::Record& record) const;

  std::shared_ptr<const Topology> m_topology;
  LaneParts m_parts;
  Meters& m_meters;
  EdgeObserver* m_observer;
  std::vector<std::unique_ptr<StateTable>> m_tables;
  record::JsonReader m_reader;
  std::vector<std::vector<record::Record*>> m_inbox;
  std::vector<stage::Output> m_outputs;
  std::vector<TimeMs> m_watermarks;  ///< by shard
  std::vector<TimeMs> m_watermarksBefore;
  std::vector<std::uint32_t> m_touched;
  // Of the batch under way:
  Arena* m_arena = nullptr;
  LaneResult* m_result = nullptr;
  const RetryRoute* m_route = nullptr;  ///< of the letters under way; else null
  std::uint32_t m_wave = 0;             ///< how often stages have resumed in this batch
  std::vector<std::uint8_t> m_outcomes;
  std::vector<NodeMeter> m_batchNodes;
  std::vector<std::uint64_t> m_batchEdges;
};

}  // namespace freshet::runtime
