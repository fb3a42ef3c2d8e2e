// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/email.h"

#include <QDir>
#include <QFile>

#include "core/liquid/environment.h"
#include "core/liquid/renderer.h"
#include "core/liquid/template.h"

namespace freshet::studio {
namespace {

using record::Value;

QString text(const Value& value) {
  if (value.isString()) {
    return QString::fromUtf8(value.asString().data(), static_cast<qsizetype>(value.size()));
  }
  if (value.isInt()) return QString::number(value.asInt());
  return value.isFloat() ? QString::number(value.asFloat(), 'f', 0) : QString();
}

void describePerson(const Value& sections, Email& email) {
  const Value profile = sections.get("profile");
  email.name = text(profile.get("name"));
  if (email.name.isEmpty()) email.name = text(profile.get("email"));
  if (email.name.isEmpty()) email.name = QString::fromStdString(email.person);
  if (profile.get("interest").isNumber()) {
    email.interest = QString::number(qRound(profile.get("interest").number()));
  }
}

QByteArray fileIn(const std::string& folder, const QString& path) {
  QFile file(QDir(QString::fromStdString(folder)).filePath(path));
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Renders the settings of one e-mail step for any number of people. One thread.
class StepRenderer {
 public:
  StepRenderer(const pipeline::Project& project, const pipeline::Node& node, std::int64_t nowMs)
      : m_project(project), m_node(node) {
    m_environment.setLoader([&project](std::string_view name) -> Result<std::string> {
      const QString path =
          QStringLiteral("templates/partials/%1.liquid")
              .arg(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
      const QByteArray bytes = fileIn(project.folder, path);
      if (bytes.isEmpty())
        return Error{"E-1302", "There is no partial " + std::string(name), {}, {}};
      return bytes.toStdString();
    });
    m_options.onError = liquid::OnError::Inline;
    m_options.nowMs = nowMs;
  }

  std::string render(std::string_view field, const Value& sections, bool isHtml) {
    std::string source(m_node.settings->get(field).isString()
                           ? m_node.settings->get(field).asString()
                           : std::string_view());
    std::string name(field);
    if (source.ends_with(".liquid")) {
      name = source;
      source = fileIn(m_project.folder, QString::fromStdString(source)).toStdString();
    }
    const auto made = liquid::Template::parseForPreview(source, name, m_environment);
    m_options.escapeHtml = isHtml;
    Arena scratch;
    std::string out;
    if (auto status = m_renderer.render(made, sections, scratch, out, m_options); !status) {
      m_problem = QString::fromStdString(status.error().text());
    }
    if (made.hasErrors()) m_problem = QString::fromStdString(made.diagnostics().front().message);
    return out;
  }
  QString takeProblem() { return std::exchange(m_problem, {}); }

 private:
  const pipeline::Project& m_project;
  const pipeline::Node& m_node;
  liquid::TemplateEnvironment m_environment;
  liquid::Renderer m_renderer;
  liquid::RenderOptions m_options;
  QString m_problem;
};

}  // namespace

Email emailOf(const Value& sections, std::string_view key, std::int64_t atMs) {
  Email email;
  email.person = key;
  const Value made = sections.get("email");
  describePerson(sections, email);
  email.from = text(made.get("from"));
  email.subject = text(made.get("subject"));
  email.preheader = text(made.get("preheader"));
  if (made.get("html").isString()) email.html = made.get("html").asString();
  email.sentMs = atMs;
  return email;
}

std::vector<Email> emailsOfPersonas(const pipeline::Project& project, const pipeline::Node& node,
                                    std::int64_t nowMs) {
  std::vector<Email> emails;
  StepRenderer renderer(project, node, nowMs);
  const QDir folder(QString::fromStdString(project.folder) + QStringLiteral("/personas"));
  for (const QString& name :
       folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::ReadOnly)) continue;
    const auto sections = record::OwnedValue::fromJson(file.readAll().toStdString());
    if (!sections) continue;
    Email email;
    email.person = text((*sections)->get("profile").get("id")).toStdString();
    describePerson(**sections, email);
    email.from = QString::fromStdString(renderer.render("from", **sections, false));
    email.subject = QString::fromStdString(renderer.render("subject", **sections, false));
    email.preheader = QString::fromStdString(renderer.render("preheader", **sections, false));
    email.html = renderer.render("html", **sections, true);
    email.problem = renderer.takeProblem();
    emails.push_back(std::move(email));
  }
  return emails;
}

}  // namespace freshet::studio
