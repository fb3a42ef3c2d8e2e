// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/project_files.h"

#include <QDir>
#include <QFileDialog>
#include <QMessageBox>
#include <QStandardPaths>
#include <filesystem>

#include "core/pipeline/format.h"

namespace freshet::shell {
namespace {

namespace fs = std::filesystem;

QString projectsFolder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) +
         QStringLiteral("/projects");
}

}  // namespace

ProjectFiles::ProjectFiles(bridge::DocumentModel& document, QWidget& window, QString examplesFolder)
    : m_document(document), m_window(window), m_examplesFolder(std::move(examplesFolder)) {}

void ProjectFiles::complain(const QString& what, const Error& error) {
  QMessageBox box(QMessageBox::Warning, QCoreApplication::applicationName(), what, QMessageBox::Ok,
                  &m_window);
  box.setInformativeText(QString::fromStdString(error.text()));
  box.exec();
}

void ProjectFiles::adopt(pipeline::Project project) {
  m_document.open(std::move(project));
  Q_EMIT opened();
}

bool ProjectFiles::open(const QString& path) {
  auto project = pipeline::loadProject(path.toStdString());
  if (!project) {
    complain(tr("This project cannot be opened."), project.error());
    return false;
  }
  adopt(std::move(*project));
  return true;
}

void ProjectFiles::startEmpty() {
  pipeline::Project project;
  project.pipeline.name = "untitled";
  project.pipeline.title = tr("Untitled").toStdString();
  adopt(std::move(project));
}

void ProjectFiles::askNew() {
  if (mayLeave()) startEmpty();
}

void ProjectFiles::askOpen() {
  if (!mayLeave()) return;
  const QString path = QFileDialog::getOpenFileName(
      &m_window, tr("Open project"), QString::fromStdString(m_document.project().folder),
      tr("Pipelines (*.pipeline.json)"));
  if (!path.isEmpty()) open(path);
}

bool ProjectFiles::save() {
  if (m_document.project().folder.empty()) return askSaveAs();
  const Status status = m_document.save();
  if (!status) complain(tr("The project was not saved."), status.error());
  return status.ok();
}

bool ProjectFiles::askSaveAs() {
  const QString folder =
      QFileDialog::getSaveFileName(&m_window, tr("Save project as a folder"),
                                   projectsFolder() + QStringLiteral("/") +
                                       QString::fromStdString(m_document.project().pipeline.name));
  return !folder.isEmpty() && saveTo(folder);
}

bool ProjectFiles::saveTo(const QString& folder) {
  pipeline::Project copy = m_document.project();
  const fs::path target(folder.toStdString());
  const std::string name = target.filename().string();
  std::error_code failed;
  if (fs::exists(target, failed) && !fs::is_empty(target, failed)) {
    complain(tr("The project was not saved."),
             Error{"E-1009", "there is something in this folder already; choose another name",
                   target.string()});
    return false;
  }
  fs::create_directories(target, failed);
  // Templates, schemas and pictures are part of a project.
  if (!failed && !copy.folder.empty())
    fs::copy(copy.folder, target, fs::copy_options::recursive | fs::copy_options::skip_symlinks,
             failed);
  if (failed) {
    complain(tr("The project was not saved."), Error{"E-1009", failed.message(), target.string()});
    return false;
  }
  if (!copy.pipelineFile.empty()) {
    fs::remove(target / copy.pipelineFile, failed);
    fs::remove(target / pipeline::layoutFileOf(copy.pipelineFile), failed);
  }
  copy.folder = fs::absolute(target).string();
  copy.pipelineFile = name;
  copy.pipelineFile += pipeline::kPipelineSuffix;
  if (copy.pipeline.name == "untitled") {
    copy.pipeline.name = name;
    copy.pipeline.title = name;
  }
  const Status status = pipeline::saveProject(copy, m_document.catalog());
  if (!status) {
    complain(tr("The project was not saved."), status.error());
    return false;
  }
  adopt(std::move(copy));
  return true;
}

// A copy of her own: the example can be changed and broken without loss.
void ProjectFiles::openExample() {
  if (!mayLeave()) return;
  const fs::path from = fs::path(m_examplesFolder.toStdString()) / "abandoned-basket";
  const fs::path to = fs::path(projectsFolder().toStdString()) / "abandoned-basket";
  std::error_code failed;
  if (!fs::exists(to, failed)) {
    fs::create_directories(to, failed);
    fs::copy(from, to, fs::copy_options::recursive, failed);
  }
  if (failed)
    complain(tr("The example cannot be copied."), Error{"E-1009", failed.message(), to.string()});
  else
    open(QString::fromStdString(to.string()));
}

bool ProjectFiles::mayLeave() {
  if (!m_document.isEdited()) return true;
  const pipeline::Pipeline& shown = m_document.project().pipeline;
  QMessageBox box(QMessageBox::Question, QCoreApplication::applicationName(),
                  tr("Save your changes to %1?")
                      .arg(QString::fromStdString(shown.title.empty() ? shown.name : shown.title)),
                  QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, &m_window);
  switch (box.exec()) {
    case QMessageBox::Save:
      return save();
    case QMessageBox::Discard:
      return true;
    default:
      return false;
  }
}

}  // namespace freshet::shell
