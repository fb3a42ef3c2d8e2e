// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cstdio>

#include "core/metrics/snapshot.h"

namespace freshet::metrics {
namespace {

/// A label's value: backslash, quote and line end escaped.
std::string label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

void family(std::string& out, const char* name, const char* type, const char* help) {
  out.append("# HELP freshet_").append(name).append(" ").append(help);
  out.append("\n# TYPE freshet_").append(name).append(" ").append(type).append("\n");
}

void sample(std::string& out, const char* name, const std::string& labels, double value) {
  std::array<char, 40> number{};
  std::snprintf(number.data(), number.size(), "%.17g", value);
  out.append("freshet_")
      .append(name)
      .append("{")
      .append(labels)
      .append("} ")
      .append(number.data())
      .append("\n");
}

void quantiles(std::string& out, const char* name, const std::string& labels,
               const Histogram& histogram) {
  for (const auto& [q, text] : {std::pair{0.5, "0.5"}, {0.95, "0.95"}, {0.99, "0.99"}}) {
    sample(out, name, labels + ",quantile=\"" + text + "\"", histogram.quantileMs(q) / 1000);
  }
  const std::string base(name);
  sample(out, (base + "_count").c_str(), labels, static_cast<double>(histogram.count()));
  sample(out, (base + "_sum").c_str(), labels,
         histogram.meanMs() / 1000 * static_cast<double>(histogram.count()));
}

}  // namespace

std::string prometheusText(const MetricsSnapshot& snapshot, const std::string& pipeline) {
  std::string out;
  const std::string labels = "pipeline=\"" + label(pipeline) + "\"";
  const auto counter = [&](const char* name, const char* help, std::uint64_t value) {
    family(out, name, "counter", help);
    sample(out, name, labels, static_cast<double>(value));
  };
  counter("records_in_total", "Records read from sources.", snapshot.in);
  counter("records_out_total", "Source records that reached at least one sink.", snapshot.out);
  counter("records_filtered_total", "Source records that no sink wanted.", snapshot.filtered);
  counter("records_dead_total", "Source records among the dead letters.", snapshot.dead);
  counter("records_emitted_total", "Records made by timers.", snapshot.emitted);
  counter("records_withheld_total", "Would have reached people, but went round again unarmed.",
          snapshot.withheld);
  counter("record_errors_total", "Failures of records in steps.", snapshot.errors);
  family(out, "resident_memory_bytes", "gauge", "Memory of the process.");
  sample(out, "resident_memory_bytes", labels, static_cast<double>(snapshot.memoryBytes));
  family(out, "end_to_end_seconds", "summary", "From poll to acknowledgement.");
  quantiles(out, "end_to_end_seconds", labels, snapshot.endToEnd);

  const auto perNode = [&](const char* name, const char* help, auto value) {
    family(out, name, "counter", help);
    for (const NodeMetrics& node : snapshot.nodes) {
      sample(out, name, labels + ",node=\"" + label(node.node) + "\"", value(node));
    }
  };
  perNode("node_records_in_total", "Records a step received.",
          [](const NodeMetrics& n) { return static_cast<double>(n.in); });
  perNode("node_records_out_total", "Records a step passed on.",
          [](const NodeMetrics& n) { return static_cast<double>(n.out); });
  perNode("node_errors_total", "Records a step could not process.",
          [](const NodeMetrics& n) { return static_cast<double>(n.errors); });
  perNode("node_busy_seconds_total", "Time spent in a step, worst lane.",
          [](const NodeMetrics& n) { return static_cast<double>(n.busyNs) / 1e9; });
  family(out, "node_seconds", "summary", "Time a step took.");
  for (const NodeMetrics& node : snapshot.nodes) {
    quantiles(out, "node_seconds", labels + ",node=\"" + label(node.node) + "\"", node.latency);
  }
  family(out, "edge_records_total", "counter", "Records that passed a wire.");
  for (const EdgeMetrics& edge : snapshot.edges) {
    sample(out, "edge_records_total", labels + ",edge=\"" + label(edge.edge) + "\"",
           static_cast<double>(edge.records));
  }
  return out;
}

}  // namespace freshet::metrics
