// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/case_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>

#include "ui/inspector/code_edit.h"
#include "ui/inspector/field_editor.h"
#include "ui/inspector/field_words.h"
#include "ui/theme/metrics.h"
#include "ui/theme/numbers.h"
#include "ui/widgets/button.h"
#include "ui/widgets/label.h"
#include "ui/widgets/share_bar.h"

namespace freshet::inspector {

namespace m = theme::metrics;
using widgets::Button;
using widgets::Ink;
using widgets::Label;

namespace {
constexpr int kTitleRow = 36;
}

CaseCard::CaseCard(theme::Theme& theme, QWidget* parent)
    : Card(theme, parent),
      m_theme(theme),
      m_condition(new CodeEdit(theme, CodeEdit::Language::Expression, this)),
      m_message(new QLabel(this)),
      m_bar(new widgets::ShareBar(theme, this)),
      m_count(new Label({}, theme::TextRole::Meta, Ink::Secondary, this)),
      m_target(new Label({}, theme::TextRole::Meta, Ink::Secondary, this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(m::kGapCard, 0, m::kGapCard, m::kGapCard);
  column->setSpacing(m::kGapTight + 2);
  column->addWidget(makeTitle());
  column->addWidget(m_condition);
  m_message->setFont(theme::font(theme::TextRole::Meta));
  m_message->setProperty("role", QStringLiteral("error"));
  m_message->setWordWrap(true);
  m_message->hide();
  column->addWidget(m_message);
  column->addWidget(m_bar);
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(0, 0, 0, 0);
  foot->addWidget(m_count);
  foot->addStretch();
  foot->addWidget(m_target);
  column->addLayout(foot);
  m_condition->setAccessibleName(tr("Condition"));
  m_count->setTabular(true);
  connect(m_condition, &CodeEdit::edited, this, &CaseCard::conditionEdited);
  connect(m_condition, &CodeEdit::left, this, &CaseCard::finished);
  showNumbers({});
}

QWidget* CaseCard::makeTitle() {
  auto* box = new QWidget(this);
  box->setFixedHeight(kTitleRow);
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(m::kGapTight);
  m_grip = Button::iconOnly(m_theme, Button::Kind::Ghost, QStringLiteral("grip"),
                            tr("Move or remove this case"), box);
  m_grip->setSize(Button::Size::Compact);
  m_number = new Label({}, theme::TextRole::Mono, Ink::Meta, box);
  m_title = new QLineEdit(box);
  m_title->setProperty("frameless", true);
  m_title->setFrame(false);
  m_title->setTextMargins(-2, 0, 0, 0);
  m_title->setFont(theme::font(theme::TextRole::BodyStrong));
  m_title->setAccessibleName(tr("Name of the case"));
  m_share = new Label({}, theme::TextRole::Mono, Ink::Secondary, box);
  row->addWidget(m_grip);
  row->addWidget(m_number);
  row->addSpacing(m::kGapTight);
  row->addWidget(m_title, 1);
  row->addWidget(m_share);
  connect(m_title, &QLineEdit::textEdited, this, &CaseCard::titleEdited);
  connect(m_title, &QLineEdit::editingFinished, this, &CaseCard::finished);
  connect(m_grip, &QPushButton::clicked, this, &CaseCard::openMenu);
  return box;
}

void CaseCard::openMenu() {
  QMenu menu(this);
  const auto* up = menu.addAction(tr("Move up"));
  const auto* down = menu.addAction(tr("Move down"));
  menu.addSeparator();
  const auto* remove = menu.addAction(tr("Remove"));
  connect(up, &QAction::triggered, this, [this] { Q_EMIT moveRequested(-1); });
  connect(down, &QAction::triggered, this, [this] { Q_EMIT moveRequested(1); });
  connect(remove, &QAction::triggered, this, &CaseCard::removeRequested);
  menu.exec(m_grip->mapToGlobal(QPoint(0, m_grip->height())));
}

void CaseCard::show(int number, const record::Value& value) {
  m_number->setText(QString::number(number));
  const record::Value title = value.get("title");
  const QString words = wordsOf(title.isNil() ? value.get("name") : title);
  if (m_title->text() != words) m_title->setText(words);
  m_condition->setCode(wordsOf(value.get("when")));
}

void CaseCard::showNumbers(const CaseNumbers& numbers) {
  const bool hasNumbers = numbers.of > 0 && numbers.isConnected;
  const double share =
      hasNumbers ? static_cast<double>(numbers.count) / static_cast<double>(numbers.of) : 0;
  m_bar->setShare(share);
  m_share->setText(hasNumbers ? theme::shortPercent(share) : QString());
  const QString target = numbers.target.isEmpty() ? tr("no step yet") : numbers.target;
  m_target->setText(QStringLiteral("› ") + target);
  m_count->setText(!hasNumbers ? tr("No events yet")
                               : tr("%1 of %2 events · %3/s")
                                     .arg(theme::groupedNumber(static_cast<qint64>(numbers.count)),
                                          theme::groupedNumber(static_cast<qint64>(numbers.of)),
                                          theme::shortNumber(numbers.rate)));
}

void CaseCard::showFinding(const QString& words) {
  m_message->setText(words);
  m_message->setVisible(!words.isEmpty());
  m_condition->setWrong(!words.isEmpty());
}

}  // namespace freshet::inspector
