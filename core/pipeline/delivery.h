// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/pipeline.h"
#include "core/spec/catalog.h"

namespace freshet::pipeline {

/// What a crash may do to what an edge carries, weakest first. EffectivelyOnce: repeated, but a
/// repetition changes nothing.
enum class Guarantee { AtLeastOnce, EffectivelyOnce, ExactlyOnce };
std::string_view guaranteeName(Guarantee guarantee);  ///< "exactly-once" …

/// What a pipeline promises: the one place where that is decided. Pure; any thread.
struct Delivery {
  struct Edge {
    std::string edge;  ///< Edge::text()
    Guarantee guarantee = Guarantee::ExactlyOnce;
    std::string why;  ///< the step that lowers it and the reason; empty where nothing does
  };
  /// Lanes commit by their source's transaction.
  bool isTransactional = false;
  std::string source;   ///< the step whose transaction it is, or could be
  std::string refusal;  ///< why a promise in the settings cannot be kept; empty: it is kept
  std::vector<Edge> edges;
};
Delivery deliveryOf(const Pipeline& pipeline, const spec::SpecCatalog& catalog);

}  // namespace freshet::pipeline
