// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/tap_board.h"

#include <algorithm>

namespace freshet::runtime {
namespace {

constexpr std::size_t kMostRecords = 100;
constexpr std::size_t kMostEmails = 1000;
constexpr std::size_t kMostBytes = 8 << 20;
constexpr std::size_t kMostEventBytes = 64 << 10;
constexpr std::size_t kBlockBytes = 2 << 10;
// At most this many copies an edge and lane in each interval: 20 a second and lane per record kept.
constexpr int kCopies = 8;
constexpr std::int64_t kIntervalNs = 100'000'000;

}  // namespace

class TapBoard::Observer final : public EdgeObserver {
 public:
  explicit Observer(TapBoard& board) : m_board(board), m_budgets(board.m_rings.size()) {}

  void onRecords(std::uint32_t edge, std::span<record::Record* const> records) override {
    const std::int64_t now = monotonicNs();
    Budget& budget = m_budgets[edge];
    if (now - budget.since >= kIntervalNs) budget = {now, kCopies};
    const auto most = static_cast<std::size_t>(
        m_board.m_topology.edges()[edge].leavesTemplate ? std::max(budget.left, 4) : budget.left);
    const std::size_t count = std::min(most, records.size());
    // The newest of the batch.
    for (record::Record* record : records.last(count)) m_board.add(edge, *record);
    budget.left -= static_cast<int>(count);
  }

 private:
  struct Budget {
    std::int64_t since = 0;
    int left = kCopies;
  };
  TapBoard& m_board;
  std::vector<Budget> m_budgets;
};

TapBoard::TapBoard(const Topology& topology, const RunClock& clock)
    : m_topology(topology), m_clock(clock) {
  for (const TopologyEdge& edge : topology.edges()) {
    m_rings.push_back(std::make_unique<Ring>());
    m_rings.back()->most = edge.leavesTemplate ? kMostEmails : kMostRecords;
  }
}

std::unique_ptr<EdgeObserver> TapBoard::observer() {
  return std::make_unique<Observer>(*this);
}

void TapBoard::add(std::uint32_t edge, const record::Record& record) {
  std::vector<record::Member> members;
  for (std::size_t slot = 0; slot < record.sections.size(); ++slot) {
    if (record.sections[slot].isNil()) continue;
    members.push_back({m_topology.slots()[slot], record.sections[slot]});
  }
  const record::Origin& origin = *record.origin;
  auto memory = std::make_shared<Arena>(kBlockBytes);
  const record::Value sections =
      record::deepCopy(record::Value(std::span<const record::Member>(members)), *memory);
  const std::size_t size =
      sizeof(Tapped) + memory->capacityBytes() + std::min(origin.bytes.size(), kMostEventBytes);
  Tapped tapped{0,
                origin.timeMs,
                m_clock.now(),
                std::string(origin.key),
                std::string(origin.bytes.substr(0, kMostEventBytes)),
                origin.partition,
                origin.offset,
                record::OwnedValue(std::move(memory), sections)};
  Ring& ring = *m_rings[edge];
  const std::scoped_lock lock(ring.mutex);
  tapped.sequence = ring.next++;
  ring.records.emplace_back(std::move(tapped), size);
  ring.bytes += size;
  while (ring.records.size() > ring.most || (ring.bytes > kMostBytes && ring.records.size() > 1)) {
    ring.bytes -= ring.records.front().second;
    ring.records.pop_front();
  }
}

std::vector<Tapped> TapBoard::newest(std::string_view edge, std::size_t most,
                                     std::uint64_t after) const {
  const auto& edges = m_topology.edges();
  const auto found = std::ranges::find(edges, edge, &TopologyEdge::text);
  if (found == edges.end()) return {};
  const Ring& ring = *m_rings[static_cast<std::size_t>(found - edges.begin())];
  const std::scoped_lock lock(ring.mutex);
  std::vector<Tapped> newest;
  const std::size_t skip = ring.records.size() - std::min(most, ring.records.size());
  for (std::size_t i = skip; i < ring.records.size(); ++i) {
    if (ring.records[i].first.sequence > after) newest.push_back(ring.records[i].first);
  }
  return newest;
}

}  // namespace freshet::runtime
