// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/events/visits.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "core/nodes/events/dice.h"

namespace freshet::nodes {
namespace {

constexpr std::uint32_t kTracks = 4;
constexpr std::uint32_t kTrackSteps = VisitPlan::kSteps / kTracks;
constexpr double kPurchases = 0.044 * VisitPlan::kSteps;
constexpr double kAdditions = 0.12 * VisitPlan::kSteps;
constexpr double kSearches = 0.11 * VisitPlan::kSteps;
constexpr double kMalformed = 0.006 * VisitPlan::kSteps;
constexpr double kBasketsLeft = 4;  // with the mean rate, about one reminder a second
constexpr std::uint8_t kFlaws = 4;

struct Draft {
  std::uint8_t additions = 0;
  std::uint8_t lookAround = 0;  ///< views before the first addition, or the whole of a visit
  bool isBought = false;

  std::uint32_t steps() const { return lookAround + 2U * additions + (isBought ? 2U : 0U); }
};

/// A stride that visits every person before it repeats one.
std::uint32_t strideOf(std::uint32_t people) {
  std::uint32_t stride = 7919 % people;
  while (std::gcd(stride, people) != 1) ++stride;
  return stride;
}

class Planner {
 public:
  Planner(VisitPlan& plan, std::uint64_t seed, std::uint64_t block, std::uint32_t people,
          std::uint32_t products)
      : m_plan(plan),
        m_dice(mixBits(seed) ^ mixBits(~block)),
        m_turn(static_cast<std::uint32_t>((block * VisitPlan::kMostVisits) % people)),
        m_people(people),
        m_products(products),
        m_stride(strideOf(people)) {}

  void make() {
    draftBaskets();
    for (std::uint32_t track = 0; track < kTracks; ++track) fillTrack(track);
    for (std::uint32_t i = m_dice.about(kSearches); i > 0; --i) pickFree().act = Act::Search;
    for (std::uint32_t i = m_dice.about(kMalformed); i > 0; --i) {
      VisitStep& step = pickFree();
      step.act = Act::Malformed;
      step.flaw = static_cast<std::uint8_t>(m_dice.below(kFlaws));
    }
  }

 private:
  void draftBaskets() {
    const std::uint32_t bought = m_dice.about(kPurchases);
    const std::uint32_t baskets = bought + m_dice.about(kBasketsLeft);
    m_drafted = baskets;
    std::uint32_t more = std::max(m_dice.about(kAdditions), baskets) - baskets;
    std::array<Draft, 12> drafts{};
    for (std::uint32_t i = 0; i < baskets; ++i) {
      drafts[i] = {1, static_cast<std::uint8_t>(1 + m_dice.below(2)), i < bought};
    }
    while (more > 0) {
      Draft& draft = drafts[m_dice.below(baskets)];
      if (draft.additions == 4) continue;
      ++draft.additions;
      --more;
    }
    std::array<std::uint32_t, kTracks> room;
    room.fill(kTrackSteps);
    // All baskets together are under 70 steps long, so the emptiest track always has room for one.
    for (std::uint32_t i = 0; i < baskets; ++i) {
      const auto track = static_cast<std::size_t>(std::ranges::max_element(room) - room.begin());
      room[track] -= drafts[i].steps();
      m_drafts[track][m_draftCounts[track]++] = drafts[i];
    }
    m_room = room;
  }

  void fillTrack(std::uint32_t track) {
    auto& drafts = m_drafts[track];
    std::uint32_t& count = m_draftCounts[track];
    for (std::uint32_t left = m_room[track]; left > 0; ++m_drafted) {
      const bool isLast = m_drafted + kTracks >= VisitPlan::kMostVisits || left < 6;
      const std::uint32_t length = isLast ? left : std::min(left, 3 + m_dice.below(6));
      drafts[count++] = {0, static_cast<std::uint8_t>(length), false};
      left -= length;
    }
    for (std::uint32_t i = count; i > 1; --i) std::swap(drafts[i - 1], drafts[m_dice.below(i)]);
    m_at = track;
    for (const Draft& draft : std::span(drafts).first(count)) add(draft);
  }

  void add(const Draft& draft) {
    Visit& visit = m_plan.visits[m_visits];
    visit.person = static_cast<std::uint32_t>(
        (static_cast<std::uint64_t>(m_turn + m_visits) * m_stride) % m_people);
    visit.firstStep = static_cast<std::uint8_t>(m_at);
    visit.itemCount = draft.additions;
    for (std::uint32_t i = 0; i < draft.lookAround; ++i) {
      m_free[m_freeCount++] = static_cast<std::uint8_t>(m_at);
      put(Act::View, m_dice.below(m_products), 1);
    }
    const std::uint32_t first = m_dice.below(m_products);
    const std::uint32_t apart = 1 + m_dice.below(std::max(m_products / 4, 1U));
    for (std::uint32_t i = 0; i < draft.additions; ++i) {
      const std::uint32_t product = (first + i * apart) % m_products;
      const std::uint32_t chance = m_dice.below(10);
      const auto quantity = static_cast<std::uint8_t>(chance < 7 ? 1 : chance < 9 ? 2 : 4);
      visit.items[i] = {product, quantity};
      put(Act::View, product, 1);
      put(Act::Add, product, quantity);
    }
    if (draft.isBought) {
      put(Act::View, first, 1);
      put(Act::Purchase, first, 1);
    }
    ++m_visits;
  }

  void put(Act act, std::uint32_t product, std::uint8_t quantity) {
    m_plan.steps[m_at] = {act, static_cast<std::uint8_t>(m_visits), quantity, 0, product};
    m_at += kTracks;
  }

  /// A view that leads to no addition, each at most once.
  VisitStep& pickFree() {
    const std::uint32_t at = m_dice.below(m_freeCount);
    VisitStep& step = m_plan.steps[m_free[at]];
    m_free[at] = m_free[--m_freeCount];
    return step;
  }

  VisitPlan& m_plan;
  Dice m_dice;
  std::uint32_t m_turn;
  std::uint32_t m_people;
  std::uint32_t m_products;
  std::uint32_t m_stride;
  std::array<std::array<Draft, kTrackSteps>, kTracks> m_drafts;
  std::array<std::uint32_t, kTracks> m_draftCounts{};
  std::array<std::uint32_t, kTracks> m_room{};
  std::array<std::uint8_t, VisitPlan::kSteps> m_free;
  std::uint32_t m_drafted = 0;
  std::uint32_t m_visits = 0;
  std::uint32_t m_freeCount = 0;
  std::uint32_t m_at = 0;
};

}  // namespace

void VisitPlan::make(std::uint64_t seed, std::uint64_t block, std::uint32_t people,
                     std::uint32_t products) {
  Planner(*this, seed, block, people, products).make();
}

}  // namespace freshet::nodes
