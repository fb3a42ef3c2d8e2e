// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/quick_list.h"

#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QScreen>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/step_row.h"

namespace freshet::canvas {
namespace {

constexpr int kWidth = 300;
constexpr int kRowsMost = 8;

class HitDelegate final : public QStyledItemDelegate {
 public:
  HitDelegate(theme::Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    const bridge::StepRow& row = static_cast<const bridge::StepRows*>(index.model())->row(index);
    const bool isRaised = option.state & (QStyle::State_MouseOver | QStyle::State_Selected);
    widgets::drawStepRow(*painter, option.rect,
                         {row.title, row.detail, row.icon, row.family, isRaised, false},
                         m_theme.tokens());
  }
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
    return {option.rect.width(), theme::metrics::kRow};
  }

 private:
  theme::Theme& m_theme;
};

}  // namespace

QuickList::QuickList(theme::Theme& theme, const QString& placeholder, Find find, QWidget* parent)
    : QWidget(parent, Qt::Popup | Qt::FramelessWindowHint),
      m_theme(theme),
      m_find(std::move(find)),
      m_field(new widgets::SearchField(theme, placeholder, this)),
      m_list(new QListView(this)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("quickList"));
  setAccessibleName(placeholder);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  column->addWidget(m_field);
  column->addWidget(m_list);
  m_list->setModel(&m_rows);
  m_list->setItemDelegate(new HitDelegate(theme, this));
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setFocusPolicy(Qt::NoFocus);
  m_list->setMouseTracking(true);
  m_list->setStyleSheet(QStringLiteral("background: transparent"));
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_field->installEventFilter(this);
  connect(m_field, &QLineEdit::textChanged, this, &QuickList::search);
  connect(m_list, &QListView::clicked, this, &QuickList::choose);
  setFocusProxy(m_field);
  search({});
}

void QuickList::popUp(QPoint globalTopLeft) {
  const int rows = std::clamp(m_rows.rowCount(), 1, kRowsMost);
  resize(kWidth, 24 + theme::metrics::kControl + rows * theme::metrics::kRow);
  if (const QScreen* onScreen = parentWidget()->screen()) {
    const QRect room = onScreen->availableGeometry();
    globalTopLeft.setX(std::clamp(globalTopLeft.x(), room.left(), room.right() - width()));
    globalTopLeft.setY(std::clamp(globalTopLeft.y(), room.top(), room.bottom() - height()));
  }
  move(globalTopLeft);
  show();
  m_field->setFocus(Qt::PopupFocusReason);
}

void QuickList::setQuery(const QString& query) {
  m_field->setText(query);
}

void QuickList::search(const QString& query) {
  m_rows.setRows(m_find(query));
  mark(m_rows.nextStep(0, 1));
}

void QuickList::mark(int row) {
  if (row < 0) return;
  const QModelIndex index = m_rows.index(row);
  m_list->setCurrentIndex(index);
  m_list->scrollTo(index);
}

void QuickList::choose(const QModelIndex& index) {
  if (!index.isValid() || m_rows.row(index).isHeader) return;
  const std::string key = m_rows.row(index).key;
  close();
  Q_EMIT chosen(key);
}

bool QuickList::eventFilter(QObject* watched, QEvent* event) {
  if (watched != m_field || event->type() != QEvent::KeyPress)
    return QWidget::eventFilter(watched, event);
  const int at = m_list->currentIndex().row();
  switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down:
      mark(m_rows.nextStep(at + 1, 1));
      return true;
    case Qt::Key_Up:
      mark(m_rows.nextStep(at - 1, -1));
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      choose(m_list->currentIndex());
      return true;
    case Qt::Key_Escape:
      close();
      return true;
    default:
      return false;
  }
}

void QuickList::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), m_theme->raised);
  theme::drawCard(painter, rect(), m_theme->raised, m_theme->border, 0);
  if (m_rows.rowCount() > 0) return;
  painter.setPen(m_theme->text3);
  painter.drawText(rect().adjusted(16, 48, -16, -8), Qt::AlignTop | Qt::TextWordWrap,
                   tr("Nothing called \"%1\".").arg(m_field->text()));
}

}  // namespace freshet::canvas
