// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QPlainTextEdit>

#include "ui/theme/theme.h"

namespace freshet::inspector {

// A few lines of code that grow with their text; expressions are coloured as Liquid. Tab leaves it.
class CodeEdit final : public QPlainTextEdit {
  Q_OBJECT

 public:
  enum class Language { Plain, Expression, Template };

  CodeEdit(theme::Theme& theme, Language language, QWidget* parent = nullptr);

  void setLines(int least, int most);
  void setWrong(bool wrong);
  QString code() const { return toPlainText(); }
  void setCode(const QString& code);  // no `edited`
  QSize sizeHint() const override;

 Q_SIGNALS:
  void edited(const QString& code);
  void left();

 protected:
  void focusOutEvent(QFocusEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void fit();

  int m_least = 1;
  int m_most = 8;
  bool m_isQuiet = false;
};

}  // namespace freshet::inspector
