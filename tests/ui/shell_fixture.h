// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QTemporaryDir>
#include <map>

#include "app/common/registry.h"
#include "core/host/pipeline_host.h"
#include "ui/shell/main_window.h"

namespace freshet::uitest {

// A host that runs nothing and tells what it was told.
class QuietHost final : public host::PipelineHost {
 public:
  std::vector<pipeline::Diagnostic> apply(const pipeline::Project& project,
                                          const host::RunOptions& options) override;
  void stop(bool isNow) override;
  host::HostStatus status() const override { return now; }
  metrics::MetricsSnapshot snapshot() const override { return seen; }
  std::vector<host::TappedRecord> records(std::string_view edge, std::size_t most,
                                          std::uint64_t after) const override;
  std::vector<host::DeadLetter> deadLetters(std::size_t most, std::int64_t after) const override;
  Result<record::OwnedValue> profile(std::string_view, std::string_view) const override {
    return record::OwnedValue();
  }

  host::HostStatus now;
  metrics::MetricsSnapshot seen;
  std::vector<pipeline::Diagnostic> findings;  // what `apply` answers
  std::map<std::string, std::vector<host::TappedRecord>, std::less<>> passed;
  std::vector<host::DeadLetter> letters;
  host::RunOptions options;   // of the newest `apply`
  pipeline::Project project;  // likewise
  int stops = 0;
  bool wasStoppedNow = false;
};

// A basket event of `person` with number `sequence`.
host::TappedRecord basketRecord(std::uint64_t sequence, const char* person, double price);

// The whole window on a copy of the example, as the designer makes it, against a quiet host.
struct WindowFixture {
  explicit WindowFixture(QSize size = {1440, 900},
                         theme::Theme::Mode mode = theme::Theme::Mode::Light);

  std::string text();        // canonical: pipeline, then layout
  std::string file() const;  // the pipeline as it is on disk
  template <class Widget>
  Widget* child(const char* name) {
    return window.findChild<Widget*>(QString::fromLatin1(name));
  }

  QTemporaryDir folder;
  common::Installation installation;
  QuietHost host;
  theme::Theme theme;
  shell::PanelRegistry panels;
  shell::MainWindow window;
};

}  // namespace freshet::uitest
