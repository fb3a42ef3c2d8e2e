// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/field_editor.h"

#include "ui/inspector/cases_editor.h"
#include "ui/inspector/choice_editor.h"
#include "ui/inspector/code_editor.h"
#include "ui/inspector/map_editor.h"
#include "ui/inspector/text_editor.h"

namespace freshet::inspector {

using spec::FieldType;

FieldEditor* makeEditor(const FieldPlace& place, QWidget* parent) {
  switch (place.spec.type) {
    case FieldType::Text:
    case FieldType::Number:
    case FieldType::Integer:
    case FieldType::Duration:
    case FieldType::Bytes:
    case FieldType::File:
    case FieldType::Folder:
    case FieldType::Secret:
      return new TextEditor(place, parent);
    case FieldType::LongText:
    case FieldType::Expression:
    case FieldType::Condition:
    case FieldType::Template:
    case FieldType::List:
      return new CodeEditor(place, parent);
    case FieldType::Flag:
      return new FlagEditor(place, parent);
    case FieldType::Choice:
    case FieldType::Connection:
      return new ChoiceEditor(place, parent);
    case FieldType::Map:
      return new MapEditor(place, parent);
    case FieldType::Cases:
      return new CasesEditor(place, parent);
  }
  return nullptr;
}

}  // namespace freshet::inspector
