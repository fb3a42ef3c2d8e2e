// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::widgets {

// A short fact on a soft full-round ground: "Local outbox", "Dry run: nothing is sent", a count.
class Chip final : public QWidget {
  Q_OBJECT

 public:
  enum class Tone { Neutral, Accent, Ok, Warning, Error };
  enum class Size { Regular, Badge };  // 24 or 18 high

  Chip(theme::Theme& theme, Tone tone, const QString& text, QWidget* parent = nullptr);

  void setText(const QString& text);
  void setTone(Tone tone);
  void setSize(Size size);
  void setIconName(const QString& name);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

  static theme::Tint tint(Tone tone, const theme::Tokens& tokens);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QFont textFont() const;

  theme::Theme& m_theme;
  Tone m_tone;
  Size m_size = Size::Regular;
  QString m_text;
  QString m_iconName;
};

}  // namespace freshet::widgets
