// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "app/cli/nodes.h"
#include "core/base/text.h"
#include "core/record/json.h"

namespace freshet::cli {
namespace {

using spec::FieldSpec;
using spec::FieldType;

std::string_view kindOf(const FieldSpec& field) {
  static constexpr std::array<std::string_view, 18> kWords = {
      "text",          "text of several lines",
      "number",        "whole number",
      "true or false", "choice",
      "time",          "size",
      "expression",    "condition",
      "template",      "file",
      "folder",        "secret",
      "connection",    "map of expressions",
      "cases",         "list of texts"};
  return kWords[static_cast<std::size_t>(field.type)];
}

/// A cell may hold no bar and no line end.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string plain(double number) {
  const auto whole = static_cast<std::int64_t>(number);
  return static_cast<double>(whole) == number ? std::to_string(whole) : formatDouble(number);
}

std::string valuesOf(const FieldSpec& field) {
  std::string out(kindOf(field));
  if (!field.connectionKind.empty()) out += " (" + field.connectionKind + ')';
  if (!field.choices.empty()) {
    out += ": ";
    for (std::size_t i = 0; i < field.choices.size(); ++i) {
      out += (i > 0 ? ", `" : "`") + field.choices[i] + '`';
    }
  }
  if (field.least && field.most) {
    out += ", " + plain(*field.least) + "–" + plain(*field.most);
  } else if (field.least) {
    out += ", at least " + plain(*field.least);
  } else if (field.most) {
    out += ", at most " + plain(*field.most);
  }
  return field.unit.empty() ? out : out + ", " + field.unit;
}

std::string defaultOf(const FieldSpec& field) {
  if (!field.fallback->isNil()) return '`' + cell(record::toJson(*field.fallback)) + '`';
  return field.isRequired ? "needed" : "";
}

std::string helpOf(const FieldSpec& field) {
  std::string out = "**" + cell(field.title) + ".** " + cell(field.help);
  const std::size_t equals = field.visibleWhen.find('=');
  if (equals != std::string::npos) {
    out += " Only where `" + field.visibleWhen.substr(0, equals) + "` is `" +
           field.visibleWhen.substr(equals + 1) + "`.";
  }
  return out;
}

void appendFields(const std::vector<FieldSpec>& fields, std::string& out) {
  out += "\n## Settings\n\n";
  if (fields.empty()) {
    out += "None.\n";
    return;
  }
  out += "| setting | value | default | meaning |\n|---|---|---|---|\n";
  for (const FieldSpec& field : fields) {
    out += "| `" + field.name + "` | " + valuesOf(field) + " | " + defaultOf(field) + " | " +
           helpOf(field) + " |\n";
  }
}

void appendPorts(const spec::NodeSpec& spec, std::string& out) {
  out += "\n## Ports\n\n";
  out += spec.hasInput ? "- in\n" : "- No input: events begin here.\n";
  for (const spec::PortSpec& port : spec.outputs) {
    out += "- out `" + port.name + "`: " + port.title;
    if (port.isOptional) out += "; not connected, its events leave by the first output";
    out += '\n';
  }
  if (spec.outputsFromCases) out += "- one output for each case, called by its name\n";
  if (spec.outputs.empty() && !spec.outputsFromCases) out += "- No output: events end here.\n";
  for (const std::string& section : spec.addsSections) {
    out += section.starts_with('=') ? "- adds the section that `" + section.substr(1) + "` names\n"
                                    : "- adds the section `" + section + "`\n";
  }
}

std::string_view deliveryOf(spec::DeliveryClass delivery) {
  switch (delivery) {
    case spec::DeliveryClass::Transactional:
      return "exactly once: it commits together with the source's positions";
    case spec::DeliveryClass::Idempotent:
      return "exactly once in effect: a repeated delivery changes nothing";
    case spec::DeliveryClass::Keyed:
      return "at least once, with a key: the receiver can tell an event that arrives again";
    case spec::DeliveryClass::AtLeastOnce:
      return "at least once: after a crash an event may arrive again";
    case spec::DeliveryClass::None:
      break;
  }
  return {};
}

/// Examples stand in the page as they would stand in a pipeline's file.
std::string asInFile(const spec::NodeSpec& spec, const spec::ExampleSpec& example) {
  const auto settings = record::OwnedValue::fromJson(example.settingsJson);
  if (!settings) return example.settingsJson + '\n';
  const record::Member members[] = {{"type", record::Value(std::string_view(spec.id))},
                                    {"settings", **settings}};
  return record::toPrettyJson(record::Value(std::span<const record::Member>(members)));
}

}  // namespace

std::string nodePage(const spec::NodeSpec& spec) {
  std::string out = "# " + spec.title + "\n\n`" + spec.id + "` · " +
                    std::string(familyName(spec.family)) + "\n\n" + spec.summary + '\n';
  appendFields(spec.fields, out);
  appendPorts(spec, out);
  if (const auto delivery = deliveryOf(spec.delivery); !delivery.empty()) {
    out += "\n## Delivery\n\n" + std::string(delivery) + ".\n";
  }
  if (!spec.examples.empty()) out += "\n## Examples\n";
  for (const spec::ExampleSpec& example : spec.examples) {
    out += '\n' + example.title + ":\n\n```json\n" + asInFile(spec, example) + "```\n";
  }
  return out;
}

}  // namespace freshet::cli
