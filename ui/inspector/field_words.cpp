// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/field_words.h"

#include <cmath>

#include "core/base/text.h"
#include "core/record/json.h"
#include "ui/inspector/field_editor.h"

namespace freshet::inspector {

using record::OwnedValue;
using record::Value;
using spec::FieldType;

QString text(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

OwnedValue textValue(const QString& words) {
  return OwnedValue(Value(std::string_view(words.toStdString())));
}

OwnedValue valueOf(const QString& typed, const spec::FieldSpec& field) {
  const QString words = typed.trimmed();
  if (words.isEmpty()) return {};
  const std::string utf8 = words.toStdString();
  if (field.type == FieldType::Number || field.type == FieldType::Integer) {
    bool isNumber = false;
    const double number = words.toDouble(&isNumber);
    if (isNumber && std::trunc(number) == number && std::abs(number) < 9e15)
      return OwnedValue(Value(static_cast<std::int64_t>(number)));
    if (isNumber) return OwnedValue(Value(number));
    if (const auto quantity = parseQuantity(utf8)) return OwnedValue(Value(*quantity));
  }
  return OwnedValue(Value(std::string_view(utf8)));
}

QString wordsOf(const Value& value) {
  if (value.isNil()) return {};
  return text(value.isString() ? std::string(value.asString()) : record::toJson(value));
}

QString normalised(const QString& typed, const spec::FieldSpec& field) {
  const std::string utf8 = typed.trimmed().toStdString();
  if (field.type == FieldType::Duration)
    if (const auto ms = parseDuration(utf8)) return text(formatDuration(*ms));
  return typed.trimmed();
}

QString sentence(const pipeline::Diagnostic& finding) {
  QString words = text(finding.message);
  if (!words.isEmpty()) words[0] = words[0].toUpper();
  if (!words.endsWith(u'.') && !words.endsWith(u'?')) words += u'.';
  if (finding.hint.empty()) return words;
  QString hint = text(finding.hint);
  hint[0] = hint[0].toUpper();
  return words + u' ' + hint + u'.';
}

}  // namespace freshet::inspector
