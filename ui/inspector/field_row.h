// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/inspector/field_editor.h"

class QAbstractButton;
class QLabel;

namespace freshet::inspector {

// A setting in the form: title with a dot where it differs from its default, editor, and below it
// the help or, in its place, what is wrong. A click on the dot, or Reset in the context menu, gives
// the default back.
class FieldRow final : public QWidget {
  Q_OBJECT

 public:
  FieldRow(const FieldPlace& place, QWidget* parent);

  const std::string& field() const { return m_place.spec.name; }
  const spec::FieldSpec& spec() const { return m_place.spec; }
  FieldEditor& editor() { return *m_editor; }
  QString message() const;
  bool isChanged() const;

  void show(const record::Value& value);
  void showFindings();

 protected:
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  void edit(const record::OwnedValue& value);
  void reset();
  void say(const QString& words, bool isWrong);

  FieldPlace m_place;
  QAbstractButton* m_dot;
  FieldEditor* m_editor;
  QLabel* m_message;
  QString m_refusal;
  bool m_isNewStep = true;  // the next edit begins an undo step
};

}  // namespace freshet::inspector
