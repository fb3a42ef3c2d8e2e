// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QPushButton>
#include <QVariantAnimation>

#include "ui/theme/theme.h"

namespace freshet::widgets {

// A push button of the house: primary (one a view), secondary (bordered) or ghost; 32 or 28 high,
// with an icon, a text, a chevron for a menu, or any of them. Paints itself from the tokens.
class Button final : public QPushButton {
  Q_OBJECT

 public:
  enum class Kind { Primary, Secondary, Ghost };
  enum class Size { Regular, Compact };

  Button(theme::Theme& theme, Kind kind, const QString& text, QWidget* parent = nullptr);

  // A square button that shows an icon only: `name` is its tooltip and accessible name.
  static Button* iconOnly(theme::Theme& theme, Kind kind, const QString& iconName,
                          const QString& name, QWidget* parent = nullptr);

  void setSize(Size size);
  void setIconName(const QString& name);
  void setChevron(bool shown);
  // Accent border and icon: the next likely thing among quiet neighbours.
  void setProminent(bool prominent);
  Kind kind() const { return m_kind; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  struct Colors {
    QColor fill, border, text, icon;
  };
  Colors colors() const;
  int controlHeight() const;
  void fadeTo(qreal hover);

  theme::Theme& m_theme;
  Kind m_kind;
  Size m_size = Size::Regular;
  QString m_iconName;
  bool m_hasChevron = false;
  bool m_isProminent = false;
  QVariantAnimation m_hover;  // 0 away, 1 under the pointer
};

}  // namespace freshet::widgets
