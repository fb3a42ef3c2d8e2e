// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/events/shop.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/text.h"
#include "core/nodes/events/dice.h"
#include "core/record/json.h"

namespace freshet::nodes {
namespace {

using record::Value;

constexpr std::array<std::string_view, 2> kLanguages = {"en", "nl"};
constexpr std::array<std::string_view, 2> kLocales = {"en-GB", "nl-NL"};
constexpr std::uint64_t kOldAppsOf1000 = 488;  // 8 % of all events are basket events of theirs
constexpr std::string_view kUserAgents[] = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"};
// Addresses that documentation may use (RFC 5737).
constexpr std::string_view kNetworks[] = {"192.0.2.", "198.51.100.", "203.0.113."};

Error mistake(std::string_view setting, std::string message) {
  return {"E-2110", std::move(message), std::string(setting), Retry::Never};
}

std::string jsonString(std::string_view text) {
  std::string out;
  record::writeJsonString(text, out);
  return out;
}

/// A text of a product in `language`: an object of texts by language, or one text for all.
std::string_view textIn(const Value& value, std::size_t language) {
  if (value.isString()) return value.asString();
  Value text = value.get(kLanguages[language]);
  if (!text.isString()) text = value.get(kLanguages[0]);
  return text.isString() ? text.asString() : std::string_view();
}

class ShopReader {
 public:
  Status readPeople(std::string_view lines) {
    std::size_t number = 0;
    for (std::string_view line : split(lines, '\n')) {
      ++number;
      if (trim(line).empty()) continue;
      m_arena.reset();
      const auto person = record::parseJson(line, m_arena);
      const Value id = person ? person->get("id") : Value();
      if (!id.isString() || id.size() == 0) {
        return mistake("people",
                       "line " + std::to_string(number) +
                           " is not a JSON object with an \"id\": write one person a line");
      }
      addVisitor(id.asString(), person->get("language"));
    }
    return {};
  }

  Status readCatalogue(std::string_view json) {
    m_arena.reset();
    const auto all = record::parseJson(json, m_arena);
    if (!all) return mistake("catalogue", all.error().message);
    for (const Value& product : all->isArray() ? all->asArray() : std::span<const Value>()) {
      const Value id = product.get("id");
      const Value price = product.get("price");
      if (!id.isString() || !price.isNumber() || price.number() < 0) {
        return mistake("catalogue", "product " + std::to_string(m_shop->products.size() + 1) +
                                        " needs an \"id\" and a \"price\"");
      }
      addProduct(product);
    }
    if (m_shop->products.empty()) {
      return mistake("catalogue", "there is no product in it: write an array of products");
    }
    return {};
  }

  Status readScript(std::string_view json) {
    if (json.empty()) return {};
    m_arena.reset();
    const auto all = record::parseJson(json, m_arena);
    if (!all) return mistake("script", all.error().message);
    std::size_t number = 0;
    for (const Value& line : all->isArray() ? all->asArray() : std::span<const Value>()) {
      ++number;
      const Value at = line.get("at");
      const auto afterMs = at.isString() ? parseDuration(at.asString()) : std::nullopt;
      const Value person = line.get("person");
      const auto who = m_byId.find(person.isString() ? person.asString() : std::string_view());
      const Value event = line.get("event");
      if (!afterMs || who == m_byId.end() || !event.isString()) {
        return mistake("script", "event " + std::to_string(number) +
                                     " needs \"at\" (a duration), \"person\" (an id of the people "
                                     "file) and \"event\"");
      }
      const Value properties = line.get("properties");
      m_isScripted[who->second] = true;
      partitionOf(who->second)
          .script.push_back({*afterMs, who->second, jsonString(event.asString()),
                             properties.isObject() ? record::toJson(properties) : "{}"});
    }
    return {};
  }

  Result<std::shared_ptr<const Shop>> finish() {
    for (std::uint32_t i = 0; i < m_shop->visitors.size(); ++i) {
      if (!m_isScripted[i]) partitionOf(i).visitors.push_back(i);
    }
    for (Shop::Partition& partition : m_shop->partitions) {
      std::ranges::stable_sort(partition.script, {}, &ScriptedEvent::afterMs);
      if (partition.visitors.empty()) {
        return mistake("people",
                       "too few people for eight partitions: 50 besides those of the script do");
      }
    }
    return std::shared_ptr<const Shop>(std::move(m_shop));
  }

 private:
  void addVisitor(std::string_view id, const Value& language) {
    const std::uint64_t bits = mixBits(stableHash(id));
    Visitor visitor;
    visitor.id = id;
    visitor.idJson = jsonString(id);
    visitor.language = language.isString() && language.asString() == kLanguages[1] ? 1 : 0;
    visitor.hasOldApp = bits % 1000 < kOldAppsOf1000;
    visitor.context = "\"ip\":\"" + std::string(kNetworks[(bits >> 10) % 3]) +
                      std::to_string(1 + (bits >> 16) % 254) +
                      "\",\"userAgent\":" + jsonString(kUserAgents[(bits >> 32) % 4]) +
                      ",\"locale\":\"" + std::string(kLocales[visitor.language]) + '"';
    m_byId.emplace(visitor.id, static_cast<std::uint32_t>(m_shop->visitors.size()));
    m_shop->visitors.push_back(std::move(visitor));
    m_isScripted.push_back(false);
  }

  void addProduct(const Value& from) {
    Product product;
    const std::string idJson = jsonString(from.get("id").asString());
    product.id = idJson.substr(1, idJson.size() - 2);
    product.cents = std::llround(from.get("price").number() * 100);
    for (std::size_t language = 0; language < kLanguages.size(); ++language) {
      const std::string_view name = textIn(from.get("name"), language);
      const std::string_view shown = name.empty() ? from.get("id").asString() : name;
      std::string& item = product.texts[language].item;
      item = "\"product_id\":" + idJson + ",\"name\":" + jsonString(shown);
      const std::string_view blurb = textIn(from.get("blurb"), language);
      if (!blurb.empty()) item += ",\"variant\":" + jsonString(blurb);
      const Value picture = from.get("picture");
      if (picture.isString()) item += ",\"picture\":" + jsonString(picture.asString());
      item += ",\"price\":";
      record::writeJson(from.get("price"), item);
      product.texts[language].query = jsonString(shown);
    }
    m_shop->products.push_back(std::move(product));
  }

  Shop::Partition& partitionOf(std::uint32_t visitor) {
    return m_shop->partitions[stableHash(m_shop->visitors[visitor].id) % Shop::kPartitions];
  }

  std::shared_ptr<Shop> m_shop = std::make_shared<Shop>();
  std::map<std::string, std::uint32_t, std::less<>> m_byId;
  std::vector<bool> m_isScripted;
  Arena m_arena;
};

}  // namespace

Result<std::shared_ptr<const Shop>> Shop::read(std::string_view people, std::string_view catalogue,
                                               std::string_view script) {
  ShopReader reader;
  if (const Status status = reader.readPeople(people); !status) return status.error();
  if (const Status status = reader.readCatalogue(catalogue); !status) return status.error();
  if (const Status status = reader.readScript(script); !status) return status.error();
  return reader.finish();
}

}  // namespace freshet::nodes
