// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/collect/shop_page.h"

#include <vector>

#include "core/base/text.h"
#include "core/record/json.h"
#include "core/record/owned_value.h"
#include "plugins/http/collect/shop_html.h"

namespace freshet::http {
namespace {

constexpr std::size_t kMostPeople = 12;

bool isPictureName(std::string_view name) {
  return name.ends_with(".png") &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.") ==
             std::string_view::npos;
}

/// Safe inside a script element.
std::string embedded(std::string json) {
  for (auto at = json.find("</"); at != std::string::npos; at = json.find("</", at + 3))
    json.replace(at, 2, "<\\/");
  return json;
}

/// Who one can be on the page: the guests among the first people, or all of these; their ids, names
/// and languages, no addresses.
std::string peopleOf(std::string_view lines) {
  std::vector<std::string> all, guests;
  for (const std::string_view line : split(lines, '\n')) {
    if (all.size() == kMostPeople) break;
    if (trim(line).empty()) continue;
    const auto person = record::OwnedValue::fromJson(line);
    if (!person) continue;
    std::string entry = "{";
    const char* comma = "";
    for (const std::string_view name : {"id", "name", "language"}) {
      const record::Value value = (*person)->get(name);
      if (!value.isString()) continue;
      entry.append(comma).append(1, '"').append(name).append("\":");
      record::writeJsonString(value.asString(), entry);
      comma = ",";
    }
    entry += '}';
    const record::Value isGuest = (*person)->get("guest");
    if (isGuest.isBool() && isGuest.asBool()) guests.push_back(entry);
    all.push_back(std::move(entry));
  }
  std::string out = "[";
  for (const std::string& entry : guests.empty() ? all : guests) {
    if (out.size() > 1) out += ',';
    out += entry;
  }
  return out + ']';
}

void replace(std::string& text, std::string_view mark, const std::string& by) {
  if (const auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), by);
}

}  // namespace

void ShopPage::load(stage::Files& files) {
  const auto products = files.read("shop/products.json");
  if (!products) return;
  const auto parsed = record::OwnedValue::fromJson(*products);
  if (!parsed || !(*parsed)->isArray()) return;
  const auto people = files.read("shop/people.ndjson");
  m_html = kShopHtml;
  replace(m_html, "@PRODUCTS@", embedded(*products));
  replace(m_html, "@PEOPLE@", embedded(people ? peopleOf(*people) : "[]"));
  for (const record::Value& product : (*parsed)->asArray()) {
    const record::Value picture = product.get("picture");
    if (!picture.isString() || !isPictureName(picture.asString())) continue;
    const std::string name(picture.asString());
    if (m_pictures.contains(name)) continue;
    if (auto bytes = files.read("images/" + name)) m_pictures[name] = std::move(*bytes);
  }
}

const std::string* ShopPage::picture(std::string_view name) const {
  const auto found = m_pictures.find(name);
  return found == m_pictures.end() ? nullptr : &found->second;
}

}  // namespace freshet::http
