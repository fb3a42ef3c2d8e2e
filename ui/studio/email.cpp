// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio/email.h"

#include <QDir>
#include <QFile>

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

std::string bytes(const Value& value) {
  return value.isString() ? std::string(value.asString()) : std::string();
}

}  // namespace

Email personOf(const record::OwnedValue& sections, std::string person) {
  Email email;
  email.person = std::move(person);
  email.sections = sections;
  const Value profile = sections->get("profile");
  email.name = text(profile.get("name"));
  if (email.name.isEmpty()) email.name = text(profile.get("email"));
  if (email.name.isEmpty()) email.name = QString::fromStdString(email.person);
  if (profile.get("interest").isNumber()) {
    email.interest = QString::number(qRound(profile.get("interest").number()));
  }
  return email;
}

Email emailOf(const record::OwnedValue& sections, std::string person, std::int64_t atMs) {
  Email email = personOf(sections, std::move(person));
  const Value made = sections->get("email");
  email.from = text(made.get("from"));
  email.subject = text(made.get("subject"));
  email.preheader = text(made.get("preheader"));
  email.html = bytes(made.get("html"));
  email.text = bytes(made.get("text"));
  email.atMs = atMs;
  email.sentMs = atMs;
  return email;
}

std::vector<Email> personasOf(const pipeline::Project& project, std::int64_t nowMs) {
  std::vector<Email> people;
  const QDir folder(QString::fromStdString(project.folder) + QStringLiteral("/personas"));
  for (const QString& name :
       folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::ReadOnly)) continue;
    const auto sections = record::OwnedValue::fromJson(file.readAll().toStdString());
    if (!sections) continue;
    people.push_back(
        personOf(*sections, text((*sections)->get("profile").get("id")).toStdString()));
    people.back().atMs = nowMs;
    people.back().isOutdated = true;
  }
  return people;
}

}  // namespace freshet::studio
