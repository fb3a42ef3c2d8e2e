// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/preview_pane.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

#include "ui/studio/email_list.h"
#include "ui/studio/error_strip.h"
#include "ui/studio/mail_view.h"
#include "ui/studio/person_picker.h"
#include "ui/studio/preview_runner.h"
#include "ui/studio/subject_lines.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/ground.h"
#include "ui/widgets/label.h"
#include "ui/widgets/tab_strip.h"

namespace freshet::studio {

namespace m = theme::metrics;
using widgets::Button;
using widgets::TabStrip;

namespace {

constexpr int kPersonRow = 56;
constexpr int kBetween = 28;  // of the two e-mails, and at their sides
constexpr int kPicker = 176;

}  // namespace

PreviewPane::PreviewPane(theme::Theme& theme, EmailList& people, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_people(people) {
  setObjectName(QStringLiteral("previewPane"));
  widgets::setGround(this, widgets::Ground::Window);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeTabs());
  column->addWidget(widgets::makeDivider(Qt::Horizontal));
  column->addWidget(makePersonRow());
  column->addWidget(widgets::makeDivider(Qt::Horizontal));
  m_error = new ErrorStrip(theme, this);
  connect(m_error, &ErrorStrip::placeChosen, this, &PreviewPane::placeChosen);
  column->addWidget(m_error);
  m_ground = new QWidget(this);
  auto* row = new QHBoxLayout(m_ground);
  row->setContentsMargins(kBetween, m::kGapControl, kBetween, m::kGapCard);
  row->setSpacing(kBetween);
  m_desktop = new MailView(theme, MailView::Device::Desktop);
  m_phone = new MailView(theme, MailView::Device::Phone);
  row->addStretch();
  row->addWidget(makeCaptioned(m_desktop, m_desktopBox));
  row->addWidget(makeCaptioned(m_phone, m_phoneBox));
  row->addStretch();
  column->addWidget(m_ground, 1);
  m_text = new QPlainTextEdit(this);
  m_text->setObjectName(QStringLiteral("plainText"));
  m_text->setAccessibleName(tr("Email as plain text"));
  m_text->setProperty("plain", true);
  m_text->setReadOnly(true);
  m_text->setUndoRedoEnabled(false);
  m_text->setFont(theme::font(theme::TextRole::Mono));
  column->addWidget(m_text, 1);
  m_empty = new widgets::EmptyState(theme, tr("Pick a person to see their email."), {}, this);
  column->addWidget(m_empty, 1);
  for (MailView* view : {m_desktop, m_phone})
    connect(view, &MailView::drawn, this, &PreviewPane::drawn);
  clear();
}

QWidget* PreviewPane::makeTabs() {
  auto* bar = new QWidget(this);
  widgets::setGround(bar, widgets::Ground::Surface);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(0, 0, m::kGapCard, 0);
  m_tabs = new TabStrip(m_theme, TabStrip::Height::Tall, bar);
  m_tabs->setObjectName(QStringLiteral("previewTabs"));
  m_tabs->setAccessibleName(tr("Preview"));
  for (const QString& title : {tr("Both"), tr("Desktop 640"), tr("Phone 375"), tr("Text")})
    m_tabs->addTab(title);
  connect(m_tabs, &QTabBar::currentChanged, this, &PreviewPane::arrange);
  row->addWidget(m_tabs);
  row->addStretch();
  return bar;
}

QWidget* PreviewPane::makePersonRow() {
  auto* bar = new QWidget(this);
  bar->setFixedHeight(kPersonRow);
  widgets::setGround(bar, widgets::Ground::Surface);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(m::kGapCard, 0, m::kGapCard, 0);
  row->setSpacing(m::kGapControl);
  const auto add = [&](const QString& icon, const QString& name, int by) {
    Button* button = Button::iconOnly(m_theme, Button::Kind::Secondary, icon, name);
    button->setSize(Button::Size::Compact);
    connect(button, &Button::clicked, this, [this, by] { m_people.step(by); });
    row->addWidget(button);
  };
  add(QStringLiteral("chevron-left"), tr("Person before"), -1);
  auto* picker = new PersonPicker(m_theme, m_people);
  picker->setFixedWidth(kPicker);
  row->addWidget(picker);
  add(QStringLiteral("chevron-right"), tr("Next person"), 1);
  row->addSpacing(m::kGapTight);
  QWidget* divider = widgets::makeDivider(Qt::Vertical, bar);
  divider->setFixedHeight(m::kControl);
  row->addWidget(divider);
  row->addSpacing(m::kGapTight);
  m_subject = new SubjectLines(m_theme, bar);
  row->addWidget(m_subject, 1);
  return bar;
}

QWidget* PreviewPane::makeCaptioned(MailView* view, QWidget*& box) {
  box = new QWidget(m_ground);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(m::kGapControl);
  auto* caption = new widgets::Label({}, theme::TextRole::Meta, widgets::Ink::Secondary, box);
  caption->setObjectName(QStringLiteral("caption"));
  column->addWidget(caption);
  column->addWidget(view, 1);
  return box;
}

// Both stand side by side as large as they fit; one alone is at most its own size.
void PreviewPane::arrange() {
  const int tab = m_tabs->currentIndex();
  m_ground->setVisible(m_hasMail && tab != Text);
  m_text->setVisible(m_hasMail && tab == Text);
  m_empty->setVisible(!m_hasMail);
  m_desktopBox->setVisible(tab == Both || tab == Desktop);
  m_phoneBox->setVisible(tab == Both || tab == Phone);
  const int desk = MailView::widthOf(MailView::Device::Desktop);
  const int phone = MailView::widthOf(MailView::Device::Phone);
  const int needed = tab == Both ? desk + phone : tab == Desktop ? desk : phone;
  const int room = width() - (tab == Both ? 3 : 2) * kBetween - 4;
  const qreal scale = std::clamp(std::floor(100.0 * room / needed) / 100, 0.3, 1.0);
  for (const auto& [view, box, name] : {std::tuple{m_desktop, m_desktopBox, tr("Desktop 640")},
                                        std::tuple{m_phone, m_phoneBox, tr("Phone 375")}}) {
    view->setScale(scale);
    box->setFixedWidth(view->width());
    box->findChild<widgets::Label*>(QStringLiteral("caption"))
        ->setText(tr("%1 · %2 %").arg(name).arg(qRound(scale * 100)));
  }
}

void PreviewPane::show(const Email& email, const std::vector<liquid::Diagnostic>& findings,
                       const QString& folder) {
  const bool isWrong = hasErrors(findings);
  m_error->show(findings, isWrong ? QString() : email.problem);
  // Of an e-mail that was wrong from the start there is no better one to keep.
  if (isWrong && !m_desktop->isEmpty()) return;
  const bool wasEmpty = !m_hasMail;
  m_hasMail = true;
  m_subject->setEmail(&email);
  for (MailView* view : {m_desktop, m_phone}) view->setHtml(email.html, folder, email.person);
  const int top = m_text->verticalScrollBar()->value();
  m_text->setPlainText(QString::fromStdString(email.text));
  m_text->verticalScrollBar()->setValue(top);
  if (wasEmpty) arrange();
}

void PreviewPane::clear() {
  m_hasMail = false;
  m_subject->setEmail(nullptr);
  for (MailView* view : {m_desktop, m_phone}) view->clear();
  m_error->show({}, {});
  arrange();
}

bool PreviewPane::isDrawing() const {
  return m_desktop->isDrawing() || m_phone->isDrawing();
}

void PreviewPane::resizeEvent(QResizeEvent*) {
  arrange();
}

void PreviewPane::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Right) return m_people.step(1);
  if (event->key() == Qt::Key_Left) return m_people.step(-1);
  QWidget::keyPressEvent(event);
}

}  // namespace freshet::studio
