// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/tool_bar.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>

#include "ui/shell/icon_label.h"
#include "ui/shell/logo_button.h"
#include "ui/shell/run_control.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/label.h"
#include "ui/widgets/search_field.h"

namespace freshet::shell {

namespace m = theme::metrics;
using widgets::Button;
using widgets::Chip;
using widgets::Ink;
using widgets::Label;

ToolBar::ToolBar(theme::Theme& theme, bridge::DocumentModel& document, RunControl& run, QMenu* menu,
                 QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_document(document),
      m_run(run),
      m_left(makeLeft(menu)),
      m_centre(makeCentre()),
      m_search(new widgets::SearchField(theme, tr("Find step, command, field…"), this)) {
  setObjectName(QStringLiteral("toolBar"));
  setAccessibleName(tr("Tool bar"));
  setFixedHeight(m::kToolbar);
  m_search->setObjectName(QStringLiteral("search"));
  m_search->setShortcutText(tr("Ctrl+K"));
  m_search->resize(m::kSearchWidth, m::kControl);
  connect(&document, &bridge::DocumentModel::changed, this, &ToolBar::refresh);
  connect(&document, &bridge::DocumentModel::savedStateChanged, this, &ToolBar::refresh);
  connect(&run, &RunControl::changed, this, &ToolBar::refresh);
  refresh();
}

QWidget* ToolBar::makeLeft(QMenu* menu) {
  auto* box = new QWidget(this);
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(m::kGapCard, 0, 0, 0);
  row->setSpacing(m::kGapCard);
  row->addWidget(new LogoButton(m_theme, menu, box));
  m_name = new Label({}, theme::TextRole::Title, Ink::Primary, box);
  m_name->setObjectName(QStringLiteral("projectName"));
  m_crumbMark = new IconLabel(m_theme, QStringLiteral("chevron-right"), m::kIcon, box);
  m_crumb = new Label({}, theme::TextRole::Title, Ink::Primary, box);
  m_crumb->setObjectName(QStringLiteral("crumb"));
  m_saved = new Label({}, theme::TextRole::Label, Ink::Meta, box);
  m_saved->setObjectName(QStringLiteral("savedState"));
  row->addWidget(m_name);
  row->addWidget(m_crumbMark);
  row->addWidget(m_crumb);
  row->addWidget(m_saved);
  m_crumbMark->hide();
  m_crumb->hide();
  return box;
}

QWidget* ToolBar::makeCentre() {
  auto* box = new QWidget(this);
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(m::kGapControl);
  m_button = new Button(m_theme, Button::Kind::Primary, {}, box);
  m_button->setObjectName(QStringLiteral("runButton"));
  m_mode = new Button(m_theme, Button::Kind::Secondary, {}, box);
  m_mode->setObjectName(QStringLiteral("runMode"));
  m_mode->setIconName(QStringLiteral("laptop"));
  m_mode->setChevron(true);
  m_chip = new Chip(m_theme, Chip::Tone::Ok, {}, box);
  m_chip->setObjectName(QStringLiteral("environmentChip"));
  row->addWidget(m_button);
  row->addWidget(m_mode);
  row->addSpacing(m::kGapTight);
  row->addWidget(m_chip);
  connect(m_button, &QPushButton::clicked, this, [this] { m_run.act(); });

  auto* modes = new QMenu(m_mode);
  auto* group = new QActionGroup(modes);
  QAction* live = modes->addAction(tr("This computer"));
  QAction* dry = modes->addAction(tr("This computer · dry run"));
  for (QAction* action : {live, dry}) {
    action->setCheckable(true);
    group->addAction(action);
  }
  connect(modes, &QMenu::aboutToShow, this,
          [this, live, dry] { (m_run.isDryRun() ? dry : live)->setChecked(true); });
  connect(live, &QAction::triggered, this, [this] { m_run.setDryRun(false); });
  connect(dry, &QAction::triggered, this, [this] { m_run.setDryRun(true); });
  m_mode->setMenu(modes);
  return box;
}

void ToolBar::refresh() {
  const pipeline::Pipeline& shown = m_document.project().pipeline;
  m_name->setText(QString::fromStdString(shown.title.empty() ? shown.name : shown.title));
  const QString at = m_document.savedAt().toString(QStringLiteral("HH:mm"));
  if (m_document.project().folder.empty())
    m_saved->setText(tr("Not saved yet"));
  else
    m_saved->setText(m_document.isEdited() ? tr("Edited · last saved %1").arg(at)
                                           : tr("Saved %1").arg(at));
  const RunAction next = m_run.action();
  m_button->setText(titleOf(next));
  m_button->setIconName(iconOf(next));
  m_mode->setText(m_run.isDryRun() ? tr("This computer · dry run") : tr("This computer"));

  const bool isDry = m_run.isDryRun();
  const bool isLocal = !leavesThisComputer(m_document.project(), m_document.catalog());
  const bool isEmail = writesEmails(m_document.project(), m_document.catalog());
  m_chip->setVisible((isDry || isLocal) && !shown.nodes.empty());
  m_chip->setTone(isDry ? Chip::Tone::Accent : Chip::Tone::Ok);
  m_chip->setIconName(isDry ? QStringLiteral("flask") : QStringLiteral("lock"));
  m_chip->setText(isDry                                   ? tr("Dry run: nothing is sent")
                  : isEmail && !m_crumb->text().isEmpty() ? tr("Local outbox")
                  : isEmail ? tr("Local outbox: no email leaves this computer")
                            : tr("Nothing leaves this computer"));
  place();
}

void ToolBar::setCrumb(const QString& title) {
  m_crumb->setText(title);
  m_crumb->setVisible(!title.isEmpty());
  m_crumbMark->setVisible(!title.isEmpty());
  m_name->setInk(title.isEmpty() ? Ink::Primary : Ink::Secondary);
  refresh();
}

void ToolBar::resizeEvent(QResizeEvent*) {
  place();
}

void ToolBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), m_theme->surface);
  painter.fillRect(QRect(0, height() - 1, width(), 1), m_theme->border);
}

// The run stands in the middle of what the search leaves, unless the name needs that room.
void ToolBar::place() {
  const int right = width() - m::kGapCard;
  m_search->move(right - m_search->width(), (height() - m_search->height()) / 2);
  m_search->setVisible(width() >= 900);
  m_centre->layout()->activate();
  m_left->layout()->activate();
  const QSize centre = m_centre->layout()->sizeHint();
  const int room = (m_search->isVisibleTo(this) ? m_search->x() : right) - m::kMargin;
  int x = (width() - centre.width()) / 2 - (width() - room) / 4;
  const int name = m_left->layout()->sizeHint().width();
  x = std::max(x, name + m::kGapSection);
  x = std::min(x, room - centre.width());
  m_centre->setGeometry(x, 0, centre.width(), height() - 1);
  m_left->setGeometry(0, 0, std::max(std::min(name, x - m::kGapCard), 0), height() - 1);
}

}  // namespace freshet::shell
