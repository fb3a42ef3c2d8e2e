// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/stage/node_type.h"

namespace freshet::kafka {

/// What a "kafka.source" node was told. Immutable; shared by the readers of a run.
struct SourceSettings {
  std::string connection;
  std::string topic;
  std::string group;
  int transactionTimeoutMs = 60'000;
  bool startsAtEnd = false;

  /// As a run reads: a backfill is a group of its own, "GROUP-backfill", and reads from the start,
  /// so that it takes no partition from the live run.
  SourceSettings in(const stage::StageContext& context) const;
};

/// The node "kafka.source": a topic read as a member of a consumer group, which keeps the
/// positions.
stage::NodeType sourceNode();

}  // namespace freshet::kafka
