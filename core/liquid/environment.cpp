// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/environment.h"

#include <algorithm>

#include "core/liquid/standard.h"

namespace freshet::liquid {

TemplateEnvironment::TemplateEnvironment() {
  addStringFilters(*this);
  addEncodingFilters(*this);
  addNumberFilters(*this);
  addArrayFilters(*this);
  addDateFilters(*this);
}

void TemplateEnvironment::addFilter(Filter filter) {
  filter.mostArgs = std::min<std::uint8_t>(filter.mostArgs, mostArguments);
  std::string name = filter.name;
  m_filters.insert_or_assign(std::move(name), std::move(filter));
}

void TemplateEnvironment::addTag(Tag tag) {
  std::string name = tag.name;
  m_tags.insert_or_assign(std::move(name), std::move(tag));
}

const Filter* TemplateEnvironment::filter(std::string_view name) const {
  const auto found = m_filters.find(name);
  return found == m_filters.end() ? nullptr : &found->second;
}

const Tag* TemplateEnvironment::tag(std::string_view name) const {
  const auto found = m_tags.find(name);
  return found == m_tags.end() ? nullptr : &found->second;
}

Result<std::string> TemplateEnvironment::load(std::string_view name) const {
  if (m_loader) return m_loader(name);
  return Error{
      "E-4004", "No partial '" + std::string(name) + "': this template has no partials.", {}};
}

std::vector<std::string> TemplateEnvironment::filterNames() const {
  std::vector<std::string> names;
  for (const auto& [name, filter] : m_filters) names.push_back(name);
  return names;
}

std::vector<std::string> TemplateEnvironment::tagNames() const {
  std::vector<std::string> names{"assign",   "break", "capture",   "case",     "comment",
                                 "continue", "cycle", "decrement", "doc",      "echo",
                                 "for",      "if",    "ifchanged", "include",  "increment",
                                 "liquid",   "raw",   "render",    "tablerow", "unless"};
  for (const auto& [name, tag] : m_tags) names.push_back(name);
  return names;
}

}  // namespace freshet::liquid
