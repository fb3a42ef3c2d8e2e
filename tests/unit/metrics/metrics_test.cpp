// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/metrics/snapshot.h"

namespace freshet::metrics {
namespace {

TEST(HistogramTest, QuantilesAreWithinTwoPercentOfExact) {
  std::mt19937 random(7);
  std::lognormal_distribution<double> durations(14, 1.5);
  std::vector<std::int64_t> exact;
  Histogram histogram;
  for (int i = 0; i < 20'000; ++i) {
    exact.push_back(static_cast<std::int64_t>(durations(random)));
    histogram.add(exact.back());
  }
  std::ranges::sort(exact);
  for (const double q : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const auto rank = static_cast<std::size_t>(q * static_cast<double>(exact.size()));
    const double wanted = static_cast<double>(exact[rank]) / 1e6;
    EXPECT_NEAR(histogram.quantileMs(q), wanted, wanted * 0.02) << q;
  }
}

TEST(HistogramTest, WhatCameSinceIsOnlyWhatCame) {
  Histogram earlier;
  earlier.add(1'000'000'000, 50);
  Histogram now = earlier;
  now.add(2'000'000, 10);
  const Histogram since = now.since(earlier);
  EXPECT_EQ(since.count(), 10U);
  EXPECT_NEAR(since.quantileMs(0.99), 2.0, 0.04);
  EXPECT_EQ(Histogram().quantileMs(0.99), 0);
}

TEST(HistogramTest, TooLongCountsAsTheLongest) {
  Histogram histogram;
  histogram.add(INT64_MAX);
  histogram.add(-1);
  EXPECT_EQ(histogram.count(), 2U);
}

TEST(PrometheusTest, EverySampleHasItsFamilyAndLabelsAreEscaped) {
  MetricsSnapshot snapshot;
  snapshot.in = 5;
  snapshot.nodes.emplace_back();
  snapshot.nodes.back().node = "say \"hi\"\\\n";
  const std::string text = prometheusText(snapshot, "p");
  EXPECT_NE(text.find("freshet_records_in_total{pipeline=\"p\"} 5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("say \\\"hi\\\"\\\\"), std::string::npos) << text;
  std::string family;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    ASSERT_NE(end, std::string::npos);
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("# HELP ")) continue;
    if (line.starts_with("# TYPE ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      continue;
    }
    EXPECT_TRUE(line.starts_with(family)) << line << " in " << family;
    EXPECT_NE(line.find("} "), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace freshet::metrics
