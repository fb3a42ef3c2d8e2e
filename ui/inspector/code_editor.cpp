// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/code_editor.h"

#include <QVBoxLayout>
#include <vector>

#include "ui/inspector/code_edit.h"
#include "ui/inspector/field_words.h"

namespace freshet::inspector {

using record::OwnedValue;
using record::Value;
using spec::FieldType;

namespace {

CodeEdit::Language languageOf(FieldType type) {
  if (type == FieldType::Condition) return CodeEdit::Language::Expression;
  const bool isTemplate = type == FieldType::Expression || type == FieldType::Template;
  return isTemplate ? CodeEdit::Language::Template : CodeEdit::Language::Plain;
}

QString linesOf(const Value& list) {
  QStringList lines;
  for (const Value& entry : list.asArray()) lines.append(wordsOf(entry));
  return lines.join(u'\n');
}

}  // namespace

CodeEditor::CodeEditor(const FieldPlace& place, QWidget* parent)
    : FieldEditor(parent),
      m_place(place),
      m_code(new CodeEdit(place.context.theme(), languageOf(place.spec.type), this)) {
  const FieldType type = place.spec.type;
  m_code->setLines(type == FieldType::LongText || type == FieldType::List ? 3 : 1, 8);
  m_code->setAccessibleName(text(place.spec.title));
  m_code->setAccessibleDescription(text(place.spec.help));
  m_code->setPlaceholderText(place.spec.fallback->isArray() ? linesOf(*place.spec.fallback)
                                                            : wordsOf(*place.spec.fallback));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_code);
  setFocusProxy(m_code);
  connect(m_code, &CodeEdit::edited, this, [this] { Q_EMIT edited(value()); });
  connect(m_code, &CodeEdit::left, this, &FieldEditor::finished);
}

OwnedValue CodeEditor::value() const {
  const QString code = m_code->code();
  if (code.trimmed().isEmpty()) return {};
  if (m_place.spec.type != FieldType::List) return textValue(code);
  std::vector<std::string> lines;
  for (const QString& line : code.split(u'\n', Qt::SkipEmptyParts))
    lines.push_back(line.toStdString());
  std::vector<Value> values;
  for (const std::string& line : lines) values.emplace_back(std::string_view(line));
  return OwnedValue(Value(std::span<const Value>(values)));
}

void CodeEditor::show(const Value& shown) {
  if (*value() == shown) return;
  m_code->setCode(shown.isArray() ? linesOf(shown) : wordsOf(shown));
}

void CodeEditor::setWrong(bool wrong) {
  m_code->setWrong(wrong);
}

}  // namespace freshet::inspector
