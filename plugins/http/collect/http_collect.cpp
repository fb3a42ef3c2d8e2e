// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <utility>

#include "core/stage/node_type.h"
#include "plugins/http/collect/collector.h"
#include "plugins/http/nodes.h"

namespace freshet::http {
namespace {

using spec::field;
using spec::FieldType;
using stage::Polled;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "http.collect";
  spec.family = spec::Family::Source;
  spec.title = "Website events";
  spec.summary =
      "Receives the events of your website, app or shop as they happen; Segment's libraries can "
      "send to it unchanged.";
  spec.icon = "globe";
  spec.synonyms = {"http",    "web",   "segment", "tracking", "analytics", "collector",
                   "webhook", "pixel", "shop",    "sdk",      "listen",    "endpoint"};
  spec.hasInput = false;
  spec.outputs = {{"out", "Events"}};
  spec.capabilities = {"clock"};
  spec.keySummary = "listen";
  spec.page = {"your shop page", "http://{listen}/shop", "shop/products.json"};
  spec.fields.push_back(
      field("listen", FieldType::Text, "Address",
            "Where to listen, as HOST:PORT. 127.0.0.1 is this computer only; 0.0.0.0 is everybody "
            "who can reach it.")
          .orElse("\"127.0.0.1:7410\""));
  spec.fields.push_back(field("writeKey", FieldType::Secret, "Write key",
                              "What senders must give as their write key. Empty: anybody who can "
                              "reach the address may send."));
  spec.fields.push_back(
      field("keepTimestamp", FieldType::Flag, "Keep the sender's time",
            "On: an event's own timestamp counts, unless it lies in the future. Off: the moment of "
            "arrival counts, and the sender's is kept as originalTimestamp.")
          .orElse("false"));
  spec.fields.push_back(field("lateness", FieldType::Duration, "Lateness",
                              "How much later than newer events an event may come and still be in "
                              "time for waits.")
                            .orElse("\"0 s\"")
                            .when("keepTimestamp=true")
                            .advanced());
  spec.fields.push_back(
      field("address", FieldType::Choice, "Visitor's address",
            "How much of the IP address is kept in context.ip: shortened (without its last part), "
            "whole, or none.")
          .orElse("\"shortened\"")
          .oneOf({"shortened", "whole", "none"})
          .advanced());
  spec.fields.push_back(
      field("origins", FieldType::List, "Websites",
            "Pages that may send from a browser, such as https://shop.example; pages of this "
            "computer always may.")
          .advanced());
  spec.fields.push_back(
      field("spoolLimit", FieldType::Bytes, "Spool limit",
            "How much may wait on disk while the pipeline is behind; beyond it senders are told to "
            "come back later.")
          .orElse("\"1 GiB\"")
          .advanced());
  spec.examples = {
      {"On this computer", "{}"},
      {"For everybody with the key",
       R"({"listen": "0.0.0.0:7410", "writeKey": "${secret:WRITE_KEY}", "origins": ["https://shop.example"]})"}};
  return spec;
}

class Reader final : public stage::SourceReader {
 public:
  Reader(std::shared_ptr<Collector> collector, int lane, int lanes)
      : m_collector(std::move(collector)) {
    for (int partition = lane; partition < Spool::kPartitions; partition += lanes)
      m_partitions.push_back(partition);
  }
  ~Reader() override {
    m_spool.reset();
    if (m_hasJoined) m_collector->leave(m_partitions);
  }

  Status open(stage::StageContext& context, std::span<const stage::Position> from,
              stage::PartitionListener& listener) override {
    if (m_partitions.empty()) return {};
    if (auto status = m_collector->join(context, from, m_partitions); !status) return status;
    m_hasJoined = true;
    m_listener = &listener;
    m_spool = m_collector->spool();
    m_isMemory = Collector::folderOf(context).empty();
    return {};
  }

  Result<Polled> poll(Arena& arena, std::size_t most, int waitMs) override {
    Polled polled;
    polled.isEnded = m_partitions.empty();
    if (polled.isEnded) return polled;
    if (m_listener) std::exchange(m_listener, nullptr)->onAssigned(m_partitions);
    m_spool->wait(m_partitions, std::chrono::milliseconds(waitMs));
    // Each turn begins with another partition, so that a busy one starves none.
    for (std::size_t i = 0; i < m_partitions.size() && polled.events.size() < most; ++i) {
      const std::int32_t partition = m_partitions[(m_turn + i) % m_partitions.size()];
      const std::size_t before = polled.events.size();
      if (auto status = m_spool->read(partition, most - before, arena, polled.events); !status)
        return status.error();
      // A dry run promises nothing: what is read may go.
      if (m_isMemory && polled.events.size() > before)
        m_spool->release(partition, polled.events.back().offset + 1);
    }
    ++m_turn;
    return polled;
  }

  Status commit(std::span<const stage::Position> done) override {
    for (const stage::Position& position : done)
      m_spool->release(position.partition, position.offset);
    return {};
  }

 private:
  std::shared_ptr<Collector> m_collector;
  std::shared_ptr<Spool> m_spool;
  std::vector<std::int32_t> m_partitions;
  stage::PartitionListener* m_listener = nullptr;
  std::size_t m_turn = 0;
  bool m_isMemory = false;
  bool m_hasJoined = false;
};

class WebsiteEvents final : public stage::Source {
 public:
  explicit WebsiteEvents(CollectorSettings settings)
      : m_collector(std::make_shared<Collector>(std::move(settings))) {}

  Result<int> partitions(stage::StageContext&) override { return Spool::kPartitions; }
  std::unique_ptr<stage::SourceReader> reader(int lane, int lanes) override {
    return std::make_unique<Reader>(m_collector, lane, lanes);
  }
  bool hold() override { return m_collector->hold(); }
  void letGo() override { m_collector->letGo(); }
  Status forgetPositions(stage::StageContext& context) override {
    std::error_code failed;
    const std::string folder = Collector::folderOf(context);
    if (!folder.empty()) std::filesystem::remove_all(folder, failed);
    if (!failed) return {};
    return Error{"E-3403", "The spool cannot be emptied: " + failed.message(), folder};
  }

 private:
  std::shared_ptr<Collector> m_collector;
};

Result<std::unique_ptr<stage::Source>> make(const spec::Config& config, stage::BuildContext&) {
  CollectorSettings settings;
  settings.listen = config.text("listen");
  if (auto status = HttpServer::check(settings.listen); !status) {
    Error error = status.error();
    error.where = "listen";
    return error;
  }
  settings.writeKey = config.text("writeKey");
  settings.keepsTimestamp = config.flag("keepTimestamp");
  const std::string address = config.text("address");
  settings.detail = address == "whole"  ? AddressDetail::Whole
                    : address == "none" ? AddressDetail::None
                                        : AddressDetail::Shortened;
  const record::Value origins = config.value("origins");
  if (origins.isArray()) {
    for (const record::Value& origin : origins.asArray()) {
      if (origin.isString()) settings.origins.emplace_back(origin.asString());
    }
  }
  const std::int64_t limit = config.bytes("spoolLimit");
  if (limit < 64 * 1024) return Error{"E-2110", "The spool needs 64 KiB at least", "spoolLimit"};
  settings.spoolBytes = static_cast<std::uint64_t>(limit);
  return std::unique_ptr<stage::Source>(std::make_unique<WebsiteEvents>(std::move(settings)));
}

}  // namespace

stage::NodeType collectNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeSource = make;
  return type;
}

}  // namespace freshet::http
