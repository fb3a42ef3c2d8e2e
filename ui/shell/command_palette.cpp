// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command_palette.h"

#include <QKeyEvent>
#include <QListView>
#include <QSettings>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/node_search.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/paint.h"
#include "ui/widgets/label.h"
#include "ui/widgets/search_field.h"

namespace freshet::shell {

namespace m = theme::metrics;

namespace {

constexpr int kMost = 9;
constexpr int kWidth = 420;
constexpr int kShadow = 10;
constexpr int kDetail = Qt::UserRole;
constexpr int kIcon = Qt::UserRole + 1;

class CommandDelegate final : public QStyledItemDelegate {
 public:
  CommandDelegate(theme::Theme& theme, QObject* parent)
      : QStyledItemDelegate(parent), m_theme(theme) {}

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
    return {0, m::kRow};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    const QRect row = option.rect;
    if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver))
      theme::drawCard(*painter, row, m_theme->accentSoft, m_theme->accentSoft, m::kRadiusInput);
    theme::drawIcon(*painter, index.data(kIcon).toString(), m_theme->text2,
                    QRect(row.left() + 8, row.center().y() - 7, m::kIcon, m::kIcon));
    const QString detail = index.data(kDetail).toString();
    painter->setFont(theme::font(theme::TextRole::Meta));
    painter->setPen(m_theme->text3);
    const int width = painter->fontMetrics().horizontalAdvance(detail);
    const QRect words = row.adjusted(32, 0, -10, 0);
    painter->drawText(words, Qt::AlignRight | Qt::AlignVCenter, detail);
    painter->setFont(theme::font(theme::TextRole::Body));
    painter->setPen(m_theme->text);
    const QString title = painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight,
                                                            words.width() - width - m::kGapCard);
    painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter, title);
  }

 private:
  theme::Theme& m_theme;
};

}  // namespace

void CommandRows::setCommands(std::vector<Command> commands) {
  beginResetModel();
  m_commands = std::move(commands);
  endResetModel();
}

int CommandRows::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_commands.size());
}

QVariant CommandRows::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Command& command = at(index.row());
  if (role == Qt::DisplayRole) return command.title;
  if (role == kDetail || role == Qt::AccessibleDescriptionRole) return command.detail;
  return role == kIcon ? QVariant(command.icon) : QVariant();
}

CommandPalette::CommandPalette(theme::Theme& theme, widgets::SearchField& field, Gather gather,
                               QWidget* window)
    : QWidget(window),
      m_theme(theme),
      m_field(field),
      m_gather(std::move(gather)),
      m_used(QSettings().value(QStringLiteral("commands/used")).toStringList()),
      m_list(new QListView(this)) {
  setObjectName(QStringLiteral("commandPalette"));
  hide();
  m_list->setModel(&m_rows);
  m_list->setItemDelegate(new CommandDelegate(theme, this));
  m_list->setMouseTracking(true);
  m_list->setFocusPolicy(Qt::NoFocus);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setAccessibleName(tr("Commands"));
  m_list->viewport()->setAutoFillBackground(false);
  m_list->setStyleSheet(QStringLiteral("background: transparent;"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(kShadow + 6, kShadow + 6, kShadow + 6, kShadow + 6);
  column->addWidget(m_list);
  connect(&field, &QLineEdit::textEdited, this, &CommandPalette::refresh);
  connect(&field, &widgets::SearchField::left, this, &CommandPalette::leave);
  connect(m_list, &QListView::clicked, this, &CommandPalette::choose);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
  field.installEventFilter(this);
  window->installEventFilter(this);
}

void CommandPalette::open() {
  m_field.setFocus(Qt::ShortcutFocusReason);
  m_field.selectAll();
  m_all = m_gather();
  refresh();
}

void CommandPalette::refresh() {
  if (m_all.empty()) m_all = m_gather();
  const QString query = m_field.text().trimmed();
  struct Hit {
    int score;
    const Command* command;
  };
  std::vector<Hit> hits;
  for (const Command& command : m_all) {
    const qsizetype used = m_used.indexOf(command.title);
    const int recency = used < 0 ? 0 : static_cast<int>(m_used.size() - used);
    if (query.isEmpty()) {
      if (!command.isSearchedOnly) hits.push_back({recency, &command});
    } else if (const int score = bridge::matchScore(command.title, query)) {
      hits.push_back({score * 100 + recency, &command});
    }
  }
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.score > b.score; });
  if (hits.size() > kMost) hits.resize(kMost);
  std::vector<Command> shown;
  for (const Hit& hit : hits) shown.push_back(*hit.command);
  if (shown.empty())
    shown.push_back({tr("Nothing called “%1”. Try a type, a field or a command.").arg(query),
                     {},
                     QStringLiteral("info"),
                     {}});
  m_rows.setCommands(std::move(shown));
  m_list->setCurrentIndex(m_rows.index(0));
  place();
}

void CommandPalette::place() {
  const int height = m_rows.rowCount() * m::kRow + 2 * (kShadow + 6);
  const QPoint corner = m_field.mapTo(parentWidget(), QPoint(m_field.width(), m_field.height()));
  setGeometry(corner.x() - kWidth - kShadow, corner.y() + 4 - kShadow, kWidth + 2 * kShadow,
              height);
  show();
  raise();
}

void CommandPalette::choose(const QModelIndex& index) {
  if (!index.isValid() || !m_rows.at(index.row()).run) return;
  const Command command = m_rows.at(index.row());
  m_used.removeAll(command.title);
  m_used.prepend(command.title);
  while (m_used.size() > kMost) m_used.removeLast();
  QSettings().setValue(QStringLiteral("commands/used"), m_used);
  leave();
  command.run();
}

void CommandPalette::leave() {
  hide();
  m_all.clear();
  m_field.clear();
  m_field.clearFocus();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parentWidget()) {
    if (event->type() == QEvent::Resize && isVisible()) place();
    return false;
  }
  if (event->type() == QEvent::MouseButtonPress) open();
  if (event->type() == QEvent::FocusOut && isVisible()) {
    hide();
    m_all.clear();
  }
  if (event->type() != QEvent::KeyPress || !isVisible()) return false;
  const auto* key = static_cast<QKeyEvent*>(event);
  const int row = m_list->currentIndex().row();
  switch (key->key()) {
    case Qt::Key_Down:
      m_list->setCurrentIndex(m_rows.index(std::min(row + 1, m_rows.rowCount() - 1)));
      return true;
    case Qt::Key_Up:
      m_list->setCurrentIndex(m_rows.index(std::max(row - 1, 0)));
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      choose(m_list->currentIndex());
      return true;
    default:
      return false;
  }
}

void CommandPalette::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QRectF card = QRectF(rect()).adjusted(kShadow, kShadow, -kShadow, -kShadow);
  theme::drawShadow(painter, card, m::kRadiusCard, m_theme.tokens());
  theme::drawCard(painter, card, m_theme->raised, m_theme->border, m::kRadiusCard);
}

}  // namespace freshet::shell
