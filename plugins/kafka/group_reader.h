// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/stage/source.h"
#include "plugins/kafka/connection.h"
#include "plugins/kafka/kafka_source.h"
#include "plugins/kafka/lane_transaction.h"

namespace freshet::kafka {

/// One lane's consumer. Lane's thread only. A rebalance is only noted in librdkafka's callback and
/// carried out by the next poll, between two batches: the batch in which it came is thrown away (it
/// is read again from the committed position), and the group waits for us meanwhile.
/// In an inert run it joins no group: it reads from the group's positions and commits nothing.
class GroupReader final : public stage::SourceReader {
 public:
  GroupReader(std::shared_ptr<const SourceSettings> settings, int lane, int lanes)
      : m_settings(std::move(settings)), m_lane(lane), m_lanes(lanes) {}
  ~GroupReader() override;

  Status open(stage::StageContext& context, std::span<const stage::Position> from,
              stage::PartitionListener& listener) override;
  Result<stage::Polled> poll(Arena& arena, std::size_t most, int waitMs) override;
  Status commit(std::span<const stage::Position> positions) override;
  stage::Transaction* transaction() override;
  Result<std::vector<stage::Position>> committed(std::span<const std::int32_t> partitions) override;
  void rewind() override;
  void service() override;
  bool isGoing() const override { return m_change == Change::Revoke; }
  bool isJoining() const override { return !m_assigned; }

 private:
  enum class Change { None, Assign, Revoke };
  /// Where a partition stands here; offsets below zero are not known yet.
  struct Place {
    bool isMine = false;
    std::int64_t next = -1;
    std::int64_t committed = -1;
    std::int64_t first = -1;  ///< that was read here; where to go back to before any commit
  };

  struct Watch final : BrokerWatch {
    GroupReader* reader = nullptr;
  };

  static void onRebalance(rd_kafka_t* client, rd_kafka_resp_err_t error,
                          rd_kafka_topic_partition_list_t* partitions, void* opaque);
  ClientSettings settings() const;
  Status connect();
  Status joinOrAssign();
  Status rejoin();
  void disconnect();
  void close();
  Status applyChange();
  Status assign();
  Error positionsUnknown(rd_kafka_resp_err_t error) const;
  /// "E-3104" where the broker no longer has what is to be read next, with every gap.
  Status findGaps(std::span<const stage::Position> next);
  void revoke();
  void tellRevoked(bool isLost);
  std::size_t take(std::size_t most, int waitMs);
  void accept(const rd_kafka_message_t& message, Arena& arena, stage::Polled& polled);
  void noteError(const rd_kafka_message_t& message);
  Error gapAt(std::int32_t partition);
  void dropMessages();
  void resumePaused();
  Status awaitCommits(int mostMs);
  Place& place(std::int32_t partition);

  std::shared_ptr<const SourceSettings> m_settings;
  int m_lane;
  int m_lanes;
  std::shared_ptr<const KafkaConnection> m_connection;
  stage::PartitionListener* m_listener = nullptr;
  stage::StageContext* m_context = nullptr;
  std::unique_ptr<LaneTransaction> m_transaction;
  std::unique_ptr<Watch> m_watch;
  ClientPtr m_client;
  QueuePtr m_queue;
  QueuePtr m_commitReplies;
  int m_commitsUnderWay = 0;
  Change m_change = Change::None;
  PartitionsPtr m_changed;
  PartitionsPtr m_assigned;
  std::map<std::int32_t, std::int64_t> m_remembered;  ///< positions of our own state, by partition
  std::vector<Place> m_places;                        ///< by partition
  std::vector<rd_kafka_message_t*> m_messages;
  std::vector<rd_kafka_message_t*> m_early;  ///< came while paused; the next poll returns them
  std::vector<record::Header> m_headers;
  std::optional<Error> m_error;
  std::int64_t m_polledNs = 0;
  Fences m_fences;
  bool m_isPaused = false;
  bool m_isRevoking = false;
  bool m_isRewinding = false;
  bool m_isClosing = false;
};

}  // namespace freshet::kafka
