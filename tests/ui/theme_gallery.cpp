// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/theme_gallery.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/numbers.h"
#include "ui/theme/paint.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/hint_bar.h"
#include "ui/widgets/key_cap.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/share_bar.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/tile.h"

namespace freshet::uitest {
namespace {

using widgets::Button;
using widgets::Chip;

// States, type and numbers, drawn with the functions that panels use.
class PaintSample final : public QWidget {
 public:
  explicit PaintSample(theme::Theme& theme) : m_theme(theme) { setFixedSize(900, 250); }

 protected:
  void paintEvent(QPaintEvent*) override {
    const theme::Tokens& t = m_theme.tokens();
    QPainter painter(this);
    painter.fillRect(rect(), t.canvas);
    theme::drawLogo(painter, QRectF(12, 12, 24, 24), t);
    theme::drawLogo(painter, QRectF(44, 12, 48, 48), t);
    qreal x = 110;
    for (const auto state : {theme::State::Running, theme::State::Warning, theme::State::Error,
                             theme::State::Stopped, theme::State::Starting, theme::State::Paused}) {
      theme::drawStateMark(painter, state, QRectF(x, 20, 8, 8), t);
      theme::drawStateMark(painter, state, QRectF(x, 40, 16, 16), t, 0.1);
      x += 30;
    }
    const QRectF card(310, 20, 232, 104);
    theme::drawShadow(painter, card, theme::metrics::kRadiusCard, t);
    theme::drawCard(painter, card, t.raised, t.border, theme::metrics::kRadiusCard);
    theme::drawRing(painter, card, theme::metrics::kRadiusCard, theme::metrics::kSelectionGap,
                    theme::metrics::kSelectionRing, t.accent);
    painter.setPen(t.text);
    painter.setFont(theme::font(theme::TextRole::Meta));
    int y = 30;
    for (const auto* text : {"12.4k/s", "11.1k/s", "10 000", "88 888"}) {
      theme::drawNumber(painter, QRectF(320, y, 200, 16), Qt::AlignLeft | Qt::AlignVCenter,
                        QString::fromUtf8(text));
      painter.drawText(QRectF(420, y, 200, 16), Qt::AlignLeft | Qt::AlignVCenter,
                       QString::fromUtf8(text));
      y += 18;
    }
    theme::drawStripes(painter, QRectF(0, 0, width(), 4), t.accent, t.accentSoft);
    drawType(painter, t);
    drawColors(painter, t);
  }

 private:
  void drawType(QPainter& painter, const theme::Tokens& t) {
    painter.setPen(t.text);
    int y = 76;
    for (int role = 0; role <= static_cast<int>(theme::TextRole::MonoMedium); ++role) {
      painter.setFont(theme::font(static_cast<theme::TextRole>(role)));
      const int line = theme::lineHeight(static_cast<theme::TextRole>(role));
      const int column = role % 2;
      painter.drawText(QRect(12 + 150 * column, y, 140, line), Qt::AlignVCenter,
                       QStringLiteral("Zoë 1.9"));
      if (column == 1) y += std::max(20, line) + 2;
    }
  }
  void drawColors(QPainter& painter, const theme::Tokens& t) {
    qreal x = 570;
    for (const QColor& color : t.series) painter.fillRect(QRectF(x += 24, 20, 20, 20), color);
    for (const QColor& color : t.latency) painter.fillRect(QRectF(x += 24, 20, 20, 20), color);
    x = 560;
    for (const auto family : theme::kFamilies) {
      widgets::drawTile(painter, QRectF(x, 50, 32, 32), theme::familyIcon(family), family, t);
      widgets::drawTile(painter, QRectF(x, 90, 26, 26), theme::familyIcon(family), family, t);
      widgets::drawTile(painter, QRectF(x, 124, 24, 24), theme::familyIcon(family), family, t);
      x += 40;
    }
  }
  theme::Theme& m_theme;
};

QHBoxLayout* row(QVBoxLayout* column, std::initializer_list<QWidget*> widgets) {
  auto* line = new QHBoxLayout;
  line->setSpacing(theme::metrics::kGapControl);
  for (QWidget* widget : widgets) line->addWidget(widget);
  line->addStretch();
  column->addLayout(line);
  return line;
}

Button* button(theme::Theme& theme, Button::Kind kind, const char* text, const char* icon = "") {
  auto* made = new Button(theme, kind, QString::fromUtf8(text));
  made->setIconName(QLatin1String(icon));
  return made;
}

void addButtons(theme::Theme& theme, QVBoxLayout* column) {
  auto* computer = button(theme, Button::Kind::Secondary, "This computer", "laptop");
  computer->setChevron(true);
  auto* chip = new Chip(theme, Chip::Tone::Ok,
                        QStringLiteral("Local outbox: no email leaves this computer"));
  chip->setIconName(QStringLiteral("lock"));
  auto* find = new widgets::SearchField(theme, QStringLiteral("Find step, command, field…"));
  find->setShortcutText(QStringLiteral("Ctrl+K"));
  find->setFixedWidth(theme::metrics::kSearchWidth);
  row(column, {button(theme, Button::Kind::Primary, "Stop", "stop"),
               button(theme, Button::Kind::Secondary, "Step", "step"), computer, chip, find,
               button(theme, Button::Kind::Secondary, "Deploy…")});
  auto* edit = button(theme, Button::Kind::Secondary, "Edit text", "pencil");
  edit->setSize(Button::Size::Compact);
  auto* settings = button(theme, Button::Kind::Secondary, "Settings");
  settings->setSize(Button::Size::Compact);
  auto* next = Button::iconOnly(theme, Button::Kind::Secondary, QStringLiteral("chevron-right"),
                                QStringLiteral("Next person"));
  next->setSize(Button::Size::Compact);
  next->setProminent(true);
  auto* shuffle = Button::iconOnly(theme, Button::Kind::Secondary, QStringLiteral("shuffle"),
                                   QStringLiteral("Random person"));
  shuffle->setSize(Button::Size::Compact);
  auto* off = button(theme, Button::Kind::Primary, "Run", "play");
  off->setEnabled(false);
  row(column, {edit, settings, next, shuffle, off,
               Button::iconOnly(theme, Button::Kind::Ghost, QStringLiteral("ellipsis"),
                                QStringLiteral("More")),
               button(theme, Button::Kind::Ghost, "Pause", "pause")});
}

void addTabsAndChips(theme::Theme& theme, QVBoxLayout* column) {
  auto* tabs = new widgets::TabStrip(theme, widgets::TabStrip::Height::Tall);
  for (const auto* text : {"Live", "Data", "Email", "Problems", "Log"})
    tabs->addTab(QString::fromUtf8(text));
  tabs->setBadge(3, QStringLiteral("1"));
  auto* views = new widgets::Segmented(theme);
  views->addSegment(QStringLiteral("Table"), QStringLiteral("table"));
  views->addSegment(QStringLiteral("Tree"));
  views->addSegment(QStringLiteral("Schema"));
  auto* dry = new Chip(theme, Chip::Tone::Accent, QStringLiteral("Dry run: nothing is sent"));
  dry->setIconName(QStringLiteral("family-test"));
  auto* count = new Chip(theme, Chip::Tone::Error, QStringLiteral("77"));
  count->setSize(Chip::Size::Badge);
  row(column,
      {tabs, views, dry, count, new Chip(theme, Chip::Tone::Warning, QStringLiteral("nobody")),
       new Chip(theme, Chip::Tone::Neutral, QStringLiteral("1 544 people")),
       new widgets::KeyCap(theme, QStringLiteral("Enter"))});
}

void addForms(theme::Theme& theme, QVBoxLayout* column) {
  auto* line = new QLineEdit(QStringLiteral("basket.events"));
  auto* wrong = new QLineEdit(QStringLiteral("99999"));
  wrong->setProperty("state", QStringLiteral("error"));
  auto* choice = new QComboBox;
  choice->addItems({QStringLiteral("30 min"), QStringLiteral("1 h")});
  auto* number = new QSpinBox;
  auto* check = new QCheckBox(QStringLiteral("Consent"));
  check->setChecked(true);
  auto* radio = new QRadioButton(QStringLiteral("Once"));
  radio->setChecked(true);
  auto* share = new widgets::ShareBar(theme);
  share->setShare(0.36);
  share->setFamily(theme::Family::Template);
  share->setFixedWidth(160);
  row(column, {line, wrong, choice, number, check, new QCheckBox(QStringLiteral("Off")), radio,
               share, new widgets::Avatar(theme, QStringLiteral("Zoë de Vries"))});
  auto* code = new QPlainTextEdit(QStringLiteral("event.total > 50"));
  code->setFont(theme::font(theme::TextRole::Mono));
  code->setFixedHeight(60);
  auto* card = new widgets::Card(theme);
  auto* inner = new QVBoxLayout(card);
  inner->addWidget(new widgets::EmptyState(
      theme, QStringLiteral("Numbers appear here when the pipeline runs."), QStringLiteral("Run")));
  auto* hint = new widgets::HintBar(theme, widgets::HintBar::Kind::Hint);
  hint->addText(QStringLiteral("This is Zoë’s email. Press"));
  hint->addKey(QStringLiteral("Right"), QStringLiteral("arrow-right"));
  hint->addText(QStringLiteral("for the next person."));
  auto* toast = new widgets::HintBar(theme, widgets::HintBar::Kind::Toast);
  toast->addText(QStringLiteral("Wire removed."));
  toast->addAction(QStringLiteral("Undo"));
  auto* bars = new QVBoxLayout;
  bars->addWidget(hint);
  bars->addWidget(toast);
  row(column, {code, card})->addLayout(bars);
}

void addViews(QVBoxLayout* column) {
  auto* table = new QTableWidget(6, 4);
  table->setHorizontalHeaderLabels({QStringLiteral("time"), QStringLiteral("person"),
                                    QStringLiteral("event.event"), QStringLiteral("price")});
  table->verticalHeader()->hide();
  table->setItem(0, 1, new QTableWidgetItem(QStringLiteral("Zoë de Vries")));
  table->setItem(1, 1, new QTableWidgetItem(QStringLiteral("José Núñez")));
  table->selectRow(0);
  auto* tree = new QTreeWidget;
  tree->setHeaderLabels({QStringLiteral("field"), QStringLiteral("value")});
  auto* root = new QTreeWidgetItem(tree, {QStringLiteral("profile"), {}});
  new QTreeWidgetItem(root, {QStringLiteral("first_name"), QStringLiteral("Zoë")});
  root->setExpanded(true);
  new QTreeWidgetItem(new QTreeWidgetItem(tree, {QStringLiteral("geo")}), {QStringLiteral("city")});
  auto* menu = new QMenu;
  menu->setWindowFlags(Qt::Widget);
  menu->addAction(QStringLiteral("Duplicate"))->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_D));
  menu->setActiveAction(menu->addAction(QStringLiteral("Rename")));
  menu->addSeparator();
  menu->addAction(QStringLiteral("Delete"))->setEnabled(false);
  auto* snap = menu->addAction(QStringLiteral("Snap"));
  snap->setCheckable(true);
  snap->setChecked(true);
  auto* choices = new QListWidget;
  choices->addItems({QStringLiteral("30 min"), QStringLiteral("1 h"), QStringLiteral("1 day")});
  choices->setCurrentRow(1);
  for (QWidget* view : std::initializer_list<QWidget*>{table, tree, choices})
    view->setFixedHeight(150);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
  buttons->button(QDialogButtonBox::Save)->setDefault(true);
  row(column, {table, tree, choices, menu, buttons});
}

}  // namespace

std::unique_ptr<QWidget> makeWidgetSheet(theme::Theme& theme) {
  auto sheet = std::make_unique<QWidget>();
  sheet->setObjectName(QStringLiteral("widgetSheet"));
  auto* column = new QVBoxLayout(sheet.get());
  column->addWidget(new PaintSample(theme));
  addButtons(theme, column);
  addTabsAndChips(theme, column);
  addForms(theme, column);
  addViews(column);
  column->addStretch();
  sheet->resize(1200, 780);
  return sheet;
}

std::unique_ptr<QWidget> makeIconSheet(theme::Theme& theme) {
  auto sheet = std::make_unique<QWidget>();
  sheet->setObjectName(QStringLiteral("iconSheet"));
  auto* grid = new QGridLayout(sheet.get());
  int at = 0;
  for (const QString& name : theme::iconNames()) {
    auto* picture = new QLabel;
    picture->setPixmap(theme::iconPixmap(name, theme->text2, 20, sheet->devicePixelRatioF()));
    auto* tile = new widgets::Tile(theme, name, theme::kFamilies[static_cast<std::size_t>(at % 7)],
                                   theme::metrics::kTileRow);
    auto* label = new QLabel(name);
    label->setFont(theme::font(theme::TextRole::Axis));
    const int line = at / 7;
    const int column = at % 7;
    grid->addWidget(picture, line, column * 3);
    grid->addWidget(tile, line, column * 3 + 1);
    grid->addWidget(label, line, column * 3 + 2);
    ++at;
  }
  return sheet;
}

}  // namespace freshet::uitest
