// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/field_row.h"

#include <QAbstractButton>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QStyle>

#include "ui/inspector/field_words.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/label.h"

namespace freshet::inspector {

namespace m = theme::metrics;
using record::Value;
using widgets::Ink;
using widgets::Label;

namespace {

constexpr int kDot = 6;

// Says that a setting differs from its default, and takes the difference back.
class ChangedDot final : public QAbstractButton {
 public:
  ChangedDot(theme::Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme) {
    setObjectName(QStringLiteral("changedDot"));
    setFixedSize(kDot + 8, kDot + 8);
    setFocusPolicy(Qt::NoFocus);
    setCursor(Qt::PointingHandCursor);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme->accent);
    painter.drawEllipse(QRectF(4, 4, kDot, kDot));
  }

 private:
  theme::Theme& m_theme;
};

}  // namespace

FieldRow::FieldRow(const FieldPlace& place, QWidget* parent)
    : QWidget(parent),
      m_place(place),
      m_dot(new ChangedDot(place.context.theme(), this)),
      m_editor(makeEditor(place, this)),
      m_message(new QLabel(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(m::kGapTight);
  const bool isCases = place.spec.type == spec::FieldType::Cases;
  auto* head = new QHBoxLayout;
  head->setSpacing(0);
  auto* title = new Label(
      place.spec.type == spec::FieldType::Flag ? QString() : text(place.spec.title),
      isCases ? theme::TextRole::LabelStrong : theme::TextRole::LabelMedium, Ink::Primary, this);
  title->setBuddy(m_editor);
  head->addWidget(title);
  head->addWidget(m_dot);
  head->addStretch();
  m_message->setFont(theme::font(theme::TextRole::Meta));
  m_message->setWordWrap(true);
  m_message->setObjectName(QStringLiteral("fieldMessage"));
  // Cases explain themselves before one reads them, fields below what one types.
  if (place.spec.type == spec::FieldType::Flag) {
    auto* row = new QHBoxLayout;
    row->addWidget(m_editor);
    row->addWidget(m_dot);
    row->addStretch();
    title->hide();
    column->addLayout(row);
    column->addWidget(m_message);
  } else {
    column->addLayout(head);
    if (isCases) {
      column->addWidget(m_message);
      column->addSpacing(m::kGapTight);
    }
    column->addWidget(m_editor);
    if (!isCases) column->addWidget(m_message);
  }
  const QString fallback = wordsOf(*place.spec.fallback);
  m_dot->setToolTip(fallback.isEmpty() ? tr("Changed. Click to clear it.")
                                       : tr("Changed. Click to go back to %1.").arg(fallback));
  m_dot->setAccessibleName(m_dot->toolTip());
  connect(m_dot, &QAbstractButton::clicked, this, &FieldRow::reset);
  connect(m_editor, &FieldEditor::edited, this, &FieldRow::edit);
  connect(m_editor, &FieldEditor::finished, this, [this] { m_isNewStep = true; });
  connect(m_editor, &FieldEditor::refused, this, [this](const QString& why) {
    m_refusal = why;
    showFindings();
  });
  showFindings();
}

QString FieldRow::message() const {
  return m_message->text();
}

bool FieldRow::isChanged() const {
  return !m_dot->isHidden();
}

// A required setting without a default is not "changed": there is nothing to go back to.
void FieldRow::show(const Value& value) {
  const bool isDefault = value.isNil() || value == *m_place.spec.fallback;
  const bool hasDefault = !m_place.spec.isRequired || !m_place.spec.fallback->isNil();
  m_dot->setVisible(!isDefault && hasDefault);
  m_editor->show(value);
}

void FieldRow::showFindings() {
  QString words = m_refusal;
  if (!m_editor->showsFindings() && words.isEmpty())
    for (const pipeline::Diagnostic& finding : m_place.context.document().diagnostics()) {
      const bool isOurs =
          finding.node == m_place.node && (finding.field == m_place.spec.name ||
                                           finding.field.starts_with(m_place.spec.name + '/'));
      if (isOurs && words.isEmpty()) words = sentence(finding);
    }
  m_editor->refresh();
  m_editor->setWrong(!words.isEmpty());
  say(words.isEmpty() ? text(m_place.spec.help) : words, !words.isEmpty());
}

void FieldRow::say(const QString& words, bool isWrong) {
  const QString role = isWrong ? QStringLiteral("error") : QStringLiteral("meta");
  m_message->setText(words);
  m_message->setVisible(!words.isEmpty());
  if (m_message->property("role").toString() == role) return;
  m_message->setProperty("role", role);
  style()->unpolish(m_message);
  style()->polish(m_message);
}

void FieldRow::edit(const record::OwnedValue& value) {
  bridge::DocumentModel& document = m_place.context.document();
  const pipeline::Node* node = document.project().pipeline.find(m_place.node);
  if (!node || node->settings->get(m_place.spec.name) == *value) return;
  const auto merge = m_isNewStep ? bridge::DocumentModel::Merge::Never
                                 : bridge::DocumentModel::Merge::WithPrevious;
  m_isNewStep = false;
  document.apply(
      pipeline::GraphEdit::setSetting(document.project(), m_place.node, m_place.spec.name, *value),
      merge);
}

void FieldRow::reset() {
  m_isNewStep = true;
  edit({});
  m_isNewStep = true;
}

void FieldRow::contextMenuEvent(QContextMenuEvent* event) {
  if (!isChanged()) return;
  QMenu menu(this);
  connect(menu.addAction(tr("Reset")), &QAction::triggered, this, &FieldRow::reset);
  menu.exec(event->globalPos());
}

}  // namespace freshet::inspector
