// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QString>

#include "ui/bridge/document_model.h"

class QWidget;

namespace freshet::shell {

// New, open, save and save as for the one open project; asks before edits are lost. What cannot be
// done is said in a message box and changes nothing. GUI thread; document and window outlive it.
class ProjectFiles final : public QObject {
  Q_OBJECT

 public:
  ProjectFiles(bridge::DocumentModel& document, QWidget& window, QString examplesFolder);

  bool open(const QString& path);
  bool saveTo(const QString& folder);  // a folder that is not there yet, named like the project
  void startEmpty();

  void askNew();
  void askOpen();
  bool save();
  bool askSaveAs();
  void openExample();
  // Whether the open project may go: nothing is edited, or it was saved, or given up.
  bool mayLeave();

 Q_SIGNALS:
  void opened();

 private:
  void complain(const QString& what, const Error& error);
  void adopt(pipeline::Project project);

  bridge::DocumentModel& m_document;
  QWidget& m_window;
  QString m_examplesFolder;
};

}  // namespace freshet::shell
