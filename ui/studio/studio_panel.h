// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <map>

#include "ui/shell/panel.h"
#include "ui/shell/panel_context.h"
#include "ui/studio/preview_runner.h"

class QStackedWidget;

namespace freshet::studio {

class EmailList;
class FileTabs;
class PreviewPane;
class TemplateEditor;

// The template studio: the texts of one e-mail step at the left, what becomes of them for a person
// at the right, redrawn with each key. Shows the e-mail step that is selected; Esc leaves. GUI
// thread; the context outlives it.
class StudioPanel final : public shell::Panel {
  Q_OBJECT

 public:
  StudioPanel(shell::PanelContext& context, QWidget* parent = nullptr);

  TemplateEditor* editor() const;  // of the current file; may be null
  bool isPreviewCurrent() const;   // shows the text as it is now

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* makeEditorSide();
  void addKeys();
  void openStep();  // of the list of e-mails
  void followDocument(bridge::DocumentModel::Change change);
  void openFile();
  void requestPreview();
  void take(const PreviewRunner::Preview& preview);
  void goTo(const std::string& file, int line, int column);
  void tellCaret();
  void refreshUnsaved();

  shell::PanelContext& m_context;
  EmailList& m_people;
  PreviewRunner m_runner;
  std::string m_node;
  QWidget* m_left = nullptr;
  FileTabs* m_tabs = nullptr;
  QStackedWidget* m_editors = nullptr;
  PreviewPane* m_preview = nullptr;
  std::map<std::string, TemplateEditor*> m_byFile;
  std::vector<liquid::Diagnostic> m_findings;
};

}  // namespace freshet::studio
