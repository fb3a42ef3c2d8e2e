// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "core/base/arena.h"
#include "core/runtime/meters.h"

namespace freshet::runtime {

/// Memory of the batches of one lane. A batch's memory comes back when its last lease is dropped,
/// from any thread; that moment is its acknowledgement and ends its latency.
class BatchPool : public std::enable_shared_from_this<BatchPool> {
 public:
  struct Batch {
    Arena arena{1 << 20};
    std::int64_t polledNs = 0;
    std::uint64_t records = 0;
    std::size_t leased = 0;  ///< what of it `leasedBytes` counts
  };

  explicit BatchPool(Meters& meters) : m_meters(meters) {}
  std::shared_ptr<Batch> take();
  /// Bytes of batches that are still leased.
  std::size_t leasedBytes() const { return m_leased.load(std::memory_order_relaxed); }
  /// To be called when the arena of `batch` has got its final size, or has grown since.
  void seal(Batch& batch);

 private:
  void giveBack(Batch* batch);

  Meters& m_meters;
  std::atomic<std::size_t> m_leased{0};
  std::mutex m_mutex;
  std::vector<std::unique_ptr<Batch>> m_free;
};

}  // namespace freshet::runtime
