// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/choice_editor.h"

#include <QCheckBox>
#include <QComboBox>
#include <QVBoxLayout>

#include "ui/inspector/field_words.h"
#include "ui/theme/fonts.h"
#include "ui/theme/metrics.h"

namespace freshet::inspector {

using record::OwnedValue;
using record::Value;

ChoiceEditor::ChoiceEditor(const FieldPlace& place, QWidget* parent)
    : FieldEditor(parent), m_place(place), m_box(new QComboBox(this)) {
  m_box->setFont(theme::font(theme::TextRole::Body));
  m_box->setAccessibleName(text(place.spec.title));
  m_box->setAccessibleDescription(text(place.spec.help));
  m_box->setMinimumHeight(theme::metrics::kControl);
  m_box->setPlaceholderText(tr("Choose…"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_box);
  setFocusProxy(m_box);
  refresh();
  connect(m_box, &QComboBox::textActivated, this, [this](const QString& chosen) {
    Q_EMIT edited(textValue(chosen));
    Q_EMIT finished();
  });
}

QStringList ChoiceEditor::wanted() const {
  QStringList all;
  for (const std::string& choice : m_place.spec.choices) all.append(text(choice));
  if (m_place.spec.type != spec::FieldType::Connection) return all;
  const bridge::DocumentModel& document = m_place.context.document();
  const Value& connections = *document.project().pipeline.connections;
  if (!connections.isObject()) return all;
  for (const record::Member& connection : connections.asObject()) {
    const Value type = connection.value.get("type");
    const spec::ConnectionSpec* spec =
        type.isString() ? document.catalog().findConnection(type.asString()) : nullptr;
    if (spec && (m_place.spec.connectionKind.empty() || spec->serves(m_place.spec.connectionKind)))
      all.append(text(connection.key));
  }
  return all;
}

void ChoiceEditor::refresh() {
  const QStringList now = wanted();
  QStringList shown;
  for (int i = 0; i < m_box->count(); ++i) shown.append(m_box->itemText(i));
  if (shown == now) return;
  const QString current = m_box->currentText();
  m_box->clear();
  m_box->addItems(now);
  m_box->setCurrentIndex(m_box->findText(current));
}

void ChoiceEditor::show(const Value& value) {
  const QString words = wordsOf(value.isNil() ? *m_place.spec.fallback : value);
  if (!words.isEmpty() && m_box->findText(words) < 0) m_box->addItem(words);
  m_box->setCurrentIndex(m_box->findText(words));
}

FlagEditor::FlagEditor(const FieldPlace& place, QWidget* parent)
    : FieldEditor(parent), m_place(place), m_box(new QCheckBox(text(place.spec.title), this)) {
  m_box->setFont(theme::font(theme::TextRole::Body));
  m_box->setAccessibleDescription(text(place.spec.help));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_box);
  setFocusProxy(m_box);
  connect(m_box, &QCheckBox::clicked, this, [this](bool isOn) {
    Q_EMIT edited(OwnedValue(Value(isOn)));
    Q_EMIT finished();
  });
}

void FlagEditor::show(const Value& value) {
  m_box->setChecked((value.isNil() ? *m_place.spec.fallback : value).truthy());
}

}  // namespace freshet::inspector
