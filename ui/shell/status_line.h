// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <deque>

#include "ui/bridge/live_window.h"
#include "ui/theme/theme.h"

class QPushButton;

namespace freshet::widgets {
class Label;
class StateMark;
}  // namespace freshet::widgets

namespace freshet::shell {

class PanelContext;
class RunControl;

// What the status bar says of a run, in one sentence. Pure.
QString runSentence(const bridge::LiveSnapshot& live, const pipeline::Project& project,
                    const spec::SpecCatalog& catalog, bool isDryRun, double emailsASecond);

// The bar at the foot, 26 high: a mark, one sentence; the shop's clock where it runs faster, the
// problems, the zoom. GUI thread; what it is given outlives it.
class StatusLine final : public QWidget {
  Q_OBJECT

 public:
  StatusLine(PanelContext& context, RunControl& run, QWidget* parent = nullptr);

  void setZoom(double zoom);
  // Stands in the zoom's place while a text is edited; empty: gives it back.
  void setCaret(const QString& words);
  void setProblems(int count);

 private:
  void refresh();
  double emailRate(const bridge::LiveSnapshot& live);
  void followClock(const bridge::LiveSnapshot& live);

  PanelContext& m_context;
  RunControl& m_run;
  widgets::StateMark* m_mark;
  widgets::Label* m_sentence;
  QWidget* m_clock;
  widgets::Label* m_clockWords;
  QWidget* m_problemBox;
  QPushButton* m_problems;
  widgets::Label* m_caret;
  widgets::Label* m_zoom;
  struct Emails {
    TimeMs atMs;
    std::uint64_t count;
  };
  std::deque<Emails> m_emails;  // of the last seconds: they are too rare for a shorter look
  TimeMs m_clockFromWallMs = 0;
  TimeMs m_clockFromRunMs = 0;
};

}  // namespace freshet::shell
