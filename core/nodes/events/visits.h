// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace freshet::nodes {

enum class Act : std::uint8_t { View, Search, Add, Purchase, Malformed };

/// One event of a plan: what the visitor does, and with which product.
struct VisitStep {
  Act act = Act::View;
  std::uint8_t visit = 0;
  std::uint8_t quantity = 1;
  std::uint8_t flaw = 0;  ///< which kind of malformed
  std::uint32_t product = 0;
};

/// One visitor in the shop: what lies in the basket, in order.
struct Visit {
  struct Item {
    std::uint32_t product = 0;
    std::uint8_t quantity = 1;
  };
  std::uint32_t person = 0;
  std::uint8_t firstStep = 0;
  std::uint8_t itemCount = 0;
  std::array<Item, 4> items{};
};

/// The next 128 events of a partition: a pure function of the seed and the block's number, so that
/// reading can begin anywhere. Four visitors are in the shop at a time and take turns; nobody's
/// visit reaches into another block. Counts keep the mix: page views 72 %, searches 11, additions
/// to a basket 12, purchases 4.4, malformed 0.6.
struct VisitPlan {
  static constexpr std::uint32_t kSteps = 128;
  static constexpr std::uint32_t kMostVisits = 32;

  std::array<VisitStep, kSteps> steps;
  std::array<Visit, kMostVisits> visits;

  void make(std::uint64_t seed, std::uint64_t block, std::uint32_t people, std::uint32_t products);
};

}  // namespace freshet::nodes
