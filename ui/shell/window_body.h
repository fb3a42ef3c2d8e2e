// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::shell {

class BottomDock;
class Grip;
class RightDock;

// Everything between tool bar and status bar. The docks at the sides run the full height, the
// bottom dock lies between them. Under 1600 px the inspector lies over the canvas with a shadow
// while something is selected; an email dock always stands beside it. GUI thread.
class WindowBody final : public QWidget {
  Q_OBJECT

 public:
  struct Parts {
    QWidget* left;
    QWidget* centre;
    BottomDock* bottom;
    RightDock* right;
    QWidget* cover;
  };
  static constexpr int kOverlayBelow = 1600;

  WindowBody(theme::Theme& theme, QWidget* parent = nullptr);
  void fill(const Parts& parts);

  void setBottomShown(bool shown);
  bool isBottomShown() const { return m_isBottomShown; }
  void setRightWanted(bool wanted);
  // The cover takes the whole width above the bottom dock.
  void setCovered(bool isCovered);
  bool isCovered() const { return m_isCovered; }
  // The inspector stands beside the canvas however narrow it is.
  void setBeside(bool beside);
  bool isCanvasCovered() const;  // by the dock at the right
  void arrange();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  class Shadow;
  void setRightExtra(int pixels);
  void recallRight();  // what was dragged when this panel was shown last

  Parts m_parts{};
  Shadow* m_shadow;
  Grip* m_bottomGrip;
  Grip* m_rightGrip;
  int m_bottomHeight;
  int m_rightExtra = 0;  // what the user added to a panel's own width
  bool m_isBottomShown = true;
  bool m_isRightWanted = false;
  bool m_isBeside = false;
  bool m_isCovered = false;
};

}  // namespace freshet::shell
