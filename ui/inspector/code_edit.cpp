// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/code_edit.h"

#include <QAbstractTextDocumentLayout>
#include <QStyle>
#include <algorithm>
#include <cmath>

#include "ui/inspector/liquid_colors.h"
#include "ui/theme/fonts.h"

namespace freshet::inspector {
namespace {

constexpr int kMargin = 4;
constexpr int kFrame = 12;

}  // namespace

CodeEdit::CodeEdit(theme::Theme& theme, Language language, QWidget* parent)
    : QPlainTextEdit(parent) {
  setFont(theme::font(language == Language::Plain ? theme::TextRole::Body : theme::TextRole::Mono));
  setTabChangesFocus(true);
  setUndoRedoEnabled(false);  // the project's undo knows every edit
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  document()->setDocumentMargin(kMargin);
  if (language != Language::Plain)
    new LiquidColors(theme, language == Language::Template, document());
  connect(this, &QPlainTextEdit::textChanged, this, [this] {
    fit();
    if (!m_isQuiet) Q_EMIT edited(toPlainText());
  });
  fit();
}

void CodeEdit::setLines(int least, int most) {
  m_least = least;
  m_most = most;
  fit();
}

void CodeEdit::setWrong(bool wrong) {
  if ((property("state").toString() == QStringLiteral("error")) == wrong) return;
  setProperty("state", wrong ? QStringLiteral("error") : QString());
  style()->unpolish(this);
  style()->polish(this);
}

void CodeEdit::setCode(const QString& code) {
  if (code == toPlainText()) return;
  m_isQuiet = true;
  setPlainText(code);
  m_isQuiet = false;
}

// A plain text layout counts its height in lines.
void CodeEdit::fit() {
  const int lines = static_cast<int>(document()->documentLayout()->documentSize().height());
  setVerticalScrollBarPolicy(lines > m_most ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
  const int height =
      std::clamp(lines, m_least, m_most) * fontMetrics().lineSpacing() + 2 * kMargin + kFrame;
  if (height != this->height() || minimumHeight() != height) setFixedHeight(height);
}

QSize CodeEdit::sizeHint() const {
  return {200, height()};
}

void CodeEdit::focusOutEvent(QFocusEvent* event) {
  QPlainTextEdit::focusOutEvent(event);
  Q_EMIT left();
}

void CodeEdit::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  if (event->size().width() != event->oldSize().width()) fit();
}

}  // namespace freshet::inspector
