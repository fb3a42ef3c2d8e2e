// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/inspector/field_editor.h"

namespace freshet::inspector {

class CodeEdit;

// Several lines: texts, expressions, conditions, templates, and lists with one entry a line.
class CodeEditor final : public FieldEditor {
  Q_OBJECT

 public:
  CodeEditor(const FieldPlace& place, QWidget* parent);

  void show(const record::Value& value) override;
  void setWrong(bool wrong) override;

 private:
  record::OwnedValue value() const;

  FieldPlace m_place;
  CodeEdit* m_code;
};

}  // namespace freshet::inspector
