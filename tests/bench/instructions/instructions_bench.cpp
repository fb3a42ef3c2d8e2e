// SPDX-License-Identifier: GPL-3.0-or-later
// instructions_bench CASE RECORDS: the hot path in one thread, for instructions.py to count. Every
// case compares what came out with a reference of its own; exit code 1 if something differs.
// instructions_bench --compiler says what built it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/liquid/template.h"
#include "core/record/json.h"
#include "plugins/redis/packed_profile.h"
#include "tests/bench/instructions/hot_path.h"
#include "tests/bench/job_j_reference.h"

namespace freshet::bench {
namespace {

constexpr std::size_t kBatch = 2000;  // what a lane polls at most

std::string contents(const std::string& file) {
  std::ifstream in(FRESHET_BENCH + ('/' + file), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Error wrong(const std::string& what) {
  return {"E-9001", what, {}, Retry::Never};
}

Result<std::unique_ptr<HotPath>> openPipeline(const std::string& folder, const std::string& file) {
  const auto project = pipeline::readProject(FRESHET_BENCH + ('/' + folder), file,
                                             contents(folder + '/' + file), {});
  if (!project) return project.error();
  return HotPath::open(*project);
}

HotEvent eventAt(const EventPlan& plan, std::uint64_t index) {
  const EventFacts facts = eventFacts(plan, index);
  HotEvent event{{}, userName(facts.user), facts.timeMs};
  writeEvent(plan, index, event.bytes);
  return event;
}

/// The place of an event in its plan, by the id in its text.
std::uint64_t indexOf(std::string_view json) {
  constexpr std::string_view kId = R"({"id":")";
  if (!json.starts_with(kId) || json.size() < kId.size() + 32) return UINT64_MAX;
  return std::strtoull(std::string(json.substr(kId.size() + 16, 16)).c_str(), nullptr, 16);
}

/// `event` is not empty; a score below 0 refuses it.
bool isRight(std::string_view out, std::string_view event, double score) {
  if (score < 0) return out == event;
  event.remove_suffix(1);
  return out.starts_with(event) && isNear(numberAt(out, "score"), score);
}

/// Job J's own pipeline: JSON, schema, profiles, score, filter, the score spliced into the event.
Status jobJ(std::uint64_t records) {
  const EventPlan plan{.events = records, .invalid = 0.02};
  const Expected expected = fold(plan);
  auto path = openPipeline("job-j", "job-j.pipeline.json");
  if (!path) return path.error();
  std::vector<HotEvent> events;
  for (std::uint64_t at = 0; at < records; at += events.size()) {
    events.clear();
    for (std::uint64_t i = at; i < std::min(records, at + kBatch); ++i)
      events.push_back(eventAt(plan, i));
    if (auto status = (*path)->process(events); !status) return status;
    for (const bool isScored : {true, false}) {
      for (const std::string_view out : (*path)->written(isScored ? "scored" : "dead-letters")) {
        const std::uint64_t index = indexOf(out);
        if (index < at || index - at >= events.size() || (expected.scores[index] >= 0) != isScored)
          return wrong("not expected: " + std::string(out));
        std::string& event = events[index - at].bytes;
        if (event.empty() || !isRight(out, event, expected.scores[index]))
          return wrong("event " + std::to_string(index) + " became " + std::string(out));
        event.clear();
      }
    }
    if (std::ranges::any_of(events, [](const HotEvent& event) { return !event.bytes.empty(); }))
      return wrong("an event did not arrive");
  }
  const auto people = (*path)->profiles("people");
  if (!people) return people.error();
  if (people->size() != expected.people.size()) return wrong("not everybody was remembered");
  for (const auto& [user, person] : expected.people) {
    const auto found = people->find("p:" + userName(user));
    if (found == people->end() || !isNear(numberAt(found->second, "score"), person.score) ||
        numberAt(found->second, "ts") != static_cast<double>(person.timeMs))
      return wrong(userName(user) + " is remembered wrongly");
  }
  return {};
}

// --- what comes again, what waits, and an e-mail

std::size_t occurrences(std::string_view text, std::string_view of) {
  std::size_t count = 0;
  for (auto at = text.find(of); at != std::string_view::npos; at = text.find(of, at + of.size()))
    ++count;
  return count;
}

/// Which e-mails basket.json sends, as "user items", without the engine.
class BasketReference {
 public:
  void take(const EventFacts& facts, std::string_view json) {
    fire(facts.user);
    const std::string_view type = kEventTypes[facts.type];
    if (json.find(R"("consent":{"email":true)") != std::string_view::npos) {
      if (type == "purchase") m_waits.erase(facts.user);
      if (type == "add_to_cart") {
        Wait& wait = m_waits[facts.user];
        wait.dueMs = facts.timeMs + kWaitMs;
        ++wait.items;
      }
    }
    m_watermark = facts.timeMs;
  }
  std::vector<std::string> finish() {
    for (const auto& [user, name] : m_users) fire(user);
    std::ranges::sort(m_emails);
    return std::move(m_emails);
  }

 private:
  static constexpr std::int64_t kWaitMs = 3000;
  struct Wait {
    std::int64_t dueMs = 0;
    std::size_t items = 0;
  };

  void fire(std::uint32_t user) {
    m_users.try_emplace(user, userName(user));
    const auto found = m_waits.find(user);
    if (found == m_waits.end() || found->second.dueMs > m_watermark) return;
    m_emails.push_back(m_users[user] + ' ' + std::to_string(found->second.items));
    m_waits.erase(found);
  }

  std::int64_t m_watermark = 0;
  std::unordered_map<std::uint32_t, Wait> m_waits;
  std::unordered_map<std::uint32_t, std::string> m_users;
  std::vector<std::string> m_emails;
};

/// Every tenth event comes twice; dedupe, filter, map, wait and its timers, e-mail.
Status basket(std::uint64_t records) {
  const EventPlan plan{.events = records};
  auto path = openPipeline("instructions", "basket.json");
  if (!path) return path.error();
  BasketReference reference;
  std::vector<std::string> emails;
  std::vector<HotEvent> events;
  for (std::uint64_t at = 0; at < records; at += events.size()) {
    events.clear();
    for (std::uint64_t i = at; i < std::min(records, at + kBatch); ++i) {
      const std::uint64_t index = i / 10 * 9 + std::min<std::uint64_t>(i % 10, 8);
      events.push_back(eventAt(plan, index));
      if (i % 10 != 9) reference.take(eventFacts(plan, index), events.back().bytes);
    }
    if (auto status = (*path)->process(events); !status) return status;
    for (const std::string_view email : (*path)->written("emails")) {
      const std::size_t to = email.find(R"("to":")");
      if (to == std::string_view::npos) return wrong("an e-mail to nobody");
      emails.push_back(std::string(email.substr(to + 6, 9)) + ' ' +
                       std::to_string(occurrences(email, "SKU-")));
    }
  }
  std::ranges::sort(emails);
  const std::vector<std::string> expected = reference.finish();
  if (emails != expected || expected.size() < records / 100)
    return wrong(std::to_string(emails.size()) + " e-mails, expected " +
                 std::to_string(expected.size()));
  return {};
}

/// The e-mail of 20 products of the Liquid bench; a record is a render.
Status email(std::uint64_t records) {
  const liquid::TemplateEnvironment env;
  const auto source = liquid::Template::parse(contents("liquid/mail.liquid"), "mail.liquid", env);
  if (!source) return source.error();
  Arena memory;
  const auto data = record::parseJson(contents("liquid/mail.json"), memory);
  if (!data) return data.error();
  double total = 0;
  const record::Value items = data->get("basket").get("items");
  for (const record::Value& item : items.asArray())
    total += item.get("price").number() * item.get("quantity").number();
  char sum[32];
  std::snprintf(sum, sizeof sum, "<b>Total %.2f EUR</b>", total);
  liquid::Renderer renderer;
  liquid::RenderOptions options;
  options.limits.wall = {};
  Arena scratch;
  std::string out;
  for (std::uint64_t i = 0; i < records; ++i) {
    Status status;
    counted([&] {
      out.clear();
      scratch.reset();
      status = renderer.render(*source, *data, scratch, out, options);
    });
    if (!status) return status;
    if (occurrences(out, "<tr class=") != items.size() || occurrences(out, sum) != 1)
      return wrong("the e-mail is not what it should be: " + out);
  }
  return {};
}

/// A profile into its value in Redis and back, of a lane's own and of a group.
Status packedProfile(std::uint64_t records) {
  const EventPlan plan{.events = records};
  Arena arena;
  std::string value;
  for (std::uint64_t i = 0; i < records; ++i) {
    const EventFacts facts = eventFacts(plan, i);
    const std::string json = R"({"score":)" + std::to_string(facts.price) + R"(,"ts":)" +
                             std::to_string(facts.timeMs) + '}';
    const auto offset = static_cast<std::int64_t>(i);
    const profile::GroupMark mark{facts.user, facts.type, i + 1, i + 2, offset, 1};
    profile::StoredProfile single;
    profile::StoredProfile grouped;
    counted([&] {
      arena.reset();
      value.assign(redis::kFormat);
      redis::appendMark(value, facts.user, facts.type, offset);
      value.append(1, '|').append(json);
      single = redis::unpack(arena.copy(value, record::kJsonPadding), arena);
      value.clear();
      redis::appendGrouped(value, mark, json, json);
      grouped = redis::unpack(arena.copy(value, record::kJsonPadding), arena);
    });
    if (single.json != json || single.applied.size() != 1 || single.applied[0].offset != offset ||
        single.applied[0].source != facts.user || single.applied[0].partition != facts.type)
      return wrong("a profile comes back changed");
    if (grouped.json != json || grouped.before != json || grouped.mark.epoch != mark.epoch ||
        grouped.mark.group != mark.group || grouped.mark.next != mark.next)
      return wrong("a group's profile comes back changed");
  }
  return {};
}

struct Case {
  std::string_view name;
  Status (*run)(std::uint64_t records);
};
constexpr Case kCases[] = {
    {"job-j", jobJ}, {"basket", basket}, {"email", email}, {"packed-profile", packedProfile}};

}  // namespace
}  // namespace freshet::bench

int main(int argc, char** argv) {
  using namespace freshet::bench;
  if (argc == 2 && std::string_view(argv[1]) == "--compiler") {
    std::printf("g++ %s\n", __VERSION__);
    return 0;
  }
  const std::uint64_t records = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  const auto* found =
      std::ranges::find(kCases, std::string_view(argc == 3 ? argv[1] : ""), &Case::name);
  if (found == std::end(kCases) || records == 0) {
    std::fprintf(stderr, "usage: instructions_bench CASE RECORDS; cases:");
    for (const Case& one : kCases) std::fprintf(stderr, " %s", one.name.data());
    std::fprintf(stderr, "\n");
    return 2;
  }
  const freshet::Status status = found->run(records);
  if (!status) std::fprintf(stderr, "%s\n", status.error().text().c_str());
  return status ? 0 : 1;
}
