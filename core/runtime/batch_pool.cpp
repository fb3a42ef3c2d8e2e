// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/batch_pool.h"

#include <utility>

#include "core/base/clock.h"

namespace freshet::runtime {
namespace {

// A batch that once held large events is not kept at that size.
constexpr std::size_t kLargestKept = 32 << 20;
constexpr std::size_t kMostFree = 8;

}  // namespace

std::shared_ptr<BatchPool::Batch> BatchPool::take() {
  std::unique_ptr<Batch> batch;
  {
    const std::scoped_lock lock(m_mutex);
    if (!m_free.empty()) {
      batch = std::move(m_free.back());
      m_free.pop_back();
    }
  }
  if (!batch) batch = std::make_unique<Batch>();
  batch->polledNs = monotonicNs();
  batch->records = 0;
  return {batch.release(), [pool = shared_from_this()](Batch* done) { pool->giveBack(done); }};
}

void BatchPool::seal(Batch& batch) {
  const std::size_t before = std::exchange(batch.leased, batch.arena.capacityBytes());
  m_leased += batch.leased - before;
}

void BatchPool::giveBack(Batch* raw) {
  std::unique_ptr<Batch> batch(raw);
  m_leased -= std::exchange(batch->leased, 0);
  if (batch->records > 0) {
    const std::scoped_lock lock(m_meters.mutex);
    m_meters.endToEnd.add(monotonicNs() - batch->polledNs, batch->records);
  }
  if (batch->arena.capacityBytes() > kLargestKept) return;
  batch->arena.reset();
  const std::scoped_lock lock(m_mutex);
  if (m_free.size() < kMostFree) m_free.push_back(std::move(batch));
}

}  // namespace freshet::runtime
