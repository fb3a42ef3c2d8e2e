// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/inspector/field_editor.h"

class QCheckBox;
class QComboBox;

namespace freshet::inspector {

// One of a few: a choice, or a connection of the right kind. GUI thread.
class ChoiceEditor final : public FieldEditor {
  Q_OBJECT

 public:
  ChoiceEditor(const FieldPlace& place, QWidget* parent);

  void show(const record::Value& value) override;
  void refresh() override;

 private:
  QStringList wanted() const;

  FieldPlace m_place;
  QComboBox* m_box;
};

class FlagEditor final : public FieldEditor {
  Q_OBJECT

 public:
  FlagEditor(const FieldPlace& place, QWidget* parent);
  void show(const record::Value& value) override;

 private:
  FieldPlace m_place;
  QCheckBox* m_box;
};

}  // namespace freshet::inspector
