// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/log/log_panel.h"

#include <QPlainTextEdit>
#include <QTime>
#include <QVBoxLayout>

#include "ui/shell/panel_context.h"
#include "ui/theme/fonts.h"
#include "ui/theme/numbers.h"

namespace freshet::log {
namespace {

constexpr int kMostLines = 1'000;

QString words(host::RunState state, const bridge::LiveSnapshot& live) {
  const auto count = [](std::uint64_t number) {
    return theme::groupedNumber(static_cast<qint64>(number));
  };
  const QString sum =
      LogPanel::tr("%1 events in, %2 out, %3 filtered, %4 kept as failed")
          .arg(count(live.in), count(live.out), count(live.filtered), count(live.dead));
  switch (state) {
    case host::RunState::Starting:
      return LogPanel::tr("starting");
    case host::RunState::Running:
      return LogPanel::tr("running");
    case host::RunState::Draining:
      return LogPanel::tr("stopping, the last events are on their way");
    case host::RunState::Stopped:
      return LogPanel::tr("stopped: ") + sum;
    case host::RunState::Finished:
      return LogPanel::tr("finished: ") + sum;
    case host::RunState::Failed:
      return LogPanel::tr("failed: ") + sum;
  }
  return {};
}

}  // namespace

LogPanel::LogPanel(shell::PanelContext& context, QWidget* parent)
    : Panel(parent), m_lines(new QPlainTextEdit(this)) {
  m_lines->setObjectName(QStringLiteral("logLines"));
  m_lines->setAccessibleName(tr("Log"));
  m_lines->setReadOnly(true);
  m_lines->setFrameShape(QFrame::NoFrame);
  m_lines->setProperty("plain", true);
  m_lines->setFont(theme::font(theme::TextRole::Mono));
  m_lines->setMaximumBlockCount(kMostLines);
  m_lines->setPlaceholderText(tr("What happens to a run is written here."));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_lines);
  const bridge::HostBridge* host = &context.host();
  connect(host, &bridge::HostBridge::stateChanged, this,
          [this, host](host::RunState state) { add(words(state, host->current())); });
  connect(host, &bridge::HostBridge::snapshot, this, [this](const bridge::LiveSnapshot& live) {
    const QString trouble =
        live.status.error ? QString::fromStdString(live.status.error->text()) : QString();
    if (trouble != m_trouble && !trouble.isEmpty()) add(trouble);
    m_trouble = trouble;
  });
}

void LogPanel::add(const QString& line) {
  m_lines->appendPlainText(QTime::currentTime().toString(QStringLiteral("HH:mm:ss  ")) + line);
}

}  // namespace freshet::log
