// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_events.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace freshet::bench {
namespace {

constexpr double kUsers = 1'000'000;
constexpr double kExponent = 1.6;  // a tenth of 2,000 events are by different users
constexpr std::int64_t kBegin = 1'718'000'000'000;
constexpr std::int64_t kStepMs = 7;

constexpr const char* kAgents[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.4 Mobile/15E148 Safari/604.1"};

/// The n-th draw of an event.
std::uint64_t draw(const EventPlan& plan, std::uint64_t index, std::uint64_t n) {
  std::uint64_t x = plan.seed * 0x9e3779b97f4a7c15U + index * 32 + n + 1;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  x ^= x >> 31;
  x *= 0x9e3779b97f4a7c15U;
  return x ^ (x >> 29);
}

double unit(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

std::uint32_t userOf(const EventPlan& plan, std::uint64_t index) {
  const double at = unit(draw(plan, index, 0));
  if (!plan.isZipf) return static_cast<std::uint32_t>(at * kUsers);
  const double power = 1 - kExponent;
  return static_cast<std::uint32_t>(std::pow(1 + at * (std::pow(kUsers, power) - 1), 1 / power));
}

std::string priceText(const EventPlan& plan, std::uint64_t index) {
  const auto cents = static_cast<unsigned>(50 + draw(plan, index, 2) % 19950);
  char text[16];
  std::snprintf(text, sizeof text, "%u.%02u", cents / 100, cents % 100);
  return text;
}

bool isValid(const EventPlan& plan, std::uint64_t index) {
  return unit(draw(plan, index, 3)) >= plan.invalid;
}

std::string idOf(const EventPlan& plan, std::uint64_t index) {
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx",
                static_cast<unsigned long long>(draw(plan, index, 4)),
                static_cast<unsigned long long>(index));
  return text;
}

}  // namespace

std::string userName(std::uint32_t user) {
  char text[16];
  std::snprintf(text, sizeof text, "u%08u", user);
  return text;
}

EventFacts eventFacts(const EventPlan& plan, std::uint64_t index) {
  EventFacts facts;
  facts.id = idOf(plan, index);
  facts.user = userOf(plan, index);
  facts.type = static_cast<int>(draw(plan, index, 1) % std::size(kEventTypes));
  facts.price = std::strtod(priceText(plan, index).c_str(), nullptr);
  facts.timeMs = kBegin + static_cast<std::int64_t>(index) * kStepMs;
  facts.isValid = isValid(plan, index);
  return facts;
}

void writeEvent(const EventPlan& plan, std::uint64_t index, std::string& out) {
  const EventFacts facts = eventFacts(plan, index);
  const std::uint64_t a = draw(plan, index, 5);
  const std::uint64_t b = draw(plan, index, 6);
  char text[1024];
  // An invalid one has a time that is no number: the schema demands an integer.
  const int size = std::snprintf(
      text, sizeof text,
      R"({"id":"%s","type":"%s","ts":%s%lld%s,"user_id":"%s","session":"%016llx",)"
      R"("ip":"%u.%u.%u.%u","ua":"%s",)"
      R"("url":"https://shop.example.com/p/%u?utm_source=newsletter&utm_campaign=c%u",)"
      R"("campaign":{"id":"c-%u","variant":"%c"},)"
      R"("props":{"sku":"SKU-%05u","price":%s,"currency":"EUR","qty":%u},)"
      R"("consent":{"email":%s,"push":%s}})",
      facts.id.c_str(), kEventTypes[facts.type].data(), facts.isValid ? "" : "\"",
      static_cast<long long>(facts.timeMs), facts.isValid ? "" : "\"", userName(facts.user).c_str(),
      static_cast<unsigned long long>(a), static_cast<unsigned>(1 + a % 223),
      static_cast<unsigned>(a >> 8) % 256, static_cast<unsigned>(a >> 16) % 256,
      static_cast<unsigned>(a >> 24) % 256, kAgents[(a >> 32) % std::size(kAgents)],
      static_cast<unsigned>(b % 100000), static_cast<unsigned>((b >> 20) % 500),
      static_cast<unsigned>((b >> 30) % 400), (b >> 40) % 2 ? 'A' : 'B',
      static_cast<unsigned>((b >> 41) % 100000), priceText(plan, index).c_str(),
      static_cast<unsigned>(1 + (b >> 58) % 4), (a >> 40) % 10 < 8 ? "true" : "false",
      (a >> 44) % 10 < 3 ? "true" : "false");
  out.assign(text, static_cast<std::size_t>(size));
}

}  // namespace freshet::bench
