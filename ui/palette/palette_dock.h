// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/panel.h"

namespace freshet::palette {

class PalettePanel;
class PaletteRail;

// The palette at the left of the window: the whole list, or the rail where there is little room.
class PaletteDock final : public shell::Panel {
  Q_OBJECT

 public:
  explicit PaletteDock(shell::PanelContext& context, QWidget* parent = nullptr);

  void setRail(bool isRail);
  QSize sizeHint() const override;

 private:
  PalettePanel* m_list;
  PaletteRail* m_rail;
};

}  // namespace freshet::palette
