// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QPointer>
#include <deque>
#include <functional>

#include "ui/shell/panel_context.h"

namespace freshet::widgets {
class HintBar;
}

namespace freshet::shell {

// Shows notices at the foot of the canvas, one at a time; those with an id once, ever, and they
// give way to the next after a while. Follows a run for the few moments that deserve one. GUI
// thread.
class Hints final : public QObject {
  Q_OBJECT

 public:
  // `corner`: where there is room over `over` just now.
  Hints(PanelContext& context, QWidget& over, std::function<Qt::Alignment()> corner);

  // Also leads through a first run: the first email selects its step.
  void setGuiding(bool guiding) { m_isGuiding = guiding; }
  void show(const Notice& notice);
  void place();  // the corner may be another now

 private:
  bool isKnown(const QString& id) const;
  void makeWay();
  void guide(const bridge::LiveSnapshot& live);
  void followRun(const bridge::LiveSnapshot& live);
  void followLetters();
  void greetPerson(const QString& name);
  void next();

  PanelContext& m_context;
  QWidget& m_over;
  std::function<Qt::Alignment()> m_corner;
  QPointer<widgets::HintBar> m_bar;
  QString m_shown;  // the id of what the bar says
  TimeMs m_shownAtMs = 0;
  std::deque<Notice> m_waiting;
  QStringList m_seen;
  struct Lack {
    TimeMs seenMs;
    QString field;
  };
  std::deque<Lack> m_lacks;  // of the last seconds
  TimeMs m_runFromMs = 0;
  std::int64_t m_lastLetter = 0;
  bool m_isGuiding = false;
  bool m_hasSelectedEmail = false;
};

}  // namespace freshet::shell
