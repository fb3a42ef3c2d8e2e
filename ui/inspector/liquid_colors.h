// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QSyntaxHighlighter>

#include "ui/theme/theme.h"

namespace freshet::inspector {

// Colours Liquid: in a template what stands between braces, else the whole text. The document owns
// it.
class LiquidColors final : public QSyntaxHighlighter {
  Q_OBJECT

 public:
  LiquidColors(theme::Theme& theme, bool isTemplate, QTextDocument* document);

 protected:
  void highlightBlock(const QString& line) override;

 private:
  void colour(const QString& line, int from, int length);

  theme::Theme& m_theme;
  bool m_isTemplate;
};

}  // namespace freshet::inspector
