// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <vector>

#include "ui/inspector/field_editor.h"

class QLineEdit;
class QVBoxLayout;

namespace freshet::inspector {

// Names and what each is set to, a row each.
class MapEditor final : public FieldEditor {
  Q_OBJECT

 public:
  MapEditor(const FieldPlace& place, QWidget* parent);
  void show(const record::Value& value) override;

 private:
  struct Row {
    QWidget* box;
    QLineEdit* name;
    QLineEdit* value;
  };
  void addRow(const QString& name, const QString& value);
  void removeRow(const QWidget* box);
  record::OwnedValue value() const;

  FieldPlace m_place;
  QVBoxLayout* m_column;
  std::vector<Row> m_rows;
};

}  // namespace freshet::inspector
