// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QLabel>

#include "ui/theme/fonts.h"

namespace freshet::widgets {

enum class Ink { Primary, Secondary, Meta, Ok, Warning, Error };

// One line of text in a role of type and ink. Where it does not fit it ends in "…" and the whole
// text is its tooltip. Colours come from the style sheet, so a change of scheme needs nothing.
class Label final : public QLabel {
  Q_OBJECT

 public:
  Label(const QString& text, theme::TextRole role, Ink ink = Ink::Primary,
        QWidget* parent = nullptr);

  void setInk(Ink ink);
  // Digits in equal cells, for a number that changes while one looks.
  void setTabular(bool tabular);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  bool m_isTabular = false;
};

}  // namespace freshet::widgets
