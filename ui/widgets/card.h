// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"
#include "ui/widgets/ground.h"

namespace freshet::widgets {

// A rounded ground with a border that others lay their content on.
class Card : public QWidget {
  Q_OBJECT

 public:
  using Ground = widgets::Ground;

  explicit Card(theme::Theme& theme, QWidget* parent = nullptr);

  void setGround(Ground ground);
  void setSelected(bool selected);  // accent border

 protected:
  void paintEvent(QPaintEvent* event) override;
  theme::Theme& theme() const { return m_theme; }

 private:
  theme::Theme& m_theme;
  Ground m_ground = Ground::Surface;
  bool m_isSelected = false;
};

}  // namespace freshet::widgets
