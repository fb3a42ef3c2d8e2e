// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/record_words.h"

#include <QDateTime>
#include <algorithm>
#include <map>

#include "core/record/json.h"

namespace freshet::bridge {

using host::TappedRecord;
using record::Member;
using record::Value;

namespace {

constexpr std::size_t kLongText = 60;

QString text(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

bool isTelling(const Value& value) {
  if (value.isString()) return value.size() <= kLongText;
  return value.isNumber() || value.isBool();
}

// Ids and times are in every event and tell nobody anything; the first columns show who and when.
bool isNoise(std::string_view name) {
  static constexpr std::string_view kNoise[] = {
      "messageId",  "timestamp",   "sentAt", "receivedAt", "originalTimestamp",
      "userId",     "anonymousId", "type",   "id",         "email",
      "first_name", "last_name",   "name"};
  return std::find(std::begin(kNoise), std::end(kNoise), name) != std::end(kNoise) ||
         name.ends_with("_id") || name.ends_with("_at") || name.ends_with("At");
}

// "candle.png": says less than the name beside it.
bool isFileName(const Value& value) {
  if (!value.isString() || value.asString().find(' ') != std::string_view::npos) return false;
  const std::size_t dot = value.asString().rfind('.');
  return dot != std::string_view::npos && dot > 0 && value.size() - dot <= 5;
}

struct Seen {
  FieldPath path;
  int weight = 0;
  std::size_t count = 0;
  std::size_t order = 0;
};

// What happened, with what, how much; then what the steps know; then the rest of the event.
int weightOf(const Member& member, const FieldPath& at, bool isProperty) {
  if (isProperty) return member.key == "name" ? 4 : member.value.isNumber() ? 3 : 1;
  if (at.front() != "event") return 2;
  return member.key == "event" ? 5 : 0;
}

void collect(const Value& object, const FieldPath& at, std::map<std::string, Seen>& seen) {
  if (!object.isObject()) return;
  for (const Member& member : object.asObject()) {
    FieldPath path = at;
    path.emplace_back(member.key);
    const bool isProperty = at.size() == 2;
    if (member.value.isObject() && path.size() == 2 && path[1] == "properties") {
      collect(member.value, path, seen);
      continue;
    }
    if (!isTelling(member.value) || isFileName(member.value) ||
        (isNoise(member.key) && !(isProperty && member.key == "name")))
      continue;
    std::string key;
    for (const std::string& part : path) key += part + '\n';
    Seen& one = seen[key];
    if (one.count++ == 0) one.order = seen.size();
    one.path = std::move(path);
    one.weight = weightOf(member, at, isProperty);
  }
}

}  // namespace

QString personOf(const TappedRecord& record) {
  for (const Member& section :
       record.sections->isObject() ? record.sections->asObject() : std::span<const Member>()) {
    const Value first = section.value.get("first_name");
    const Value last = section.value.get("last_name");
    if (first.isString() && first.size() > 0)
      return (text(first.asString()) + u' ' + (last.isString() ? text(last.asString()) : QString()))
          .trimmed();
  }
  return text(record.key);
}

QString clockTime(TimeMs timeMs) {
  return QDateTime::fromMSecsSinceEpoch(timeMs).toString(QStringLiteral("HH:mm:ss"));
}

QString shortValue(const Value& value) {
  if (value.isNil()) return QStringLiteral("–");
  if (value.isString()) return text(value.asString().substr(0, 400)).simplified();
  if (value.isArray()) return QStringLiteral("[%1]").arg(value.size());
  if (value.isObject()) return QStringLiteral("{%1}").arg(value.size());
  if (value.isFloat()) return QString::number(value.asFloat(), 'g', 6);
  return text(record::toJson(value));
}

bool mentions(const TappedRecord& record, const QString& words) {
  if (words.isEmpty() || personOf(record).contains(words, Qt::CaseInsensitive)) return true;
  return text(record::toJson(*record.sections)).contains(words, Qt::CaseInsensitive);
}

Value valueAt(const TappedRecord& record, const FieldPath& path) {
  Value value = *record.sections;
  for (const std::string& part : path) value = value.get(part);
  return value;
}

std::vector<FieldPath> tellingFields(const std::vector<TappedRecord>& records, std::size_t most) {
  std::map<std::string, Seen> seen;
  for (const TappedRecord& record : records) {
    if (!record.sections->isObject()) continue;
    for (const Member& section : record.sections->asObject())
      collect(section.value, {std::string(section.key)}, seen);
  }
  std::vector<Seen> found;
  for (auto& [key, one] : seen)
    if (one.count * 10 >= records.size()) found.push_back(std::move(one));
  std::sort(found.begin(), found.end(), [](const Seen& a, const Seen& b) {
    return std::tie(b.weight, b.count, a.order) < std::tie(a.weight, a.count, b.order);
  });
  std::vector<FieldPath> paths;
  for (Seen& one : found)
    if (paths.size() < most) paths.push_back(std::move(one.path));
  return paths;
}

}  // namespace freshet::bridge
