// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <vector>

#include "core/host/pipeline_host.h"
#include "ui/bridge/host_bridge.h"
#include "ui/bridge/selection_model.h"
#include "ui/monitor/live_panel.h"
#include "ui/shell/panel_context.h"

namespace freshet::uitest {

// A host that runs nothing: it says what a test puts in.
class ScriptedHost final : public host::PipelineHost {
 public:
  std::vector<pipeline::Diagnostic> apply(const pipeline::Project& project,
                                          const host::RunOptions& options) override;
  void stop(bool isNow) override;
  host::HostStatus status() const override { return now; }
  metrics::MetricsSnapshot snapshot() const override { return numbers; }
  std::vector<host::TappedRecord> records(std::string_view, std::size_t,
                                          std::uint64_t) const override {
    return {};
  }
  std::vector<host::DeadLetter> deadLetters(std::size_t most, std::int64_t after) const override;
  Result<record::OwnedValue> profile(std::string_view, std::string_view) const override {
    return record::OwnedValue();
  }

  host::HostStatus now;
  metrics::MetricsSnapshot numbers;
  std::vector<host::DeadLetter> dead;
};

// The example's Live tab at the size of the pictures, and a run of 40 events a second to play into
// it, tick by tick. Its clock begins at 14:02:00 local time.
struct LiveFixture {
  explicit LiveFixture(theme::Theme::Mode mode = theme::Theme::Mode::Light);

  // Half a second of events that take `ms`, of which `bad` lack a currency.
  void tick(double ms = 1, int bad = 0, int events = 20);
  // The run of the pictures: 3 ms, two slow bursts and one of bad events.
  void playPictures();

  spec::SpecCatalog catalog;
  theme::Theme theme;
  bridge::DocumentModel document;
  bridge::SelectionModel selection;
  ScriptedHost host;
  bridge::HostBridge bridge;
  shell::PanelContext context;
  monitor::LivePanel panel;
  QWidget tabs;  // where the dock puts the panel's corner
  int ticks = 0;

 private:
  void fillNodes(double ms, int bad, int events);
};

}  // namespace freshet::uitest
