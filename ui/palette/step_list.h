// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QListView>

#include "ui/theme/theme.h"

namespace freshet::palette {

// A list of StepRows whose steps are dragged as the tile and title they are.
class StepList final : public QListView {
  Q_OBJECT

 public:
  explicit StepList(theme::Theme& theme, QWidget* parent = nullptr);

 Q_SIGNALS:
  void dragBegun();

 protected:
  void startDrag(Qt::DropActions actions) override;

 private:
  QPixmap picture(const QModelIndex& index) const;

  theme::Theme& m_theme;
};

}  // namespace freshet::palette
