// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/shell_fixture.h"

#include <QSettings>
#include <QStandardPaths>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ui/shell/project_files.h"

namespace freshet::uitest {

namespace fs = std::filesystem;

std::vector<pipeline::Diagnostic> QuietHost::apply(const pipeline::Project& applied,
                                                   const host::RunOptions& given) {
  project = applied;
  options = given;
  if (!pipeline::hasErrors(findings)) now.state = host::RunState::Starting;
  return findings;
}

void QuietHost::stop(bool isNow) {
  ++stops;
  wasStoppedNow = isNow;
  now.state = isNow ? host::RunState::Stopped : host::RunState::Draining;
}

std::vector<host::TappedRecord> QuietHost::records(std::string_view edge, std::size_t most,
                                                   std::uint64_t after) const {
  std::vector<host::TappedRecord> found;
  const auto all = passed.find(edge);
  if (all == passed.end()) return found;
  for (const host::TappedRecord& record : all->second)
    if (record.sequence > after) found.push_back(record);
  if (found.size() > most) found.erase(found.begin(), found.end() - static_cast<long>(most));
  return found;
}

std::vector<host::DeadLetter> QuietHost::deadLetters(std::size_t most, std::int64_t after) const {
  std::vector<host::DeadLetter> found;
  for (const host::DeadLetter& letter : letters)
    if (letter.id > after && found.size() < most) found.push_back(letter);
  return found;
}

host::TappedRecord basketRecord(std::uint64_t sequence, const char* person, double price) {
  host::TappedRecord record;
  record.sequence = sequence;
  record.timeMs = 1'700'000'000'000 + static_cast<TimeMs>(sequence) * 1'000;
  record.key = "u1";
  const std::string json = R"({"event":{"event":"add_to_cart","userId":"u1","messageId":"m",)"
                           R"("properties":{"name":"Tide vase","price":)" +
                           std::to_string(price) + R"(}},"profile":{"first_name":")" + person +
                           R"(","interest":62}})";
  record.sections = record::OwnedValue::fromJson(json).value();
  return record;
}

WindowFixture::WindowFixture(QSize size, theme::Theme::Mode mode)
    : installation((QSettings().clear(), common::loadInstallation())),
      theme(mode),
      panels([] {
        shell::PanelRegistry registry;
        shell::registerPanels(registry);
        return registry;
      }()),
      window({installation.registry.catalog(), host, theme, panels, {}}) {
  theme.setMotionOn(false);
  const fs::path copy = fs::path(folder.path().toStdString()) / "abandoned-basket";
  fs::copy(FRESHET_SOURCE_DIR "/resources/examples/abandoned-basket", copy,
           fs::copy_options::recursive);
  window.resize(size);
  window.show();
  window.activateWindow();
  if (!window.files().open(QString::fromStdString(copy.string()))) qFatal("no example");
  if (!QTest::qWaitForWindowActive(&window)) qFatal("the window does not come up");
}

std::string WindowFixture::text() {
  const pipeline::Project& project = window.document().project();
  return pipeline::canonicalText(project.pipeline, installation.registry.catalog()) +
         pipeline::canonicalText(project.layout);
}

std::string WindowFixture::file() const {
  std::ifstream in(folder.path().toStdString() +
                   "/abandoned-basket/abandoned-basket.pipeline.json");
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace freshet::uitest
