// SPDX-License-Identifier: GPL-3.0-or-later
#include <mutex>
#include <utility>

#include "core/base/text.h"
#include "core/stage/node_type.h"
#include "plugins/http/nodes.h"
#include "plugins/http/send/composer.h"
#include "plugins/http/send/courier.h"

namespace freshet::http {
namespace {

using spec::field;
using spec::FieldType;

constexpr int kWaitMs = 50;
constexpr std::int64_t kServiceNs = 50'000'000;
constexpr std::int64_t kPatienceNs = 3'000'000'000;
// What may wait besides the window; beyond it the lane takes no new batch.
constexpr std::size_t kMostOpen = 4096;
constexpr std::size_t kMostOpenBytes = 32 << 20;

/// Whether requests leave this computer. Any thread.
class Outside final : public stage::Capability {
 public:
  explicit Outside(stage::Mode mode) : m_mode(mode) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  }
  bool isInert() const { return m_mode == stage::Mode::Inert; }

 private:
  stage::Mode m_mode;
};

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "http.sink";
  spec.family = spec::Family::Sink;
  spec.title = "Webhook";
  spec.summary = "Sends each event to an address on the web, again and again until it is accepted.";
  spec.icon = "cloud-up";
  spec.synonyms = {"http", "post", "webhook", "api", "rest", "call", "request", "url", "crm"};
  spec.capabilities = {"http"};
  spec.delivery = spec::DeliveryClass::Keyed;
  spec.keySummary = "url";
  spec.fields.push_back(field("url", FieldType::Expression, "Address",
                              "Where to send, https:// or http://. Parts behind the host may be "
                              "expressions.")
                            .required());
  spec.fields.push_back(field("method", FieldType::Choice, "Method", "How the receiver is asked.")
                            .orElse("\"POST\"")
                            .oneOf({"POST", "PUT", "PATCH"}));
  spec.fields.push_back(field("body", FieldType::Expression, "Body",
                              "What to send: an object becomes JSON, text stays text; without it, "
                              "the event as it arrived."));
  spec.fields.push_back(field("include", FieldType::Map, "Include",
                              "Members to add to the event, each with its value.")
                            .orElse("{}"));
  spec.fields.push_back(field("headers", FieldType::Map, "Headers",
                              "Further headers, each with its value; a key belongs in a secret, "
                              "such as Bearer ${secret:NAME}.")
                            .orElse("{}"));
  spec.fields.push_back(field("key", FieldType::Expression, "In order by",
                              "Events with the same value go one after another; without it, the "
                              "key the event came with."));
  spec.fields.push_back(
      field("signingKey", FieldType::Secret, "Signing key",
            "Signs each request with the time, as standardwebhooks.com says, so that the receiver "
            "knows that it is from you."));
  spec.fields.push_back(field("together", FieldType::Integer, "Events in a request",
                              "More than one: they go as a JSON array of at most so many.")
                            .orElse("1")
                            .between(1, 1000));
  spec.fields.push_back(field("window", FieldType::Integer, "Requests at once",
                              "How many requests may wait for their answer at the same time.")
                            .orElse("32")
                            .between(1, 512)
                            .advanced());
  spec.fields.push_back(field("timeout", FieldType::Duration, "Time for an answer",
                              "A request that takes longer is sent again.")
                            .orElse("\"30 s\"")
                            .advanced());
  spec.fields.push_back(field("attempts", FieldType::Integer, "Attempts",
                              "An event that is answered 5xx so often is kept as a dead letter; 0 "
                              "is never. A receiver that does not answer does not count.")
                            .orElse("30")
                            .between(0, 100000)
                            .advanced());
  spec.fields.push_back(field("eventId", FieldType::Expression, "Event id",
                              "What Idempotency-Key is made of, such as {{ event.messageId }}; "
                              "without it, the event's place in its source.")
                            .advanced());
  spec.fields.push_back(field("hosts", FieldType::List, "Hosts",
                              "If the address's host is an expression: the hosts it may be, such "
                              "as api.example.com or *.example.com.")
                            .advanced());
  spec.fields.push_back(field("allow", FieldType::List, "Private networks",
                              "Addresses of this computer and of private networks that may be "
                              "reached, such as 10.1.0.0/16 or 127.0.0.1:8080; others may not.")
                            .advanced());
  spec.fields.push_back(field("caFile", FieldType::File, "Authorities",
                              "A PEM file of the certificate authorities to trust instead of the "
                              "system's.")
                            .advanced());
  spec.examples.push_back(
      {"Each event to a CRM",
       R"({"url": "https://crm.example.com/events", "headers": {"Authorization": "Bearer ${secret:CRM}"}})"});
  spec.examples.push_back(
      {"A score by person, signed",
       R"({"url": "https://hooks.example.com/people/{{ event.userId | url_encode }}", "method": "PUT",
           "body": "{{ score }}", "key": "{{ event.userId }}", "signingKey": "${secret:HOOK}"})"});
  return spec;
}

class Webhook final : public stage::Sink {
 public:
  Webhook(std::unique_ptr<Composer> composer, CourierSettings settings)
      : m_composer(std::move(composer)), m_settings(std::move(settings)) {}

  Status open(stage::StageContext& context) override {
    m_context = &context;
    auto outside = context.capability("http", "");
    if (!outside) return outside.error();
    if (std::static_pointer_cast<Outside>(*outside)->isInert()) return {};
    // The window is the node's, shared by its lanes.
    const auto lanes = static_cast<std::size_t>(std::max(1, context.lanes()));
    m_settings.window = std::max<std::size_t>(1, m_settings.window / lanes);
    if (!m_settings.transfer.caFile.empty())
      m_settings.transfer.caFile =
          context.files().projectFolder() + '/' + m_settings.transfer.caFile;
    m_courier.emplace(m_settings);
    return {};
  }

  Status write(std::span<record::Record* const> records, const stage::BatchLease& lease) override {
    m_reported.clear();
    if (auto status = waitUntil(kMostOpen, kMostOpenBytes); !status) return status;
    std::vector<stage::Failure> failures;
    m_composer->compose(
        records, lease, *m_context, [this]() -> Delivery& { return spare(); }, m_outgoing,
        failures);
    for (const stage::Failure& failure : failures)
      m_refused.push_back({failure, lease, std::string(failure.message)});
    if (m_courier) {
      m_open += m_outgoing.size();
      for (const Delivery* delivery : m_outgoing) m_openBytes += delivery->body.size();
      m_courier->send(m_outgoing);
    } else {
      for (Delivery* delivery : m_outgoing) recycle(*delivery);
      m_outgoing.clear();
    }
    return {};
  }

  Status flush(std::vector<stage::Failure>& refused) override {
    m_reported.clear();
    if (auto status = waitUntil(0, 0); !status) return status;
    m_reported = std::exchange(m_refused, {});
    for (Refused& each : m_reported) {
      each.failure.message = each.message;
      refused.push_back(each.failure);
    }
    return {};
  }

  void discard() override {
    m_reported.clear();
    m_refused.clear();
    if (!m_courier) return;
    m_courier->discard();
    m_open = 0;
    m_openBytes = 0;
    m_free.clear();
    for (const auto& delivery : m_deliveries) {
      delivery->clear();
      m_free.push_back(delivery.get());
    }
  }

 private:
  struct Refused {
    stage::Failure failure;
    stage::BatchLease lease;
    std::string message;
  };

  Delivery& spare() {
    if (m_free.empty()) {
      m_deliveries.push_back(std::make_unique<Delivery>());
      return *m_deliveries.back();
    }
    Delivery& delivery = *m_free.back();
    m_free.pop_back();
    return delivery;
  }

  void recycle(Delivery& delivery) {
    delivery.clear();
    m_free.push_back(&delivery);
  }

  bool takeSettled(std::size_t wanted, int waitMs) {
    m_settled.clear();
    m_courier->collect(m_settled, wanted, waitMs);
    for (Delivery* delivery : m_settled) {
      if (!delivery->code.empty()) {
        for (record::Record* record : delivery->records)
          m_refused.push_back(
              {{record, delivery->code, {}, {}}, delivery->lease, delivery->message});
      }
      m_openBytes -= delivery->body.size();
      recycle(*delivery);
    }
    m_open -= m_settled.size();
    return !m_settled.empty();
  }

  /// Until no more than so many are open; Retry::Later after some seconds without progress, or as
  /// soon as the receiver refuses us.
  Status waitUntil(std::size_t most, std::size_t mostBytes) {
    if (!m_courier) return {};
    takeSettled(0, 0);
    std::int64_t progressNs = monotonicNs();
    std::int64_t servedNs = progressNs;
    while (m_open > most || m_openBytes > mostBytes) {
      const std::size_t wanted = m_open > most ? m_open - most : 1;
      const bool hasProgress = takeSettled(wanted, kWaitMs);
      const std::int64_t nowNs = monotonicNs();
      if (hasProgress) progressNs = nowNs;
      if (!hasProgress || nowNs - servedNs > kServiceNs) {
        m_context->service();
        servedNs = nowNs;
      }
      const auto trouble = m_courier->trouble();
      const bool isRefused = !hasProgress && trouble && trouble->code == "E-3431";
      if (isRefused || nowNs - progressNs > kPatienceNs || m_context->isWaitOver()) {
        return trouble ? *trouble
                       : Error{"E-3430",
                               "The receiver of the webhook has not answered yet",
                               {},
                               Retry::Later};
      }
    }
    return {};
  }

  std::unique_ptr<Composer> m_composer;
  CourierSettings m_settings;
  stage::StageContext* m_context = nullptr;
  std::vector<std::unique_ptr<Delivery>> m_deliveries;
  std::vector<Delivery*> m_free;
  std::vector<Delivery*> m_outgoing;
  std::vector<Delivery*> m_settled;
  std::size_t m_open = 0;  ///< with the courier
  std::size_t m_openBytes = 0;
  std::vector<Refused> m_refused;
  std::vector<Refused> m_reported;
  std::optional<Courier> m_courier;  ///< none in a dry run; ends before what it was lent
};

Result<std::unique_ptr<stage::Sink>> makeSink(const spec::Config& config,
                                              stage::BuildContext& context) {
  auto composer = Composer::compile(config, context);
  if (!composer) return composer.error();
  std::vector<std::string> networks;
  if (const record::Value allow = config.value("allow"); allow.isArray()) {
    for (const record::Value& network : allow.asArray()) {
      if (network.isString()) networks.emplace_back(trim(network.asString()));
    }
  }
  auto guard = AddressGuard::allowing(networks);
  if (!guard) return guard.error();
  CourierSettings settings;
  settings.transfer.guard = std::move(*guard);
  settings.transfer.method = config.text("method");
  settings.transfer.totalMs = static_cast<long>(config.durationMs("timeout"));
  if (settings.transfer.totalMs < 1)
    return Error{"E-3410", "An answer takes longer than no time", "timeout", Retry::Never};
  settings.transfer.connectMs = std::min(settings.transfer.connectMs, settings.transfer.totalMs);
  settings.transfer.signingKey = config.text("signingKey");
  settings.transfer.caFile = config.text("caFile");
  settings.window = static_cast<std::size_t>(config.integer("window"));
  settings.attempts = config.integer("attempts");
  return std::unique_ptr<stage::Sink>(
      std::make_unique<Webhook>(std::move(*composer), std::move(settings)));
}

}  // namespace

stage::NodeType sinkNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeSink = makeSink;
  return type;
}

stage::CapabilityType outsideType() {
  stage::CapabilityType type;
  type.kind = "http";
  type.make = [](const spec::Config&,
                 stage::Mode mode) -> Result<std::shared_ptr<stage::Capability>> {
    return std::shared_ptr<stage::Capability>(std::make_shared<Outside>(mode));
  };
  return type;
}

}  // namespace freshet::http
