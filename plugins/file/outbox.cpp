// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "core/stage/node_type.h"
#include "plugins/file/mime.h"
#include "plugins/file/nodes.h"
#include "plugins/file/outbox_folder.h"

namespace freshet::file {
namespace {

using spec::field;
using spec::FieldType;

spec::NodeSpec outboxSpec() {
  spec::NodeSpec spec;
  spec.id = "file.outbox";
  spec.family = spec::Family::Sink;
  spec.title = "Outbox";
  spec.summary = "Writes each email to a folder on this computer instead of sending it.";
  spec.icon = "outbox";
  spec.synonyms = {"mail", "email", "eml", "mbox", "folder", "test"};
  spec.keySummary = "folder";
  spec.capabilities = {"files", "people"};
  spec.delivery = spec::DeliveryClass::Transactional;
  spec.fields.push_back(
      field("folder", FieldType::Folder, "Folder",
            "Where the emails go; inside the project unless it begins with a slash. The "
            "newest 1,000 are .eml files, older ones are kept in .mbox files.")
          .orElse("\"outbox\""));
  spec.examples.push_back({"Into the project's own folder", R"({"folder": "outbox"})"});
  return spec;
}

class Outbox final : public stage::OutboxSink {
 public:
  Outbox(std::string folder, std::uint32_t slot)
      : m_folderSetting(std::move(folder)), m_slot(slot) {}

  bool compose(const record::Record& record, std::string& id, std::string& body,
               stage::Failure& failure) override {
    const record::Value& email = record.sections[m_slot];
    const auto text = [&](std::string_view name) {
      const record::Value value = email.get(name);
      return value.isString() ? value.asString() : std::string_view();
    };
    if (!email.isObject() || text("to").empty()) {
      failure.code = "E-3303";
      failure.message = "There is no email on this event; put an Email step before the outbox";
      return false;
    }
    id = text("id");
    body = toMime({text("id"), text("from"), text("to"), text("subject"), text("html"),
                   text("text"), record.origin->timeMs});
    return true;
  }

  Status openDelivery(stage::StageContext& context, std::string_view mark) override {
    const std::filesystem::path project(context.files().projectFolder());
    return m_folder.open(project / m_folderSetting, mark);
  }

  Result<std::string> deliver(std::span<const Entry> entries) override {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Entry& entry = entries[i];
      // What an earlier try has written is not written twice.
      if (entry.sequence <= m_last) continue;
      if (auto status = m_folder.add(entry.sequence, entry.id, entry.body, entries.size() - 1 - i);
          !status)
        return status.error();
      m_last = entry.sequence;
    }
    return m_folder.sync();
  }

  void settled() override { m_folder.settled(); }

 private:
  std::string m_folderSetting;
  std::uint32_t m_slot;
  OutboxFolder m_folder;
  std::int64_t m_last = 0;
};

}  // namespace

stage::NodeType outboxNode() {
  stage::NodeType type;
  type.spec = outboxSpec();
  type.makeOutboxSink =
      [](const spec::Config& config,
         stage::BuildContext& context) -> Result<std::unique_ptr<stage::OutboxSink>> {
    return std::unique_ptr<stage::OutboxSink>(
        std::make_unique<Outbox>(config.text("folder"), context.slot("email")));
  };
  return type;
}

}  // namespace freshet::file
