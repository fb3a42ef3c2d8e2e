// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/delivery.h"

#include <map>

#include "core/pipeline/findings.h"
#include "core/spec/config.h"

namespace freshet::pipeline {
namespace {

using spec::DeliveryClass;

struct Promise {
  Guarantee guarantee = Guarantee::ExactlyOnce;
  std::string why;

  void lowerTo(const Promise& other) {
    if (other.guarantee < guarantee) *this = other;
  }
};

class Weighing {
 public:
  Weighing(const Pipeline& pipeline, const spec::SpecCatalog& catalog)
      : m_pipeline(pipeline), m_catalog(catalog) {}

  Delivery weigh() {
    findSource();
    const auto order = flowOrder(m_pipeline);
    std::map<std::string, Promise, std::less<>> promises;
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
      const Node& node = m_pipeline.nodes[*at];
      Promise promise = ofNode(node);
      for (const Edge& edge : m_pipeline.edges) {
        if (edge.from == node.id) promise.lowerTo(promises[edge.to]);
      }
      promises[node.id] = promise;
    }
    for (const Edge& edge : m_pipeline.edges) {
      const Promise& promise = promises[edge.to];
      m_delivery.edges.push_back({edge.text(), promise.guarantee, promise.why});
    }
    if (m_isPromised && !m_delivery.isTransactional) m_delivery.refusal = m_whyNot;
    const Promise& all = promises[m_delivery.source];
    if (m_isPromised && m_delivery.isTransactional && all.guarantee == Guarantee::AtLeastOnce)
      m_delivery.refusal = all.why;
    return std::move(m_delivery);
  }

 private:
  std::string setting(const Node& node, std::string_view name) const {
    const spec::NodeSpec* spec = m_catalog.find(node.type);
    return spec ? spec::Config(*spec, node.settings).text(name) : std::string();
  }

  void findSource() {
    std::size_t sources = 0;
    for (const Node& node : m_pipeline.nodes) {
      const spec::NodeSpec* spec = m_catalog.find(node.type);
      if (!spec || spec->hasInput) continue;
      ++sources;
      if (spec->delivery != DeliveryClass::Transactional) continue;
      m_delivery.source = node.id;
      m_connection = setting(node, "connection");
      const std::string wanted = setting(node, "delivery");
      m_isPromised = m_isPromised || wanted == "exactly-once";
      m_delivery.isTransactional = wanted != "at-least-once";
    }
    if (m_delivery.source.empty()) return;
    if (!m_delivery.isTransactional) {
      m_whyNot = m_delivery.source + " is set to at-least-once";
    } else if (sources > 1) {
      m_delivery.isTransactional = false;
      m_whyNot = "there is a source beside " + m_delivery.source +
                 ", and one transaction commits the positions of one source";
    }
  }

  Promise ofNode(const Node& node) const {
    const spec::NodeSpec* spec = m_catalog.find(node.type);
    if (!spec || !spec->hasInput) return {};
    // Positions that a source keeps itself are committed after ours unless a transaction joins
    // them.
    const bool isApart = !m_delivery.source.empty() && !m_delivery.isTransactional;
    switch (spec->delivery) {
      case DeliveryClass::None:
        return {};
      case DeliveryClass::Transactional:
        if (!spec->find("connection"))
          return isApart ? Promise{Guarantee::AtLeastOnce, m_whyNot} : Promise{};
        if (!m_delivery.isTransactional) {
          return {Guarantee::AtLeastOnce,
                  m_whyNot.empty() ? node.id + " and the source share no transaction" : m_whyNot};
        }
        if (setting(node, "connection") != m_connection) {
          return {Guarantee::AtLeastOnce,
                  node.id + " writes to another connection than " + m_delivery.source + " reads"};
        }
        return {};
      case DeliveryClass::Idempotent:
        return {Guarantee::EffectivelyOnce, node.id + " repeats what it has done, to no effect"};
      case DeliveryClass::Keyed:
        return {Guarantee::AtLeastOnce,
                node.id + " may send again, with a key by which the receiver can tell"};
      default:
        return {Guarantee::AtLeastOnce, node.id + " cannot take back what it has sent"};
    }
  }

  const Pipeline& m_pipeline;
  const spec::SpecCatalog& m_catalog;
  Delivery m_delivery;
  std::string m_connection;
  std::string m_whyNot;
  bool m_isPromised = false;
};

}  // namespace

std::string_view guaranteeName(Guarantee guarantee) {
  switch (guarantee) {
    case Guarantee::AtLeastOnce:
      return "at-least-once";
    case Guarantee::EffectivelyOnce:
      return "effectively-once";
    case Guarantee::ExactlyOnce:
      return "exactly-once";
  }
  return {};
}

Delivery deliveryOf(const Pipeline& pipeline, const spec::SpecCatalog& catalog) {
  return Weighing(pipeline, catalog).weigh();
}

void lintDelivery(const Project& project, const spec::SpecCatalog& catalog, Findings& findings) {
  const Delivery delivery = deliveryOf(project.pipeline, catalog);
  const Node* source = project.pipeline.find(delivery.source);
  if (delivery.refusal.empty() || !source) return;
  findings.addTo(*source, "E-1115", "delivery", "exactly once cannot be kept: " + delivery.refusal,
                 "set \"delivery\" to auto, or change what is named here");
}

}  // namespace freshet::pipeline
