// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/email_dock.h"

#include <QBoxLayout>
#include <QKeyEvent>

#include "ui/studio/email_list.h"
#include "ui/studio/inbox_row.h"
#include "ui/studio/person_picker.h"
#include "ui/studio/phone_view.h"
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
    : Panel(parent), m_context(context), m_emails(new EmailList(this)) {
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
  m_phone = new PhoneView(context.theme(), this);
  auto* around = new QHBoxLayout;
  around->setContentsMargins(14, 14, 14, 14);
  around->addWidget(m_phone, 0, Qt::AlignHCenter);
  column->addLayout(around, 1);
  m_empty = new widgets::EmptyState(context.theme(), tr("Pick a person to see their email."),
                                    tr("Run"), this);
  column->addWidget(m_empty, 1);
  connect(m_empty, &widgets::EmptyState::activated, &context, &shell::PanelContext::runRequested);

  connect(m_emails, &EmailList::currentChanged, this, &EmailDock::showCurrent);
  connect(&context.selection(), &bridge::SelectionModel::changed, this,
          &EmailDock::followSelection);
  connect(&context.document(), &bridge::DocumentModel::changed, this,
          [this](bridge::DocumentModel::Change change) {
            if (change != bridge::DocumentModel::Change::Layout && !m_emails->isLive()) {
              m_node.clear();
              followSelection();
            }
          });
  connect(&context.host(), &bridge::HostBridge::snapshot, this,
          [this] { m_emails->update(m_context.host().host()); });
  followSelection();
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
  add(QStringLiteral("chevron-left"), tr("Person before"), [this] { m_emails->step(-1); });
  row->addWidget(new PersonPicker(m_context.theme(), *m_emails), 1);
  add(QStringLiteral("chevron-right"), tr("Next person"), [this] {
    m_emails->step(1);
  })->setProminent(true);
  add(QStringLiteral("shuffle"), tr("Any person"), [this] { m_emails->chooseRandom(); });
  return bar;
}

void EmailDock::followSelection() {
  const std::string& current = m_context.selection().current();
  const auto& project = m_context.document().project();
  const pipeline::Node* node = project.pipeline.find(current);
  const spec::NodeSpec* spec = node ? m_context.document().catalog().find(node->type) : nullptr;
  if (!spec || spec->family != spec::Family::Template || current == m_node) return;
  m_node = current;
  m_title->setText(QString::fromStdString(node->title.empty() ? spec->title : node->title));
  m_subtitle->setText(QString::fromStdString(spec->title));
  m_emails->reset(project, m_node, wallClockMs());
  m_emails->update(m_context.host().host());
}

void EmailDock::showCurrent() {
  const Email* email = m_emails->current();
  m_inbox->setEmail(email);
  m_phone->setVisible(email != nullptr);
  m_empty->setVisible(email == nullptr);
  if (!email) return m_phone->clear();
  m_phone->setHtml(email->html, QString::fromStdString(m_context.document().project().folder));
  if (m_emails->isLive()) Q_EMIT m_context.personShown(email->name);
}

void EmailDock::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Right) return m_emails->step(1);
  if (event->key() == Qt::Key_Left) return m_emails->step(-1);
  Panel::keyPressEvent(event);
}

void registerPanel(shell::PanelRegistry& registry) {
  shell::PanelSpec spec;
  spec.id = QStringLiteral("email");
  spec.title = EmailDock::tr("Email");
  spec.place = shell::PanelPlace::Right;
  spec.order = 0;
  spec.width = metrics::kEmailDock;
  spec.fits = [](const spec::NodeSpec& step) { return step.family == spec::Family::Template; };
  spec.make = [](shell::PanelContext& context, QWidget* parent) -> shell::Panel* {
    return new EmailDock(context, parent);
  };
  registry.add(std::move(spec));
}

}  // namespace freshet::studio
