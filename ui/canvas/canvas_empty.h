// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::canvas {

// What the canvas says while it holds no step: one sentence and two ways to begin.
class CanvasEmpty final : public QWidget {
  Q_OBJECT

 public:
  explicit CanvasEmpty(theme::Theme& theme, QWidget* parent);

 Q_SIGNALS:
  void addSourceClicked();
  void openExampleClicked();
};

}  // namespace freshet::canvas
