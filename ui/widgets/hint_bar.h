// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

class QHBoxLayout;

namespace freshet::widgets {

// A small card over the work that says one thing and goes: a hint until it is closed, or a toast
// with one action ("Undo") that goes by itself. It deletes itself when it goes.
class HintBar final : public QWidget {
  Q_OBJECT

 public:
  enum class Kind { Hint, Toast };

  HintBar(theme::Theme& theme, Kind kind, QWidget* parent = nullptr);

  void addText(const QString& text);
  void addKey(const QString& text, const QString& iconName = {});
  void addAction(const QString& text);
  // 0 lets it stay. A pointer over it, or focus in it, holds it back.
  void closeAfter(int milliseconds);
  // Keeps the card 12 px from these edges of its parent (centred where none is named) and shows it.
  void showAt(Qt::Alignment edges);

  bool eventFilter(QObject* watched, QEvent* event) override;

 Q_SIGNALS:
  void actionTriggered();
  void closed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void place();
  void leave();
  void leaveUnlessUsed(int milliseconds);

  theme::Theme& m_theme;
  Kind m_kind;
  QHBoxLayout* m_row;
  Qt::Alignment m_edges;
};

}  // namespace freshet::widgets
