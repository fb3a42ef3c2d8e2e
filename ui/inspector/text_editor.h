// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/inspector/field_editor.h"

class QLineEdit;

namespace freshet::inspector {

// One line: texts, numbers, times, sizes, paths and names of secrets. GUI thread.
class TextEditor final : public FieldEditor {
  Q_OBJECT

 public:
  TextEditor(const FieldPlace& place, QWidget* parent);

  void show(const record::Value& value) override;
  void setWrong(bool wrong) override;

 private:
  void take(const QString& typed);
  void takeSecret(const QString& typed);
  void browse();

  FieldPlace m_place;
  QLineEdit* m_field;
};

}  // namespace freshet::inspector
