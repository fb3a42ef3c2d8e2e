// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/map_editor.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <algorithm>

#include "ui/inspector/field_words.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/button.h"

namespace freshet::inspector {

namespace m = theme::metrics;
using record::OwnedValue;
using record::Value;
using widgets::Button;

namespace {

// Numbers and true/false keep their kind; everything else is an expression or a text.
OwnedValue plainOrText(const QString& typed) {
  const auto read = OwnedValue::fromJson(typed.trimmed().toStdString());
  if (read && ((*read)->isNumber() || (*read)->isBool())) return *read;
  return textValue(typed);
}

}  // namespace

MapEditor::MapEditor(const FieldPlace& place, QWidget* parent)
    : FieldEditor(parent), m_place(place), m_column(new QVBoxLayout(this)) {
  m_column->setContentsMargins(0, 0, 0, 0);
  m_column->setSpacing(m::kGapControl);
  auto* add = new Button(place.context.theme(), Button::Kind::Secondary, tr("Add a row"), this);
  add->setIconName(QStringLiteral("plus"));
  add->setSize(Button::Size::Compact);
  m_column->addWidget(add, 0, Qt::AlignLeft);
  connect(add, &QPushButton::clicked, this, [this] {
    addRow({}, {});
    m_rows.back().name->setFocus();
  });
}

void MapEditor::addRow(const QString& name, const QString& value) {
  auto* box = new QWidget(this);
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(m::kGapTight);
  auto* nameField = new QLineEdit(name, box);
  auto* valueField = new QLineEdit(value, box);
  nameField->setAccessibleName(tr("Name"));
  valueField->setAccessibleName(tr("Value"));
  valueField->setFont(theme::font(theme::TextRole::Mono));
  nameField->setFont(theme::font(theme::TextRole::Mono));
  auto* remove = Button::iconOnly(m_place.context.theme(), Button::Kind::Ghost,
                                  QStringLiteral("close"), tr("Remove"), box);
  remove->setSize(Button::Size::Compact);
  row->addWidget(nameField, 2);
  row->addWidget(valueField, 3);
  row->addWidget(remove);
  m_column->insertWidget(static_cast<int>(m_rows.size()), box);
  m_rows.push_back({box, nameField, valueField});
  for (QLineEdit* field : {nameField, valueField}) {
    connect(field, &QLineEdit::textEdited, this, [this] { Q_EMIT edited(this->value()); });
    connect(field, &QLineEdit::editingFinished, this, &FieldEditor::finished);
  }
  connect(remove, &QPushButton::clicked, this, [this, box] {
    removeRow(box);
    Q_EMIT edited(this->value());
    Q_EMIT finished();
  });
}

void MapEditor::removeRow(const QWidget* box) {
  const auto row = std::find_if(m_rows.begin(), m_rows.end(),
                                [box](const Row& each) { return each.box == box; });
  row->box->hide();
  row->box->deleteLater();
  m_rows.erase(row);
}

OwnedValue MapEditor::value() const {
  OwnedValue made;
  for (const Row& row : m_rows) {
    const std::string name = row.name->text().trimmed().toStdString();
    if (!name.empty()) made = made.with(name, *plainOrText(row.value->text()));
  }
  return made;
}

void MapEditor::show(const Value& shown) {
  if (*value() == shown) return;
  while (!m_rows.empty()) removeRow(m_rows.back().box);
  if (!shown.isObject()) return;
  for (const record::Member& member : shown.asObject())
    addRow(text(member.key), wordsOf(member.value));
}

}  // namespace freshet::inspector
