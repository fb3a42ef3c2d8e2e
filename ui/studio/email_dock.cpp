// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/email_dock.h"

#include <QBoxLayout>
#include <QKeyEvent>

#include "ui/bridge/node_words.h"
#include "ui/studio/email_list.h"
#include "ui/studio/inbox_row.h"
#include "ui/studio/mail_view.h"
#include "ui/studio/person_picker.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/ground.h"
#include "ui/widgets/label.h"
#include "ui/widgets/tile.h"

namespace freshet::studio {

using widgets::Button;
using widgets::Label;
namespace metrics = theme::metrics;

EmailDock::EmailDock(shell::PanelContext& context, QWidget* parent)
    : Panel(parent), m_context(context), m_emails(EmailList::of(context)) {
  setObjectName(QStringLiteral("emailDock"));
  widgets::setGround(this, widgets::Ground::Window);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeHeader());
  column->addWidget(widgets::makeDivider(Qt::Horizontal));
  column->addWidget(makePersonRow());
  column->addWidget(widgets::makeDivider(Qt::Horizontal));
  m_inbox = new InboxRow(context.theme(), this);
  column->addWidget(m_inbox);
  m_phone = new MailView(context.theme(), MailView::Device::Phone, this);
  auto* around = new QHBoxLayout;
  around->setContentsMargins(14, 14, 14, 14);
  around->addWidget(m_phone, 0, Qt::AlignHCenter);
  column->addLayout(around, 1);
  m_empty = new widgets::EmptyState(context.theme(), tr("Pick a person to see their email."),
                                    tr("Run"), this);
  column->addWidget(m_empty, 1);
  connect(m_empty, &widgets::EmptyState::activated, &context, &shell::PanelContext::runRequested);

  connect(&m_emails, &EmailList::nodeChanged, this, &EmailDock::showStep);
  connect(&m_emails, &EmailList::currentChanged, this, &EmailDock::showCurrent);
  connect(&m_runner, &PreviewRunner::finished, this, [this](const PreviewRunner::Preview& preview) {
    const Email* current = m_emails.current();
    if (current && current->person == preview.email.person) show(preview.email);
  });
  showStep();
  showCurrent();
}

QWidget* EmailDock::makeHeader() {
  auto* header = new QWidget(this);
  header->setObjectName(QStringLiteral("emailHeader"));
  header->setFixedHeight(metrics::kHeader);
  widgets::setGround(header, widgets::Ground::Surface);
  auto* row = new QHBoxLayout(header);
  row->setContentsMargins(metrics::kMargin, 0, metrics::kGapCard, 0);
  row->setSpacing(metrics::kGapCard);
  row->addWidget(new widgets::Tile(m_context.theme(), QStringLiteral("envelope"),
                                   theme::Family::Template, metrics::kTile));
  auto* names = new QVBoxLayout;
  names->setSpacing(0);
  m_title = new Label(QString(), theme::TextRole::Heading);
  m_subtitle = new Label(QString(), theme::TextRole::Meta, widgets::Ink::Meta);
  names->addStretch();
  names->addWidget(m_title);
  names->addWidget(m_subtitle);
  names->addStretch();
  row->addLayout(names, 1);
  auto* edit = new Button(m_context.theme(), Button::Kind::Secondary, tr("Edit text"));
  edit->setObjectName(QStringLiteral("editText"));
  edit->setIconName(QStringLiteral("pencil"));
  edit->setSize(Button::Size::Compact);
  connect(edit, &Button::clicked, this,
          [this] { Q_EMIT m_context.panelRequested(QStringLiteral("studio")); });
  row->addWidget(edit);
  auto* settings = new Button(m_context.theme(), Button::Kind::Secondary, tr("Settings"));
  settings->setObjectName(QStringLiteral("emailSettings"));
  settings->setSize(Button::Size::Compact);
  connect(settings, &Button::clicked, this,
          [this] { Q_EMIT m_context.panelRequested(QStringLiteral("inspector")); });
  row->addWidget(settings);
  return header;
}

QWidget* EmailDock::makePersonRow() {
  auto* bar = new QWidget(this);
  bar->setObjectName(QStringLiteral("personRow"));
  bar->setFixedHeight(44);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(metrics::kMargin, 0, metrics::kGapCard, 0);
  row->setSpacing(metrics::kGapControl);
  const auto add = [&](const QString& icon, const QString& name, auto call) {
    Button* button = Button::iconOnly(m_context.theme(), Button::Kind::Secondary, icon, name);
    button->setSize(Button::Size::Compact);
    connect(button, &Button::clicked, this, call);
    row->addWidget(button);
    return button;
  };
  add(QStringLiteral("chevron-left"), tr("Person before"), [this] { m_emails.step(-1); });
  row->addWidget(new PersonPicker(m_context.theme(), m_emails), 1);
  add(QStringLiteral("chevron-right"), tr("Next person"), [this] {
    m_emails.step(1);
  })->setProminent(true);
  add(QStringLiteral("shuffle"), tr("Any person"), [this] { m_emails.chooseRandom(); });
  return bar;
}

void EmailDock::showStep() {
  const pipeline::Node* node = m_context.document().project().pipeline.find(m_emails.node());
  const spec::NodeSpec* spec = node ? m_context.document().catalog().find(node->type) : nullptr;
  if (!spec) return;
  m_title->setText(bridge::titleOf(*node, spec));
  m_subtitle->setText(QString::fromStdString(spec->title));
}

// What was made is shown as it was made; by texts that have changed since, as it would be now.
void EmailDock::showCurrent() {
  const Email* email = m_emails.current();
  m_phone->setVisible(email != nullptr);
  m_empty->setVisible(email == nullptr);
  if (!email) {
    m_inbox->setEmail(nullptr);
    return m_phone->clear();
  }
  if (email->isOutdated)
    m_runner.request({m_context.document().project(), m_emails.node(), *email});
  else
    show(*email);
  if (m_emails.isLive()) Q_EMIT m_context.personShown(email->name);
}

void EmailDock::show(const Email& email) {
  m_inbox->setEmail(&email);
  m_phone->setHtml(email.html, QString::fromStdString(m_context.document().project().folder),
                   email.person);
}

void EmailDock::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Right) return m_emails.step(1);
  if (event->key() == Qt::Key_Left) return m_emails.step(-1);
  Panel::keyPressEvent(event);
}

}  // namespace freshet::studio
