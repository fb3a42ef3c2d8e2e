// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <string>
#include <vector>

#include "core/liquid/diagnostic.h"
#include "ui/theme/theme.h"

class QLabel;

namespace freshet::studio {

// "basket_reminder.liquid, line 19, column 41: …" and Show, over the last good e-mail. Hidden while
// nothing is wrong. GUI thread.
class ErrorStrip final : public QWidget {
  Q_OBJECT

 public:
  explicit ErrorStrip(theme::Theme& theme, QWidget* parent = nullptr);

  // `otherwise`: what went wrong where no template is to blame; may be empty.
  void show(const std::vector<liquid::Diagnostic>& findings, const QString& otherwise);
  QString text() const;

 Q_SIGNALS:
  void placeChosen(const std::string& file, int line, int column);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  QLabel* m_words;
  QWidget* m_show;
  std::string m_file;
  liquid::Place m_place;
};

}  // namespace freshet::studio
