// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/label.h"

#include <QPainter>
#include <QStyle>
#include <QVariant>
#include <QtMath>

#include "ui/theme/numbers.h"

namespace freshet::widgets {
namespace {

QString inkName(Ink ink) {
  switch (ink) {
    case Ink::Primary:
      return {};
    case Ink::Secondary:
      return QStringLiteral("secondary");
    case Ink::Meta:
      return QStringLiteral("meta");
    case Ink::Ok:
      return QStringLiteral("ok");
    case Ink::Warning:
      return QStringLiteral("warning");
    case Ink::Error:
      return QStringLiteral("error");
  }
  return {};
}

}  // namespace

Label::Label(const QString& text, theme::TextRole role, Ink ink, QWidget* parent)
    : QLabel(text, parent) {
  setFont(theme::font(role));
  setTextFormat(Qt::PlainText);
  setMinimumHeight(theme::lineHeight(role));
  setInk(ink);
}

void Label::setInk(Ink ink) {
  const QString name = inkName(ink);
  if (property("role").toString() == name) return;
  setProperty("role", name);
  style()->unpolish(this);
  style()->polish(this);
}

void Label::setTabular(bool tabular) {
  m_isTabular = tabular;
  updateGeometry();
  update();
}

QSize Label::sizeHint() const {
  QSize size = QLabel::sizeHint();
  if (m_isTabular) size.setWidth(qCeil(theme::numberWidth(text(), font())));
  return size;
}

QSize Label::minimumSizeHint() const {
  return {fontMetrics().horizontalAdvance(u'…'), QLabel::minimumSizeHint().height()};
}

void Label::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setPen(palette().color(foregroundRole()));
  if (m_isTabular) return theme::drawNumber(painter, contentsRect(), alignment(), text());
  const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width());
  const QString whole = shown == text() ? QString() : text();
  if (toolTip() != whole) setToolTip(whole);
  painter.drawText(contentsRect(), static_cast<int>(alignment()) | Qt::TextSingleLine, shown);
}

}  // namespace freshet::widgets
