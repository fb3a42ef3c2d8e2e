// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/hint_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QTimer>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"
#include "ui/widgets/button.h"
#include "ui/widgets/key_cap.h"

namespace freshet::widgets {
namespace {

namespace m = theme::metrics;
constexpr int kHeight = 40;
constexpr int kIconLeft = 14;
// Room for the painted shadow around the card.
constexpr int kHalo = 12;

}  // namespace

HintBar::HintBar(theme::Theme& theme, Kind kind, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_kind(kind), m_row(new QHBoxLayout(this)) {
  const int left = kind == Kind::Hint ? kIconLeft + m::kIcon + m::kGapControl : m::kMargin;
  const int above = kHalo + (kHeight - m::kControlCompact) / 2;
  m_row->setContentsMargins(kHalo + left, above, kHalo + m::kGapControl, above);
  m_row->setSpacing(m::kGapControl);
  m_row->setSizeConstraint(QLayout::SetFixedSize);
  auto* close =
      Button::iconOnly(theme, Button::Kind::Ghost, QStringLiteral("close"), tr("Close"), this);
  close->setObjectName(QStringLiteral("hintClose"));
  close->setSize(Button::Size::Compact);
  m_row->addWidget(close);
  connect(close, &QPushButton::clicked, this, &HintBar::leave);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void HintBar::addText(const QString& text) {
  auto* label = new QLabel(text, this);
  label->setFont(theme::font(theme::TextRole::Body));
  m_row->insertWidget(m_row->count() - 1, label);
  const QString spoken = accessibleName();
  setAccessibleName(spoken.isEmpty() ? text : spoken + u' ' + text);
}

void HintBar::addKey(const QString& text, const QString& iconName) {
  m_row->insertWidget(m_row->count() - 1, new KeyCap(m_theme, text, iconName, this));
  setAccessibleName(accessibleName() + u' ' + text);
}

void HintBar::addAction(const QString& text) {
  auto* action = new Button(m_theme, Button::Kind::Ghost, text, this);
  action->setObjectName(QStringLiteral("hintAction"));
  action->setSize(Button::Size::Compact);
  action->setProminent(true);
  m_row->insertWidget(m_row->count() - 1, action);
  connect(action, &QPushButton::clicked, this, [this] {
    Q_EMIT actionTriggered();
    leave();
  });
}

void HintBar::showAt(Qt::Alignment edges) {
  m_edges = edges;
  if (parentWidget()) parentWidget()->installEventFilter(this);
  show();
  raise();
  place();
}

bool HintBar::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parentWidget() && event->type() == QEvent::Resize) place();
  return QWidget::eventFilter(watched, event);
}

void HintBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  place();
}

void HintBar::place() {
  if (!m_edges || !parentWidget()) return;
  // The halo of the shadow reaches as far as the card stays from the edge.
  static_assert(kHalo == m::kGapCard);
  const QRect room = parentWidget()->rect();
  const auto along = [](bool isStart, bool isEnd, int space, int size) {
    return isStart ? 0 : isEnd ? space - size : (space - size) / 2;
  };
  move(along(m_edges & Qt::AlignLeft, m_edges & Qt::AlignRight, room.width(), width()),
       along(m_edges & Qt::AlignTop, m_edges & Qt::AlignBottom, room.height(), height()));
}

void HintBar::closeAfter(int milliseconds) {
  if (milliseconds <= 0) return;
  QTimer::singleShot(milliseconds, this, [this, milliseconds] { leaveUnlessUsed(milliseconds); });
}

void HintBar::leaveUnlessUsed(int milliseconds) {
  const bool isUsed = underMouse() || (focusWidget() && focusWidget()->hasFocus());
  if (isUsed)
    closeAfter(milliseconds);
  else
    leave();
}

void HintBar::leave() {
  hide();
  Q_EMIT closed();
  deleteLater();
}

void HintBar::paintEvent(QPaintEvent*) {
  const theme::Tokens& t = m_theme.tokens();
  const bool isHint = m_kind == Kind::Hint;
  const QRectF card = QRectF(rect()).adjusted(kHalo, kHalo, -kHalo, -kHalo);
  QPainter painter(this);
  theme::drawShadow(painter, card, m::kRadiusCard, t);
  theme::drawCard(painter, card, t.raised, isHint ? t.accent : t.border, m::kRadiusCard);
  if (isHint)
    theme::drawIcon(painter, u"lightbulb", t.accent,
                    QRectF(kHalo + kIconLeft, (height() - m::kIcon) / 2.0, m::kIcon, m::kIcon));
}

void HintBar::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) return leave();
  QWidget::keyPressEvent(event);
}

}  // namespace freshet::widgets
