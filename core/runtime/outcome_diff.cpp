// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/outcome_diff.h"

#include <algorithm>
#include <set>

#include "core/record/json.h"

namespace freshet::runtime {
namespace {

using record::Member;
using record::Value;
using Texts = std::vector<std::string>;

/// What a text is recognised by: the same on both sides, if it is about the same event.
std::string identityOf(const std::string& json, const std::vector<std::string_view>& names) {
  Arena arena;
  const auto value = record::parseJson(json, arena);
  std::string identity;
  for (const std::string_view name : names) {
    if (!identity.empty()) identity += "  ";
    const Value member = value ? value->get(name) : Value();
    identity += member.isString() ? std::string(member.asString()) : record::toJson(member);
  }
  return identity;
}

void addFields(const std::string& path, const Value& before, const Value& after,
               std::vector<OutcomeDiff::Field>& fields) {
  if (before == after) return;
  if (!before.isObject() || !after.isObject()) {
    fields.push_back({path, before.isNil() ? std::string() : record::toJson(before),
                      after.isNil() ? std::string() : record::toJson(after)});
    return;
  }
  std::set<std::string_view> names;
  for (const Value* side : {&before, &after}) {
    for (const Member& member : side->asObject()) names.insert(member.key);
  }
  for (const std::string_view name : names) {
    std::string below = path;
    if (!below.empty()) below += '/';
    below += name;
    addFields(below, before.get(name), after.get(name), fields);
  }
}

class PartDiff {
 public:
  PartDiff(std::string name, std::vector<std::string_view> identity, std::size_t most)
      : m_identity(std::move(identity)), m_most(most) {
    m_part.name = std::move(name);
  }

  OutcomeDiff::Part of(const Texts& before, const Texts& after, std::uint64_t& same) {
    m_part.before = before.size();
    m_part.after = after.size();
    std::map<std::string, Texts> left, right;
    // What is word for word the same is not looked at any closer.
    Texts sorted[2] = {before, after};
    for (Texts& texts : sorted) std::ranges::sort(texts);
    Texts onlyBefore, onlyAfter;
    std::ranges::set_difference(sorted[0], sorted[1], std::back_inserter(onlyBefore));
    std::ranges::set_difference(sorted[1], sorted[0], std::back_inserter(onlyAfter));
    same += before.size() - onlyBefore.size();
    for (std::string& text : onlyBefore)
      left[identityOf(text, m_identity)].push_back(std::move(text));
    for (std::string& text : onlyAfter)
      right[identityOf(text, m_identity)].push_back(std::move(text));
    std::set<std::string> identities;
    for (const auto* side : {&left, &right}) {
      for (const auto& [identity, texts] : *side) identities.insert(identity);
    }
    for (const std::string& identity : identities) pair(identity, left[identity], right[identity]);
    return std::move(m_part);
  }

 private:
  void pair(const std::string& identity, const Texts& before, const Texts& after) {
    const std::size_t both = std::min(before.size(), after.size());
    for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
      const char sign = i < both ? '~' : (i < before.size() ? '-' : '+');
      ++(sign == '~' ? m_part.changed : (sign == '-' ? m_part.removed : m_part.added));
      if (m_part.examples.size() >= m_most) continue;
      OutcomeDiff::Example example{identity, {}, sign};
      if (sign == '~') {
        Arena arena;
        const auto left = record::parseJson(before[i], arena);
        const auto right = record::parseJson(after[i], arena);
        if (left && right) addFields("", *left, *right, example.fields);
      }
      m_part.examples.push_back(std::move(example));
    }
  }

  OutcomeDiff::Part m_part;
  std::vector<std::string_view> m_identity;
  std::size_t m_most;
};

/// The e-mails of all sinks, as {"key", "time", "email"}.
Texts emailsOf(const Outcome& outcome) {
  Texts emails;
  for (const auto& [node, records] : outcome.sinks) {
    for (const std::string& record : records) {
      if (record.find("\"email\":{") == std::string::npos) continue;
      Arena arena;
      const auto value = record::parseJson(record, arena);
      if (!value || !value->get("email").isObject()) continue;
      const Member members[] = {
          {"key", value->get("key")}, {"time", value->get("time")}, {"email", value->get("email")}};
      emails.push_back(record::toJson(Value(std::span<const Member>(members))));
    }
  }
  return emails;
}

Texts profilesOf(const Replayed& replayed) {
  Texts profiles;
  for (const auto& [connection, people] : replayed.profiles) {
    for (const auto& [key, json] : people) {
      std::string text = "{\"connection\":";
      record::writeJsonString(connection, text);
      text += ",\"key\":";
      record::writeJsonString(key, text);
      profiles.push_back(text + ",\"profile\":" + json + '}');
    }
  }
  return profiles;
}

}  // namespace

bool OutcomeDiff::isSame() const {
  return routes.empty() && std::ranges::all_of(parts, &Part::isSame);
}

OutcomeDiff compare(const Replayed& before, const Replayed& after, std::size_t most) {
  OutcomeDiff diff;
  std::set<std::string> sinks, edges;
  for (const Replayed* side : {&before, &after}) {
    for (const auto& [node, records] : side->outcome.sinks) sinks.insert(node);
    for (const auto& [edge, count] : side->outcome.routes) edges.insert(edge);
  }
  const auto textsOf = [](const Replayed& side, const std::string& sink) {
    const auto found = side.outcome.sinks.find(sink);
    return found == side.outcome.sinks.end() ? Texts() : found->second;
  };
  for (const std::string& sink : sinks) {
    diff.parts.push_back(PartDiff(sink, {"key", "time"}, most)
                             .of(textsOf(before, sink), textsOf(after, sink), diff.same));
  }
  std::uint64_t ignored = 0;
  diff.parts.push_back(PartDiff("emails", {"key", "time"}, most)
                           .of(emailsOf(before.outcome), emailsOf(after.outcome), ignored));
  diff.parts.push_back(PartDiff("dead letters", {"node", "partition", "offset"}, most)
                           .of(before.outcome.dead, after.outcome.dead, diff.same));
  diff.parts.push_back(PartDiff("profiles", {"connection", "key"}, most)
                           .of(profilesOf(before), profilesOf(after), ignored));
  const auto countOf = [](const Replayed& side, const std::string& edge) {
    const auto found = side.outcome.routes.find(edge);
    return found == side.outcome.routes.end() ? 0 : found->second;
  };
  for (const std::string& edge : edges) {
    const OutcomeDiff::Route route{edge, countOf(before, edge), countOf(after, edge)};
    if (route.before != route.after) diff.routes.push_back(route);
  }
  return diff;
}

}  // namespace freshet::runtime
