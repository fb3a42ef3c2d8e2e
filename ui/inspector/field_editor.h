// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <string>

#include "core/record/owned_value.h"
#include "ui/shell/panel_context.h"

namespace freshet::inspector {

// The setting that an editor edits. The spec belongs to the catalog.
struct FieldPlace {
  shell::PanelContext& context;
  std::string node;
  const spec::FieldSpec& spec;
};

// What a person works a setting with: text field, choice, code … It shows the setting's value and
// says what it is to become; the form makes the edit. GUI thread.
class FieldEditor : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;
  // Nil: the setting is not there, its default holds. What is shown already is left alone, so that
  // a caret stays where it is.
  virtual void show(const record::Value& value) = 0;
  // New findings, numbers or neighbours; most editors show none of them.
  virtual void refresh() {}
  // Shows its findings itself, at the part that is concerned.
  virtual bool showsFindings() const { return false; }
  virtual void setWrong(bool wrong) { Q_UNUSED(wrong) }

 Q_SIGNALS:
  void edited(const freshet::record::OwnedValue& value);  // nil: back to the default
  void finished();                                        // the next edit is a step of its own
  void refused(const QString& why);                       // not taken, and why; empty: taken again
};

FieldEditor* makeEditor(const FieldPlace& place, QWidget* parent);

QString text(std::string_view utf8);
record::OwnedValue textValue(const QString& text);

}  // namespace freshet::inspector
