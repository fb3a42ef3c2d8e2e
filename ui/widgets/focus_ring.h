// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QPointer>
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::widgets {

// Says that a widget shows the keyboard's focus ring, and with which corner radius. Buttons and
// check boxes do without being told.
void setFocusRadius(QWidget* widget, int radius);

// The one focus ring of the application: 2 px accent, 2 px outside the widget that got focus from
// the keyboard, gone at the next click. Made once beside the main window; GUI thread.
class FocusRing final : public QObject {
  Q_OBJECT

 public:
  explicit FocusRing(theme::Theme& theme, QObject* parent = nullptr);
  ~FocusRing() override;

  // The widget that wears the ring now, or null.
  QWidget* target() const { return m_target; }

  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  class Frame;
  void wear(QWidget* target, int radius);
  void takeOff();
  void place();

  theme::Theme& m_theme;
  QPointer<QWidget> m_target;
  QPointer<Frame> m_frame;
};

}  // namespace freshet::widgets
