// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/node_words.h"

#include <QCoreApplication>

#include "core/pipeline/files.h"

namespace freshet::bridge {
namespace {

QString text(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

// An output that is the whole of a setting reads better as the path alone.
QString withoutBraces(QString value) {
  value = value.simplified();
  if (value.startsWith(QLatin1String("{{")) && value.endsWith(QLatin1String("}}")) &&
      value.count(QLatin1String("{{")) == 1)
    value = value.mid(2, value.size() - 4).trimmed();
  return value;
}

QString valueWords(const record::Value& value, const spec::FieldSpec& field) {
  if (field.type == spec::FieldType::Secret) return {};
  if (value.isArray() && value.size() == 1)
    return QCoreApplication::translate("NodeWords", "1 case");
  if (value.isArray())
    return QCoreApplication::translate("NodeWords", "%1 cases").arg(value.size());
  if (value.isString()) {
    const QString words = withoutBraces(text(value.asString()));
    const bool isPath =
        field.type == spec::FieldType::File || field.type == spec::FieldType::Template;
    return isPath ? words.section(QLatin1Char('/'), -1) : words;
  }
  if (value.isNumber()) return QString::number(value.number());
  return {};
}

}  // namespace

theme::Family familyOf(const spec::NodeSpec* spec) {
  return spec ? static_cast<theme::Family>(spec->family) : theme::Family::Route;
}

QString familyTitle(theme::Family family) {
  switch (family) {
    case theme::Family::Source:
      return QCoreApplication::translate("NodeWords", "Source");
    case theme::Family::Enrich:
      return QCoreApplication::translate("NodeWords", "Enrich");
    case theme::Family::Score:
      return QCoreApplication::translate("NodeWords", "Score");
    case theme::Family::Template:
      return QCoreApplication::translate("NodeWords", "Template");
    case theme::Family::Route:
      return QCoreApplication::translate("NodeWords", "Route");
    case theme::Family::Sink:
      return QCoreApplication::translate("NodeWords", "Sink");
    case theme::Family::Test:
      return QCoreApplication::translate("NodeWords", "Test");
  }
  return {};
}

QString titleOf(const pipeline::Node& node, const spec::NodeSpec* spec) {
  if (!node.title.empty()) return text(node.title);
  return spec ? text(spec->title) : text(node.id);
}

QString iconOf(const spec::NodeSpec* spec) {
  return spec ? text(spec->icon) : QStringLiteral("puzzle");
}

QString typeLine(const pipeline::Node& node, const spec::NodeSpec* spec) {
  if (!spec)
    return QCoreApplication::translate("NodeWords", "%1 · not installed").arg(text(node.type));
  const QString type = text(spec->title);
  const spec::FieldSpec* field = spec->find(spec->keySummary);
  if (!field) return type;
  const record::Value* set = node.settings->find(field->name);
  const QString words = valueWords(set ? *set : *field->fallback, *field);
  return words.isEmpty() ? type : type + QStringLiteral(" · ") + words;
}

QString pageOf(const pipeline::Project& project, const pipeline::Node& node,
               const spec::NodeSpec* spec) {
  if (!spec || !spec->page) return {};
  if (!spec->page->needs.empty() && !pipeline::readProjectFile(project, spec->page->needs))
    return {};
  QString address = QString::fromStdString(spec->page->address);
  for (const spec::FieldSpec& field : spec->fields) {
    const record::Value* set = node.settings->find(field.name);
    const record::Value value = set ? *set : *field.fallback;
    if (value.isString())
      address.replace(QStringLiteral("{%1}").arg(QString::fromStdString(field.name)),
                      QString::fromStdString(std::string(value.asString())));
  }
  return address;
}

std::vector<OutputPort> outputsOf(const pipeline::Node& node, const spec::NodeSpec* spec) {
  if (!spec) return {{std::string(), QString(), false}};
  std::vector<OutputPort> ports;
  for (const spec::PortSpec& port : pipeline::portsOf(node, *spec))
    ports.push_back({port.name, text(port.title), false});
  if (spec->hasInput)
    ports.push_back({std::string(pipeline::kErrorPort),
                     QCoreApplication::translate("NodeWords", "Failed"), true});
  return ports;
}

}  // namespace freshet::bridge
