// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include "core/record/json.h"
#include "plugins/http/collect/seen_ids.h"
#include "plugins/http/collect/spool.h"
#include "plugins/http/nodes.h"
#include "plugins/http/tests/raw_client.h"
#include "tests/support/fake_context.h"

namespace freshet::http {
namespace {

namespace fs = std::filesystem;
using testing::post;
using testing::RawClient;
using testing::statusOf;

constexpr TimeMs kNow = 1'790'000'000'123;  // 2026-09-21T14:13:20.123Z

std::uint16_t freePort() {
  const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(probe);
  return ntohs(address.sin_port);
}

class NoListener final : public stage::PartitionListener {
 public:
  void onAssigned(std::span<const std::int32_t>) override {}
  void onRevoked(std::span<const std::int32_t>, bool) override {}
};

struct Got {
  std::string key;
  record::OwnedValue event;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  TimeMs timeMs = 0;
  std::string text(std::string_view name) const {
    const record::Value value = event->get(name);
    return value.isString() ? std::string(value.asString()) : std::string();
  }
};

class Collect : public ::testing::Test {
 protected:
  Collect() {
    std::string name = (fs::temp_directory_path() / "freshet-collect-XXXXXX").string();
    m_folder = mkdtemp(name.data());
    m_context.stateDirectory = m_folder.string();
    m_context.now = kNow;
  }
  ~Collect() override {
    stop();
    fs::remove_all(m_folder);
  }

  /// `settings` without its braces; the address is a free port's.
  Status start(const std::string& settings = {}, std::vector<stage::Position> from = {}) {
    m_port = freePort();
    const stage::NodeType type = collectNode();
    auto given = record::OwnedValue::fromJson(R"({"listen":"127.0.0.1:)" + std::to_string(m_port) +
                                              '"' + (settings.empty() ? "" : "," + settings) + '}');
    EXPECT_TRUE(given);
    testing::FakeBuild build;
    auto source = type.makeSource(spec::Config(type.spec, *given), build);
    if (!source) return source.error();
    m_source = std::move(*source);
    m_reader = m_source->reader(0, 1);
    return m_reader->open(m_context, from, m_listener);
  }
  void stop() {
    m_reader.reset();
    m_source.reset();
  }
  std::vector<Got> poll(std::size_t atLeast = 1) {
    std::vector<Got> all;
    for (int round = 0; round < 200 && (all.size() < atLeast || round == 0); ++round) {
      Arena arena;
      auto polled = m_reader->poll(arena, 1000, 20);
      EXPECT_TRUE(polled) << polled.error().text();
      for (const auto& event : polled->events) {
        auto value = record::OwnedValue::fromJson(event.bytes);
        EXPECT_TRUE(value) << event.bytes;
        all.push_back(
            {std::string(event.key), *value, event.partition, event.offset, event.timeMs});
      }
    }
    return all;
  }
  std::string ask(std::string_view request) { return RawClient(m_port).ask(request); }
  Got one(std::string_view path, std::string_view body, std::string_view headers = {}) {
    const std::string answer = ask(post(path, body, headers));
    EXPECT_EQ(statusOf(answer), 200) << answer;
    auto got = poll();
    EXPECT_EQ(got.size(), 1U);
    return got.empty() ? Got() : got.front();
  }

  fs::path m_folder;
  testing::FakeContext m_context;
  NoListener m_listener;
  std::uint16_t m_port = 0;
  std::unique_ptr<stage::Source> m_source;
  std::unique_ptr<stage::SourceReader> m_reader;
};

TEST_F(Collect, CompletesACall) {
  ASSERT_TRUE(start());
  const Got got =
      one("/v1/track", R"({"event":"add_to_cart","userId":"u1","timestamp":"2001-01-01T00:00:00Z",)"
                       R"("writeKey":"abc","properties":{"price":14.5},"context":{"a":1}})");
  EXPECT_EQ(got.key, "u1");
  EXPECT_EQ(got.timeMs, kNow);
  EXPECT_EQ(got.text("type"), "track");
  EXPECT_EQ(got.text("timestamp"), "2026-09-21T14:13:20.123Z");
  EXPECT_EQ(got.text("originalTimestamp"), "2001-01-01T00:00:00Z");
  EXPECT_EQ(got.text("receivedAt"), "2026-09-21T14:13:20.123Z");
  EXPECT_EQ(got.event->find("writeKey"), nullptr);
  EXPECT_EQ(got.event->get("properties").get("price").asFloat(), 14.5);
  EXPECT_EQ(got.event->get("context").get("a").asInt(), 1);
  EXPECT_EQ(got.event->get("context").get("ip").asString(), "127.0.0.0");
  const std::string id = got.text("messageId");
  ASSERT_EQ(id.size(), 36U);
  EXPECT_EQ(id.substr(0, 13), "01a0c450-6c7b");
  EXPECT_EQ(id[14], '7');
}

TEST_F(Collect, KnowsEachCallByBothNames) {
  ASSERT_TRUE(start());
  for (const char* name : {"track", "identify", "page", "screen", "group", "alias"}) {
    EXPECT_EQ(one("/v1/" + std::string(name), R"({"anonymousId":"a"})").text("type"), name);
    EXPECT_EQ(one("/v1/" + std::string(name, 1), R"({"anonymousId":"a"})").text("type"), name);
  }
}

// The bytes that Segment's library for Node.js sends (@segment/analytics-node 3.1.0), but for ids.
TEST_F(Collect, TakesABatchOfSegmentsNodeLibrary) {
  ASSERT_TRUE(start(R"("writeKey":"any")"));
  const std::string common =
      R"("integrations":{},"context":{"library":{"name":"@segment/analytics-node",)"
      R"("version":"3.1.0"}},"_metadata":{"nodeVersion":"v20.20.2","jsRuntime":"node"},)";
  const std::string body =
      R"({"batch":[{"timestamp":"2026-01-05T08:00:00.000Z",)" + common +
      R"("type":"identify","traits":{"language":"nl"},"userId":"u7","messageId":"node-next-1-a"},)" +
      R"({"timestamp":"2026-01-05T08:00:00.001Z",)" + common +
      R"("event":"purchase","type":"track","properties":{"total":3},"userId":"u7",)" +
      R"("messageId":"node-next-1-b"}],"writeKey":"any","sentAt":"2026-01-05T08:00:01.000Z"})";
  const std::string request =
      "POST /v1/batch HTTP/1.1\r\nhost: 127.0.0.1:7410\r\nconnection: keep-alive\r\n"
      "Content-Type: application/json\r\nUser-Agent: analytics-node-next/latest\r\n"
      "Authorization: Basic YW55Og==\r\naccept: */*\r\naccept-language: *\r\n"
      "sec-fetch-mode: cors\r\naccept-encoding: gzip, deflate\r\ncontent-length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  const std::string answer = ask(request);
  EXPECT_EQ(statusOf(answer), 200);
  EXPECT_TRUE(answer.ends_with("{\"success\":true}\n"));
  const auto got = poll(2);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].text("type"), "identify");
  EXPECT_EQ(got[0].text("messageId"), "node-next-1-a");
  EXPECT_EQ(got[1].text("event"), "purchase");
  EXPECT_EQ(got[1].text("sentAt"), "2026-01-05T08:00:01.000Z");
  EXPECT_EQ(got[1].event->get("context").get("library").get("version").asString(), "3.1.0");
  EXPECT_EQ(got[1].event->get("context").find("ip"), nullptr);
}

TEST_F(Collect, ABatchSaysCommonThingsOnce) {
  ASSERT_TRUE(start());
  EXPECT_EQ(
      statusOf(ask(post(
          "/v1/batch",
          R"({"context":{"app":"shop","ip":"203.0.113.77"},"batch":[)"
          R"({"type":"page","userId":"u1"},)"
          R"({"type":"page","userId":"u1","context":{"app":"other","ip":"2001:db8:1:2::3"}}]})"))),
      200);
  const auto got = poll(2);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].event->get("context").get("app").asString(), "shop");
  EXPECT_EQ(got[0].event->get("context").get("ip").asString(), "203.0.113.0");
  EXPECT_EQ(got[1].event->get("context").get("app").asString(), "other");
  EXPECT_EQ(got[1].event->get("context").get("ip").asString(), "2001:db8:1::");
}

TEST_F(Collect, RefusesWhatIsNoCall) {
  ASSERT_TRUE(start(R"("writeKey":"right")"));
  const std::string key = "Authorization: Basic cmlnaHQ6\r\n";  // right:
  EXPECT_EQ(statusOf(ask(post("/v1/track", R"({"userId":"u"})"))), 401);
  EXPECT_EQ(statusOf(ask(post("/v1/track", R"({"userId":"u","writeKey":"wrong"})"))), 401);
  EXPECT_EQ(statusOf(ask(post("/v1/track", "{}", "Authorization: Basic cmlnaHR4Og==\r\n"))), 401);
  EXPECT_EQ(statusOf(ask(post("/v1/track", "{", key))), 400);
  EXPECT_EQ(statusOf(ask(post("/v1/track", "[]", key))), 400);
  EXPECT_EQ(statusOf(ask(post("/v1/batch", R"({"batch":[1]})", key))), 400);
  EXPECT_EQ(statusOf(ask(
                post("/v1/track", "a=b", "Content-Type: application/x-www-form-urlencoded\r\n"))),
            415);
  EXPECT_EQ(statusOf(ask(post("/v1/other", "{}"))), 404);
  EXPECT_EQ(statusOf(ask("GET /v1/track HTTP/1.1\r\nHost: x\r\n\r\n")), 405);
  EXPECT_TRUE(poll(0).empty());
}

TEST_F(Collect, PagesOfThisComputerMaySendOthersMayNot) {
  ASSERT_TRUE(start(R"("origins":["https://shop.example"])"));
  const auto from = [&](const std::string& origin) {
    return ask(post("/v1/track", R"({"userId":"u"})", "Origin: " + origin + "\r\n"));
  };
  for (const char* origin : {"null", "http://localhost:8000", "http://127.0.0.1:7410",
                             "http://[::1]:80", "https://shop.example"}) {
    const std::string answer = from(origin);
    EXPECT_EQ(statusOf(answer), 200) << origin;
    EXPECT_NE(answer.find("Access-Control-Allow-Origin: " + std::string(origin) + "\r\n"),
              std::string::npos);
  }
  for (const char* origin : {"https://evil.example", "http://localhost.evil.example",
                             "http://127.0.0.1.evil.example:80"}) {
    const std::string answer = from(origin);
    EXPECT_EQ(statusOf(answer), 403) << origin;
    EXPECT_EQ(answer.find("Access-Control"), std::string::npos);
  }
  const std::string preflight =
      ask("OPTIONS /v1/track HTTP/1.1\r\nHost: x\r\nOrigin: null\r\n"
          "Access-Control-Request-Method: POST\r\n\r\n");
  EXPECT_EQ(statusOf(preflight), 204);
  EXPECT_NE(preflight.find("Access-Control-Allow-Methods: POST"), std::string::npos);
}

TEST_F(Collect, ThePixelIsAlwaysAPictureAndRespectsAnObjection) {
  ASSERT_TRUE(start());
  const auto get = [&](const std::string& query, const std::string& headers = {}) {
    const std::string answer =
        ask("GET /p.gif?" + query + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
    EXPECT_EQ(statusOf(answer), 200);
    EXPECT_NE(answer.find("Content-Length: 43\r\n"), std::string::npos);
    EXPECT_NE(answer.find("Cache-Control: no-store"), std::string::npos);
    EXPECT_NE(answer.find("GIF89a"), std::string::npos);
  };
  get("userId=u1&event=a", "DNT: 1\r\n");
  get("userId=u1&event=a", "Sec-GPC: 1\r\n");
  get("userId=u1&event=a", "User-Agent: Examplebot/2.1\r\n");
  get("event=nobody");
  get("");
  get("userId=%ff&event=a");
  get("userId=u%201&event=email_open&campaign=may+one&type=track",
      "User-Agent: Mail/1\r\nReferer: https://marram.example/\r\n");
  const auto got = poll();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].key, "u 1");
  EXPECT_EQ(got[0].text("event"), "email_open");
  EXPECT_EQ(got[0].event->get("properties").get("campaign").asString(), "may one");
  EXPECT_EQ(got[0].event->get("context").get("userAgent").asString(), "Mail/1");
}

TEST_F(Collect, KeepsASendersTimeIfAskedButNoFuture) {
  ASSERT_TRUE(start(R"("keepTimestamp":true)"));
  EXPECT_EQ(one("/v1/track", R"({"userId":"u","timestamp":"2020-01-01T00:00:00Z"})").timeMs,
            1'577'836'800'000);
  EXPECT_EQ(one("/v1/track", R"({"userId":"u","timestamp":"2099-01-01T00:00:00Z"})").timeMs, kNow);
  EXPECT_EQ(one("/v1/track", R"({"userId":"u","timestamp":"soon"})").timeMs, kNow);
}

TEST_F(Collect, OnePersonsEventsStayInOrder) {
  ASSERT_TRUE(start());
  constexpr int kPeople = 20;
  constexpr int kEach = 40;
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 4; ++sender) {
    senders.emplace_back([&, sender] {
      RawClient client(m_port);
      for (int i = 0; i < kEach; ++i) {
        for (int person = sender; person < kPeople; person += 4) {
          const std::string body = R"({"event":")" + std::to_string(i) + R"(","userId":"u)" +
                                   std::to_string(person) + "\"}";
          EXPECT_EQ(statusOf(client.ask(post("/v1/track", body))), 200);
        }
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  std::map<std::string, std::vector<int>> events;
  std::map<std::string, std::set<std::int32_t>> partitions;
  std::set<std::int32_t> used;
  for (const Got& got : poll(kPeople * kEach)) {
    events[got.key].push_back(std::stoi(got.text("event")));
    partitions[got.key].insert(got.partition);
    used.insert(got.partition);
  }
  ASSERT_EQ(events.size(), static_cast<std::size_t>(kPeople));
  for (const auto& [person, order] : events) {
    EXPECT_EQ(order.size(), static_cast<std::size_t>(kEach)) << person;
    EXPECT_TRUE(std::ranges::is_sorted(order)) << person;
    EXPECT_EQ(partitions[person].size(), 1U) << person;
  }
  EXPECT_GT(used.size(), 4U);
}

TEST_F(Collect, AsksToComeBackWhenTheSpoolIsFull) {
  ASSERT_TRUE(start(R"("spoolLimit":"64 KiB")"));
  RawClient client(m_port);
  const std::string call =
      post("/v1/track", R"({"userId":"u","pad":")" + std::string(2000, 'x') + "\"}");
  int accepted = 0;
  std::string answer = client.ask(call);
  for (; statusOf(answer) == 200 && accepted < 1000; answer = client.ask(call)) ++accepted;
  EXPECT_EQ(statusOf(answer), 503);
  EXPECT_NE(answer.find("Retry-After: 2\r\n"), std::string::npos);
  auto got = poll(static_cast<std::size_t>(accepted));
  EXPECT_EQ(got.size(), static_cast<std::size_t>(accepted));
  ASSERT_TRUE(m_reader->commit(
      std::vector<stage::Position>{{got.back().partition, got.back().offset + 1}}));
  EXPECT_EQ(statusOf(client.ask(call)), 200);
}

TEST_F(Collect, WhatWasAcceptedIsReadAgainUntilItIsCommitted) {
  ASSERT_TRUE(start());
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(
        statusOf(ask(post("/v1/track", R"({"userId":"u","event":")" + std::to_string(i) + "\"}"))),
        200);
  const auto first = poll(10);
  ASSERT_EQ(first.size(), 10U);
  stop();
  ASSERT_TRUE(start({}, {{first[0].partition, first[4].offset}}));
  const auto again = poll(6);
  ASSERT_EQ(again.size(), 6U);
  EXPECT_EQ(again.front().text("event"), "4");
  stop();
  ASSERT_TRUE(m_context.stateDirectory.size() > 0);
  const stage::NodeType type = collectNode();
  testing::FakeBuild build;
  auto fresh = type.makeSource(spec::Config(type.spec, *record::OwnedValue::fromJson("{}")), build);
  ASSERT_TRUE(fresh);
  ASSERT_TRUE((*fresh)->forgetPositions(m_context));
  ASSERT_TRUE(start());
  EXPECT_TRUE(poll(0).empty());
}

TEST_F(Collect, AnEventThatIsSentAgainIsTakenOnce) {
  ASSERT_TRUE(start());
  const std::string one = R"({"userId":"u","event":"a","messageId":"m1"})";
  const std::string two = R"({"userId":"u","event":"b","messageId":"m2"})";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(statusOf(ask(post("/v1/track", one))), 200);
  const std::string batch = R"({"batch":[)" + one + ',' + two + ',' + two + "]}";
  EXPECT_EQ(statusOf(ask(post("/v1/batch", batch))), 200);
  // Another person's, and those without an id, are others.
  EXPECT_EQ(statusOf(ask(post("/v1/track", R"({"userId":"v","messageId":"m1"})"))), 200);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(statusOf(ask(post("/v1/track", R"({"userId":"w"})"))), 200);
  std::multiset<std::string> people;
  const auto got = poll(5);
  for (const Got& each : got) people.insert(each.key);
  EXPECT_EQ(people, (std::multiset<std::string>{"u", "u", "v", "w", "w"}));
  std::map<std::int32_t, std::int64_t> ends;
  for (const Got& each : got) ends[each.partition] = each.offset + 1;
  std::vector<stage::Position> done;
  for (const auto& [partition, end] : ends) done.push_back({partition, end});
  stop();
  // As after a kill behind the sync of m2: its id was not kept yet, but the event is there.
  fs::remove(m_folder / "website-events" / m_context.nodeId() / "ids");
  ASSERT_TRUE(start({}, done));
  EXPECT_EQ(statusOf(ask(post("/v1/batch", batch))), 200);
  EXPECT_TRUE(poll(0).empty());
}

TEST(SeenIds, keepsTheNewestAcrossProcesses) {
  std::string folder = (fs::temp_directory_path() / "freshet-ids-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const auto id = [](std::size_t number) { return SeenIds::of("p", std::to_string(number)); };
  const std::size_t beyond = 100;
  {
    auto ids = SeenIds::open(folder);
    ASSERT_TRUE(ids) << ids.error().text();
    EXPECT_EQ((*ids)->claim(id(0)), SeenIds::Claim::New);
    EXPECT_EQ((*ids)->claim(id(0)), SeenIds::Claim::UnderWay);
    (*ids)->forget(std::vector{id(0)});
    EXPECT_EQ((*ids)->claim(id(0)), SeenIds::Claim::New);
    for (std::size_t i = 0; i < SeenIds::kCount + beyond; ++i) (*ids)->keep(std::vector{id(i)});
  }
  auto ids = SeenIds::open(folder);
  ASSERT_TRUE(ids);
  EXPECT_EQ((*ids)->claim(id(beyond - 1)), SeenIds::Claim::New) << "the oldest make room";
  EXPECT_EQ((*ids)->claim(id(beyond)), SeenIds::Claim::Safe);
  EXPECT_EQ((*ids)->claim(id(SeenIds::kCount + beyond - 1)), SeenIds::Claim::Safe);
  EXPECT_TRUE((*ids)->areSafe(std::vector{id(beyond), id(beyond + 1)}));
  EXPECT_FALSE((*ids)->areSafe(std::vector{id(beyond), id(beyond - 1)}));
  fs::remove_all(folder);
}

TEST_F(Collect, NothingThatWasAcceptedIsLostInAKill) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const bool isOpen = start().ok();
    const std::uint16_t port = isOpen ? m_port : std::uint16_t{0};
    if (::write(ready[1], &port, sizeof port) != sizeof port) _exit(1);
    while (true) ::pause();
  }
  std::uint16_t port = 0;
  ASSERT_EQ(::read(ready[0], &port, sizeof port), static_cast<ssize_t>(sizeof port));
  ASSERT_NE(port, 0);
  std::mutex mutex;
  std::set<std::string> accepted;
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 4; ++sender) {
    senders.emplace_back([&, sender] {
      RawClient client(port);
      for (int i = 0;; ++i) {
        const std::string id = std::to_string(sender) + "-" + std::to_string(i);
        const std::string body = R"({"userId":"u)" + id + R"(","messageId":")" + id + "\"}";
        if (statusOf(client.ask(post("/v1/track", body))) != 200) return;
        const std::scoped_lock lock(mutex);
        accepted.insert(id);
      }
    });
  }
  const auto isEnough = [&] {
    const std::scoped_lock lock(mutex);
    return accepted.size() >= 300;
  };
  const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!isEnough() && std::chrono::steady_clock::now() < giveUp)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (std::thread& sender : senders) sender.join();
  ::close(ready[0]);
  ::close(ready[1]);
  ASSERT_GE(accepted.size(), 300U);
  ASSERT_TRUE(start());
  std::set<std::string> stored;
  for (const Got& got : poll(accepted.size())) {
    EXPECT_TRUE(stored.insert(got.text("messageId")).second) << "twice";
  }
  EXPECT_TRUE(std::ranges::includes(stored, accepted));
  EXPECT_LE(stored.size(), accepted.size() + senders.size());
}

TEST_F(Collect, ShowsAShopIfTheProjectHasOne) {
  ASSERT_TRUE(start());
  EXPECT_EQ(statusOf(ask("GET /shop HTTP/1.1\r\nHost: x\r\n\r\n")), 404);
  stop();
  m_context.projectFiles["shop/products.json"] =
      R"([{"id":"mug","name":{"en":"</script><b>Mug"},"price":14.5,"picture":"mug.png"}])";
  m_context.projectFiles["shop/people.ndjson"] =
      "{\"id\":\"u1\",\"name\":\"Zoë\",\"email\":\"zoe@example.com\"}\n";
  m_context.projectFiles["images/mug.png"] = "\x89PNG picture";
  ASSERT_TRUE(start());
  const std::string page = ask("GET /shop HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(statusOf(page), 200);
  EXPECT_NE(page.find(R"({"id":"u1","name":"Zoë"})"), std::string::npos);
  EXPECT_EQ(page.find("zoe@example.com"), std::string::npos);
  EXPECT_EQ(page.find("</script><b>"), std::string::npos);
  EXPECT_TRUE(ask("GET /shop/images/mug.png HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("PNG picture"));
  EXPECT_EQ(statusOf(ask("GET /shop/images/../people.ndjson HTTP/1.1\r\nHost: x\r\n\r\n")), 404);
}

TEST_F(Collect, ADryRunLeavesNothingBehind) {
  m_context.stateDirectory.clear();
  ASSERT_TRUE(start());
  EXPECT_EQ(one("/v1/track", R"({"userId":"u"})").key, "u");
}

TEST_F(Collect, NamesAnAddressThatIsNone) {
  const stage::NodeType type = collectNode();
  testing::FakeBuild build;
  const auto made = type.makeSource(
      spec::Config(type.spec, *record::OwnedValue::fromJson(R"({"listen":"7410"})")), build);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "listen");
}

TEST_F(Collect, NamesTheAddressThatIsTaken) {
  ASSERT_TRUE(start());
  const stage::NodeType type = collectNode();
  testing::FakeBuild build;
  auto other = type.makeSource(
      spec::Config(type.spec, *record::OwnedValue::fromJson(R"({"listen":"127.0.0.1:)" +
                                                            std::to_string(m_port) + "\"}")),
      build);
  ASSERT_TRUE(other);
  testing::FakeContext context;
  auto reader = (*other)->reader(0, 1);
  const auto status = reader->open(context, {}, m_listener);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "E-3402");
  EXPECT_EQ(status.error().where, "node/listen");
}

TEST_F(Collect, NeedsAClockThatGoes) {
  m_context.now = INT64_MAX / 4;
  const auto status = start();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "E-3405");
}

}  // namespace
}  // namespace freshet::http
