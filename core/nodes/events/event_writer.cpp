// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/events/event_writer.h"

#include <array>
#include <charconv>

#include "core/base/text.h"

namespace freshet::nodes {
namespace {

constexpr TimeMs kDayMs = 86'400'000;
constexpr std::string_view kProductPage = "https://marram.example/p/";
constexpr std::string_view kSearchPage = "https://marram.example/search";
constexpr std::string_view kOrderPage = "https://marram.example/order";

void put(char*& to, std::int64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
  to += digits;
}

}  // namespace

std::string_view EventWriter::write(const EventPlace& place, const Visitor& visitor,
                                    const Visit& visit, const VisitStep& step, Act act,
                                    bool isOldAppAbroad) {
  const Product& product = m_shop.products[step.product];
  const Product::Texts& texts = product.texts[visitor.language];
  const bool isOldApp = isOldAppAbroad && visitor.hasOldApp;
  const std::string_view currency = isOldApp ? "" : ",\"currency\":\"EUR\"";
  switch (act) {
    case Act::View:
      begin(place, "\"page_view\"", visitor.idJson);
      m_out += texts.item;
      end(visitor, kProductPage, product.id, isOldApp);
      break;
    case Act::Search:
      begin(place, "\"search\"", visitor.idJson);
      m_out.append("\"query\":").append(texts.query);
      end(visitor, kSearchPage, {}, isOldApp);
      break;
    case Act::Add:
      begin(place, "\"add_to_cart\"", visitor.idJson);
      m_out.append(texts.item).append(",\"quantity\":");
      writeNumber(step.quantity);
      m_out += currency;
      end(visitor, kProductPage, product.id, isOldApp);
      break;
    case Act::Purchase:
      begin(place, "\"purchase\"", visitor.idJson);
      writeOrder(place, visitor, visit);
      m_out += currency;
      end(visitor, kOrderPage, {}, isOldApp);
      break;
    case Act::Malformed:
      writeFlawed(place, visitor, step);
      break;
  }
  return m_out;
}

std::string_view EventWriter::write(const EventPlace& place, const ScriptedEvent& event) {
  const Visitor& visitor = m_shop.visitors[event.visitor];
  begin(place, event.event, visitor.idJson);
  m_out.append(event.properties, 1, event.properties.size() - 2);
  end(visitor, {}, {}, false);
  return m_out;
}

void EventWriter::begin(const EventPlace& place, std::string_view eventJson,
                        std::string_view idJson) {
  m_out.assign("{\"type\":\"track\",\"event\":");
  m_out.append(eventJson);
  if (!idJson.empty()) m_out.append(",\"userId\":").append(idJson);
  m_out.append(",\"messageId\":\"shop-");
  writeNumber(static_cast<std::int64_t>(place.seed));
  m_out += '-';
  writeNumber(place.partition);
  m_out += '-';
  writeNumber(place.offset);
  m_out.append("\",\"timestamp\":\"");
  writeTime(place.timeMs);
  m_out.append("\",\"properties\":{");
}

void EventWriter::end(const Visitor& visitor, std::string_view page, std::string_view pageId,
                      bool isOldApp) {
  m_out.append("},\"context\":{").append(visitor.context);
  if (isOldApp) m_out.append(",\"app\":{\"name\":\"Marram\",\"version\":\"2.3.0\"}");
  if (!page.empty())
    m_out.append(",\"page\":{\"url\":\"").append(page).append(pageId).append("\"}");
  m_out.append("}}");
}

void EventWriter::writeOrder(const EventPlace& place, const Visitor& visitor, const Visit& visit) {
  m_out.append("\"order_id\":\"");
  writeNumber(place.partition);
  m_out += '-';
  writeNumber(place.offset);
  m_out.append("\",\"products\":[");
  std::int64_t cents = 0;
  for (std::size_t i = 0; i < visit.itemCount; ++i) {
    const Product& product = m_shop.products[visit.items[i].product];
    cents += product.cents * visit.items[i].quantity;
    m_out.append(i == 0 ? "{" : ",{").append(product.texts[visitor.language].item);
    m_out.append(",\"quantity\":");
    writeNumber(visit.items[i].quantity);
    m_out += '}';
  }
  m_out.append("],\"total\":");
  writeCents(cents);
}

/// Four ways in which real senders go wrong.
void EventWriter::writeFlawed(const EventPlace& place, const Visitor& visitor,
                              const VisitStep& step) {
  const Product& product = m_shop.products[step.product];
  begin(place, "\"page_view\"", step.flaw == 1 ? std::string_view() : visitor.idJson);
  m_out.append("\"product_id\":\"").append(product.id).append("\",\"price\":");
  if (step.flaw == 2) m_out += '"';
  writeCents(product.cents);
  if (step.flaw == 2) m_out += '"';
  end(visitor, kProductPage, product.id, false);
  if (step.flaw == 0) m_out.resize(m_out.size() * 2 / 3);
  if (step.flaw == 3) m_out.replace(std::string_view("{\"type\":").size(), 7, "17");
}

void EventWriter::writeTime(TimeMs timeMs) {
  std::int64_t day = timeMs / kDayMs;
  std::int64_t rest = timeMs % kDayMs;
  if (rest < 0) {
    rest += kDayMs;
    --day;
  }
  if (day != m_day) {
    m_day = day;
    m_dayText = formatIsoTime(day * kDayMs).substr(0, 11);
  }
  std::array<char, 13> text;
  char* to = text.data();
  put(to, rest / 3'600'000, 2);
  *to++ = ':';
  put(to, rest / 60'000 % 60, 2);
  *to++ = ':';
  put(to, rest / 1000 % 60, 2);
  *to++ = '.';
  put(to, rest % 1000, 3);
  *to++ = 'Z';
  m_out.append(m_dayText).append(text.data(), text.size());
}

void EventWriter::writeNumber(std::int64_t number) {
  std::array<char, 24> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  m_out.append(text.data(), end);
}

void EventWriter::writeCents(std::int64_t cents) {
  writeNumber(cents / 100);
  const char text[] = {'.', static_cast<char>('0' + cents / 10 % 10),
                       static_cast<char>('0' + cents % 10)};
  m_out.append(text, sizeof text);
}

}  // namespace freshet::nodes
