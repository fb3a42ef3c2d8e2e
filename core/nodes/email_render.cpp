// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/liquid/template.h"
#include "core/nodes/bind.h"
#include "core/stage/node_type.h"
#include "core/stage/roots.h"

namespace freshet::nodes {
namespace {

using record::Member;
using record::Record;
using record::Value;
using spec::field;
using spec::FieldType;

constexpr std::string_view kTemplateFile = ".liquid";

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "email.render";
  spec.family = spec::Family::Template;
  spec.title = "Email";
  spec.summary = "Writes each person's email from a Liquid template: subject, HTML and text.";
  spec.icon = "envelope";
  spec.synonyms = {"mail", "template", "liquid", "newsletter", "message", "html", "render"};
  spec.outputs = {{"out", "Emails"}};
  spec.addsSections = {"email"};
  spec.keySummary = "subject";
  spec.fields.push_back(field("from", FieldType::Expression, "From",
                              "The sender, such as Marram <hello@marram.example>.")
                            .required());
  spec.fields.push_back(field("to", FieldType::Expression, "To", "The person's address.")
                            .orElse("\"{{ profile.email }}\""));
  spec.fields.push_back(
      field("replyTo", FieldType::Expression, "Reply to", "Where answers go, if not to the sender.")
          .advanced());
  spec.fields.push_back(
      field("subject", FieldType::Template, "Subject", "One line; line ends become spaces.")
          .required());
  spec.fields.push_back(field("preheader", FieldType::Template, "Preheader",
                              "What an inbox shows after the subject."));
  spec.fields.push_back(field(
      "html", FieldType::Template, "HTML",
      "The email, as Liquid or the path of a .liquid file. Values are escaped for their place."));
  spec.fields.push_back(field("text", FieldType::Template, "Text",
                              "The same in plain text, as Liquid or the path of a .liquid file."));
  spec.fields.push_back(field("language", FieldType::Expression, "Language",
                              "The email's language, such as en or nl.")
                            .advanced());
  spec.examples = {
      {"A greeting",
       R"({"from": "Marram <hello@marram.example>", "subject": "Welcome, {{ profile.first_name | default: 'you' }}", "text": "Hello {{ profile.first_name }}."})"},
      {"From template files",
       R"({"from": "Marram <hello@marram.example>", "to": "{{ profile.email }}", "subject": "Your basket", "html": "templates/basket_reminder.liquid", "text": "templates/basket_reminder.txt.liquid"})"}};
  return spec;
}

/// One template of the email, bound to the topology's slots.
struct Part {
  std::string_view name;  ///< the setting, and the section's member
  liquid::Template source;
  stage::Roots roots;
  bool isHtml = false;
  bool isOneLine = false;
};

struct Address {
  std::string_view name;
  std::optional<stage::BoundExpression> expression;
};

bool isTemplateFile(std::string_view text) {
  return text.ends_with(kTemplateFile) && text.find_first_of("{\n") == std::string_view::npos;
}

Result<Part> bindPart(std::string_view name, const spec::Config& config,
                      stage::BuildContext& context) {
  std::string text = config.text(name);
  std::string place(name);
  if (isTemplateFile(text)) {
    place = text;
    auto file = context.file(text);
    if (!file) {
      Error error = file.error();
      error.where = name;
      return error;
    }
    text = std::move(*file);
  }
  auto parsed = liquid::Template::parse(text, place, context.liquid());
  if (!parsed) {
    Error error = parsed.error();
    if (!error.where.empty()) error.message = error.where + ": " + error.message;
    error.where = name;
    return error;
  }
  stage::Roots roots(parsed->globals(), context);
  const bool isHtml = name == "html";
  return Part{name, std::move(*parsed), std::move(roots), isHtml, !isHtml && name != "text"};
}

/// Runs of white space and control characters as one space: a header takes one line.
std::string_view oneLineOf(std::string_view text, Arena& arena) {
  char* const first = static_cast<char*>(arena.allocate(text.size() + 1, 1));
  char* to = first;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7f) {
      *to++ = c;
    } else if (to != first && to[-1] != ' ') {
      *to++ = ' ';
    }
  }
  if (to != first && to[-1] == ' ') --to;
  return {first, static_cast<std::size_t>(to - first)};
}

bool isAddress(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != 0 && at != std::string_view::npos && at + 1 < text.size() &&
         std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
         });
}

class EmailRender final : public stage::Stage {
 public:
  static Result<std::unique_ptr<stage::Stage>> make(const spec::Config& config,
                                                    stage::BuildContext& context) {
    auto stage = std::make_unique<EmailRender>();
    for (const std::string_view name : {"from", "to", "replyTo", "language"}) {
      auto bound = bindOptional(config, name, context);
      if (!bound) return bound.error();
      if (*bound) stage->m_addresses.push_back({name, std::move(*bound)});
    }
    for (const std::string_view name : {"subject", "preheader", "html", "text"}) {
      if (!config.has(name)) continue;
      auto part = bindPart(name, config, context);
      if (!part) return part.error();
      stage->m_parts.push_back(std::move(*part));
    }
    if (!config.has("html") && !config.has("text")) {
      return Error{"E-2110", "an email needs html, text or both", "html", Retry::Never};
    }
    stage->m_slot = context.slot("email");
    stage->m_node = context.nodeId();
    return std::unique_ptr<stage::Stage>(std::move(stage));
  }

  Result<stage::Step> process(record::Batch& batch, stage::Output& out) override {
    for (Record* record : batch.records) {
      if (render(*record, *batch.arena, out)) out.emit(0, record);
    }
    return stage::Step::Done;
  }

 private:
  bool render(Record& record, Arena& arena, stage::Output& out) {
    const auto members = arena.array<Member>(m_addresses.size() + m_parts.size() + 1);
    std::size_t count = 0;
    for (const Address& address : m_addresses) {
      const std::string_view text = trim(address.expression->text(record, arena));
      const bool isMailAddress = address.name != "language";
      if (text.empty() && address.name != "to" && address.name != "from") continue;
      if (isMailAddress && !isAddress(text)) {
        refuse(record, address.name, text, arena, out);
        return false;
      }
      members[count++] = {address.name, Value(text)};
    }
    liquid::RenderOptions options;
    // Limits count work, never time: a busy machine must not change what is sent.
    options.limits.wall = {};
    options.nowMs = record.origin->timeMs;
    for (Part& part : m_parts) {
      m_text.clear();
      options.escapeHtml = part.isHtml;
      const Status status =
          m_renderer.render(part.source, part.roots.of(record, arena), arena, m_text, options);
      if (!status) {
        out.fail(&record, "E-2401", arena.copy(placed(part, status.error())));
        return false;
      }
      const std::string_view text = part.isOneLine ? oneLineOf(m_text, arena) : arena.copy(m_text);
      members[count++] = {part.name, Value(text)};
    }
    members[count++] = {"id", Value(idOf(*record.origin, arena))};
    record.sections[m_slot] = Value(std::span<const Member>(members.first(count)));
    return true;
  }

  static std::string placed(const Part& part, const Error& error) {
    const std::string place = error.where.empty() ? std::string(part.name) : error.where;
    return place + ": " + error.message;
  }

  static void refuse(Record& record, std::string_view name, std::string_view text, Arena& arena,
                     stage::Output& out) {
    if (text.empty()) {
      out.fail(&record, "E-2402",
               name == "to" ? "There is no address to send this email to: \"to\" came out empty."
                            : "The email has no sender: \"from\" came out empty.");
    } else {
      out.fail(&record, "E-2403",
               arena.copy('"' + std::string(name) +
                          "\" is not an email address: " + oneLine(text, 100)));
    }
  }

  /// The same event gives the same id at every run, so that a delivery can be recognised.
  std::string_view idOf(const record::Origin& origin, Arena& arena) {
    m_text.assign(m_node).append(1, '\0').append(origin.key).append(1, '\0');
    for (const std::int64_t number :
         {static_cast<std::int64_t>(origin.partition), origin.offset, origin.timeMs}) {
      m_text.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    static constexpr char kHex[] = "0123456789abcdef";
    char* text = static_cast<char*>(arena.allocate(32, 1));
    std::uint64_t bits = stableHash(m_text);
    m_text += 'b';
    for (std::size_t i = 0; i < 32; ++i, bits >>= 4) {
      if (i == 16) bits = stableHash(m_text);
      text[i] = kHex[bits & 15];
    }
    return {text, 32};
  }

  std::vector<Address> m_addresses;
  std::vector<Part> m_parts;
  liquid::Renderer m_renderer;
  std::string m_node;
  std::uint32_t m_slot = 0;
  std::string m_text;
};

}  // namespace

stage::NodeType emailRenderNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeStage = EmailRender::make;
  return type;
}

}  // namespace freshet::nodes
