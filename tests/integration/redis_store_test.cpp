// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/redis/redis_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "core/base/clock.h"

namespace freshet::redis {
namespace {

using profile::ProfileWrite;
using profile::StoredProfile;

std::string realAddress() {
  const char* url = std::getenv("FRESHET_REDIS");
  return url ? url : "";
}

std::shared_ptr<profile::ProfileStore> openStore(const std::string& url, const std::string& prefix,
                                                 const std::string& timeout = "2 s") {
  const auto settings =
      record::OwnedValue::fromJson(R"({"type":"redis","url":")" + url + R"(","prefix":")" + prefix +
                                   R"(","timeout":")" + timeout + "\"}");
  auto store = profileStoreType().open(*settings);
  EXPECT_TRUE(store.ok()) << store.error().text();
  return store.ok() ? *store : nullptr;
}

class RedisStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    static std::atomic<int> count{0};
    prefix = "test-" + std::to_string(getpid()) + '-' + std::to_string(count++) + ':';
    store = openStore(realAddress(), prefix);
    ASSERT_TRUE(store);
  }
  StoredProfile get(std::string_view key) { return get(*store, key); }
  StoredProfile get(profile::ProfileStore& from, std::string_view key) {
    StoredProfile stored;
    const Status status = from.read({&key, 1}, {&stored, 1}, arena);
    EXPECT_TRUE(status.ok()) << status.error().text();
    return stored;
  }
  void put(const ProfileWrite& write) {
    const Status status = store->write({&write, 1});
    EXPECT_TRUE(status.ok()) << status.error().text();
  }

  /// One command by a connection of its own.
  void tell(std::initializer_list<std::string_view> words, std::string* answer = nullptr) {
    auto link = Link::open(*parseAddress(realAddress()), 2000);
    ASSERT_TRUE(link.ok());
    (*link)->begin(words.size());
    for (const std::string_view word : words) (*link)->add(word);
    ASSERT_TRUE((*link)->send().ok());
    auto reply = (*link)->receive(arena);
    ASSERT_TRUE(reply.ok());
    if (answer) *answer = (*reply)->leaves.at(0).text;
  }

  std::string prefix;
  std::shared_ptr<profile::ProfileStore> store;
  Arena arena;
};

TEST_F(RedisStoreTest, readsWhatItWroteAndNothingElse) {
  put({"ada", R"({"score":1})", 2, 17, 0xabcdef});
  const StoredProfile ada = get("ada");
  EXPECT_EQ(ada.json, R"({"score":1})");
  ASSERT_EQ(ada.applied.size(), 1u);
  EXPECT_EQ(ada.applied[0].source, 0xabcdefu);
  EXPECT_EQ(ada.applied[0].partition, 2);
  EXPECT_EQ(ada.applied[0].offset, 17);
  for (std::size_t i = 0; i < record::kJsonPadding; ++i) {
    EXPECT_EQ(ada.json.data()[ada.json.size() + i], '\0');
  }
  EXPECT_EQ(get("eve").json, "");
  EXPECT_TRUE(get("eve").applied.empty());
}

TEST_F(RedisStoreTest, anOlderWriteOfThePartitionChangesNothing) {
  put({"ada", "12", 0, 12, 1});
  put({"ada", "10", 0, 10, 1});
  EXPECT_EQ(get("ada").json, "12");
  put({"ada", "twelve", 0, 12, 1});
  EXPECT_EQ(get("ada").json, "12");
  put({"ada", "13", 0, 13, 1});
  EXPECT_EQ(get("ada").json, "13");
}

TEST_F(RedisStoreTest, offsetsOfOtherPartitionsAndSourcesAreNotCompared) {
  put({"ada", "a", 0, 1000, 1});
  put({"ada", "b", 1, 5, 1});
  EXPECT_EQ(get("ada").json, "b");
  put({"ada", "c", 0, 3, 2});
  EXPECT_EQ(get("ada").json, "c");
  put({"ada", "old", 0, 999, 1});
  EXPECT_EQ(get("ada").json, "c");
  EXPECT_EQ(get("ada").applied.size(), 3u);
  put({"ada", "d", 0, 4, 2});
  EXPECT_EQ(get("ada").applied.size(), 3u);
  EXPECT_EQ(get("ada").applied[2].offset, 4);
}

TEST_F(RedisStoreTest, oldEventsBesideAGroupChangeOnlyWhatItHasNotSeen) {
  const auto epoch = store->fence(7, 3, 0);
  ASSERT_TRUE(epoch.ok());
  put({"ada", "12", 3, -1, 0, {7, 3, *epoch, 1, 13, 0}, "9"});
  put({"ada", "10", 3, 10, 7});
  put({"ada", "12 again", 3, 12, 7});
  EXPECT_EQ(get("ada").json, "12");
  EXPECT_EQ(get("ada").before, "9");
  put({"ada", "13", 3, 13, 7});
  EXPECT_EQ(get("ada").json, "13");
  put({"ada", "other", 0, 1, 8});
  put({"ada", "13 again", 3, 13, 7});
  EXPECT_EQ(get("ada").json, "other") << "what another source wrote keeps how far the group came";
}

TEST_F(RedisStoreTest, aWorkerThatLostItsPartitionIsFenced) {
  const auto first = store->fence(7, 3, 0);
  const auto second = store->fence(7, 3, 0);
  ASSERT_TRUE(first.ok() && second.ok());
  const ProfileWrite late{"ada", "late", 3, -1, 0, {7, 3, *first, 1, 5, 0}, ""};
  const Status status = store->write({&late, 1});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, profile::kFencedCode) << status.error().text();
  EXPECT_EQ(get("ada").json, "");
}

TEST_F(RedisStoreTest, lostWritesAreNoticedAndAcceptedOnceRebuilt) {
  const std::string key = prefix + "freshet:fence:7:3";
  const auto epoch = store->fence(7, 3, 0);
  ASSERT_TRUE(epoch.ok());
  const auto writeOf = [&](std::string_view json, std::uint64_t of) {
    return ProfileWrite{"ada", json, 3, -1, 0, {7, 3, of, 1, 5, 0}, ""};
  };
  put(writeOf("1", *epoch));
  std::string older;
  tell({"GET", key}, &older);
  put(writeOf("2", *epoch));
  const std::uint64_t committed = store->arrived(7, 3);
  EXPECT_GT(committed, *epoch);
  tell({"SET", key, older});
  const ProfileWrite next = writeOf("3", *epoch);
  Status status = store->write({&next, 1});
  ASSERT_FALSE(status.ok()) << "the connection stays, so only the fence tells";
  EXPECT_EQ(status.error().code, profile::kFencedCode) << "the group is given up";
  EXPECT_EQ(get("ada").json, "2");

  for (const bool isGone : {false, true}) {
    if (isGone) tell({"DEL", key});
    const auto again = store->fence(7, 3, committed);
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, "E-3207") << again.error().text();
    EXPECT_EQ(again.error().retry, Retry::Fatal);
    EXPECT_NE(again.error().text().find("partition 3"), std::string::npos);
  }
  ASSERT_TRUE(store->rebuilt(7, 4).ok());
  EXPECT_FALSE(store->fence(7, 3, committed).ok()) << "another partition was rebuilt";
  ASSERT_TRUE(store->rebuilt(7, 3).ok());
  const auto rebuilt = store->fence(7, 3, committed);
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().text();
  put(writeOf("4", *rebuilt));
  EXPECT_EQ(get("ada").json, "4");
  EXPECT_TRUE(store->fence(7, 3, store->arrived(7, 3)).ok());
}

TEST_F(RedisStoreTest, largestNumbersSurvive) {
  put({"ada", "1", INT32_MAX, INT64_MAX - 1, UINT64_MAX});
  put({"ada", "2", INT32_MAX, INT64_MAX - 2, UINT64_MAX});
  EXPECT_EQ(get("ada").json, "1");
  EXPECT_EQ(get("ada").applied[0].offset, INT64_MAX - 1);
  EXPECT_EQ(get("ada").applied[0].source, UINT64_MAX);
  put({"ada", "3", INT32_MAX, INT64_MAX, UINT64_MAX});
  EXPECT_EQ(get("ada").json, "3");
}

TEST_F(RedisStoreTest, anImportKeepsWhatHasBeenApplied) {
  put({"ada", "by event", 0, 12, 1});
  put({"ada", "by hand"});
  EXPECT_EQ(get("ada").json, "by hand");
  put({"ada", "replay", 0, 12, 1});
  EXPECT_EQ(get("ada").json, "by hand");
}

TEST_F(RedisStoreTest, theSameKeyTwiceInACallKeepsTheOrder) {
  const ProfileWrite writes[] = {{"ada", "12", 0, 12, 1},
                                 {"ada", "10", 0, 10, 1},
                                 {"bob", "1", 0, 1, 1},
                                 {"bob", "2", 0, 2, 1}};
  ASSERT_TRUE(store->write(writes).ok());
  EXPECT_EQ(get("ada").json, "12");
  EXPECT_EQ(get("bob").json, "2");
}

TEST_F(RedisStoreTest, anyBytesAreSafe) {
  const std::string key("a\0b\r\n$5\r\n\xff", 11);
  const std::string json("{\"x\":\"|f1|\r\n\0\"}", 16);
  put({key, json, 0, 1, 1});
  EXPECT_EQ(get(key).json, json);
}

TEST_F(RedisStoreTest, manyKeysGoInOneCall) {
  constexpr int kCount = 3001;
  std::vector<std::string> keys(kCount);
  std::vector<std::string> values(kCount);
  std::vector<ProfileWrite> writes;
  std::vector<std::string_view> views;
  for (int i = 0; i < kCount; ++i) {
    const auto at = static_cast<std::size_t>(i);
    keys[at] = "k" + std::to_string(i);
    values[at] = std::string(static_cast<std::size_t>(i), 'v');
    writes.push_back({keys[at], values[at], 0, i, 1});
    views.push_back(keys[at]);
  }
  ASSERT_TRUE(store->write(writes).ok());
  std::vector<StoredProfile> stored(views.size());
  ASSERT_TRUE(store->read(views, stored, arena).ok());
  for (std::size_t i = 0; i < views.size(); ++i) EXPECT_EQ(stored[i].json, values[i]);
}

TEST_F(RedisStoreTest, scanVisitsEachOnceAndOnlyItsPrefix) {
  for (int i = 0; i < 50; ++i) put({"k" + std::to_string(i), std::to_string(i)});
  auto other = openStore(realAddress(), prefix + "other*:");
  const ProfileWrite write{"alone", "1"};
  ASSERT_TRUE(other->write({&write, 1}).ok());
  std::map<std::string, std::string> seen;
  ASSERT_TRUE(store
                  ->scan(1000,
                         [&](std::string_view key, std::string_view json) {
                           EXPECT_TRUE(seen.emplace(key, json).second);
                           return true;
                         })
                  .ok());
  EXPECT_EQ(seen.size(), 51u);
  EXPECT_EQ(seen["k7"], "7");
  int visits = 0;
  ASSERT_TRUE(other
                  ->scan(5,
                         [&](std::string_view key, std::string_view) {
                           EXPECT_EQ(key, "alone");
                           ++visits;
                           return true;
                         })
                  .ok());
  EXPECT_EQ(visits, 1);
  visits = 0;
  ASSERT_TRUE(store->scan(10, [&](auto, auto) { return ++visits < 3; }).ok());
  EXPECT_EQ(visits, 3);
}

TEST_F(RedisStoreTest, lanesWriteSideBySide) {
  std::vector<std::thread> lanes;
  for (int lane = 0; lane < 4; ++lane) {
    lanes.emplace_back([&, lane] {
      for (std::int64_t offset = 0; offset < 200; ++offset) {
        const std::string json = std::to_string(offset);
        const std::string key = "lane" + std::to_string(lane);
        const ProfileWrite writes[] = {{key, json, lane, offset, 1},
                                       {"all", json, lane, offset, 1}};
        EXPECT_TRUE(store->write(writes).ok());
      }
    });
  }
  for (std::thread& lane : lanes) lane.join();
  for (int lane = 0; lane < 4; ++lane) EXPECT_EQ(get("lane" + std::to_string(lane)).json, "199");
  EXPECT_EQ(get("all").applied.size(), 4u);
  for (const auto& position : get("all").applied) EXPECT_EQ(position.offset, 199);
}

TEST_F(RedisStoreTest, bareJsonFromElsewhereIsAProfile) {
  auto address = parseAddress(realAddress());
  auto link = Link::open(*address, 2000);
  ASSERT_TRUE(link.ok());
  (*link)->begin(3);
  for (const std::string& word : {std::string("SET"), prefix + "ada", std::string(R"({"x":1})")}) {
    (*link)->add(word);
  }
  ASSERT_TRUE((*link)->send().ok());
  ASSERT_TRUE((*link)->receive(arena).ok());
  EXPECT_EQ(get("ada").json, R"({"x":1})");
  put({"ada", R"({"x":2})", 0, 0, 1});
  EXPECT_EQ(get("ada").json, R"({"x":2})");
}

TEST_F(RedisStoreTest, anAnswerThatComesTooLateIsNobodyElses) {
  put({"ada", "1", 0, 1, 1});
  put({"bob", "2", 0, 1, 1});
  const auto hasty = openStore(realAddress(), prefix, "300 ms");
  EXPECT_EQ(get(*hasty, "ada").json, "1");
  tell({"CLIENT", "PAUSE", "450", "ALL"});
  EXPECT_EQ(get(*hasty, "ada").json, "1") << "by a connection of its own: the first is given up";
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(get(*hasty, "bob").json, "2");
    EXPECT_EQ(get(*hasty, "ada").json, "1");
  }
}

TEST_F(RedisStoreTest, aForgottenScriptIsSentAgain) {
  put({"ada", "1", 0, 1, 1});
  tell({"SCRIPT", "FLUSH"});
  put({"ada", "2", 0, 2, 1});
  put({"ada", "1", 0, 1, 1});
  EXPECT_EQ(get("ada").json, "2");
}

TEST_F(RedisStoreTest, aWrongPasswordIsToldApart) {
  std::string url = realAddress();
  url.insert(url.find("://") + 3, "nobody:secret@");
  const auto settings = record::OwnedValue::fromJson(R"({"url":")" + url + "\"}");
  auto refused = profileStoreType().open(*settings);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "E-3204");
  EXPECT_EQ(refused.error().message.find("secret"), std::string::npos);
}

/// A Redis server of this test's own, for killing.
class OwnServer {
 public:
  OwnServer() {
    std::string pattern = std::filesystem::temp_directory_path() / "freshet-redis-XXXXXX";
    m_folder = mkdtemp(pattern.data());
    start();
  }
  ~OwnServer() {
    call("stop --remove");
    std::filesystem::remove_all(m_folder);
  }
  void start() {
    call("start --only redis > " + m_folder + "/address");
    std::ifstream in(m_folder + "/address");
    std::getline(in, url);
    url.erase(0, url.find('=') + 1);
  }
  void stop() { call("stop --only redis"); }

  std::string url;

 private:
  void call(const std::string& what) {
    const std::string command = std::string(PYTHON) + ' ' + SERVICES_SCRIPT + ' ' + what;
    const std::size_t at = command.find(" > ");
    const std::string data = " --data " + m_folder + " 2>/dev/null";
    const std::string full = at == std::string::npos
                                 ? command + data
                                 : command.substr(0, at) + data + command.substr(at);
    EXPECT_EQ(std::system(full.c_str()), 0) << full;
  }
  std::string m_folder;
};

TEST_F(RedisStoreTest, outlivesARestartOfTheServer) {
  OwnServer server;
  auto own = openStore(server.url, "");
  ASSERT_TRUE(own);
  ProfileWrite write{"ada", "1", 0, 1, 1};
  ASSERT_TRUE(own->write({&write, 1}).ok());
  server.stop();
  write = {"ada", "2", 0, 2, 1};
  Status status = own->write({&write, 1});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().retry, Retry::Later);
  EXPECT_EQ(status.error().code, "E-3201");
  server.start();
  const std::int64_t until = monotonicNs() + 10'000'000'000;
  do {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    status = own->write({&write, 1});
  } while (!status && monotonicNs() < until);
  ASSERT_TRUE(status.ok()) << status.error().text();
  EXPECT_EQ(get(*own, "ada").json, "2");
  // A connection that rested while the server was away is replaced without a word.
  server.stop();
  server.start();
  EXPECT_EQ(get(*own, "ada").json, "2");
}

}  // namespace
}  // namespace freshet::redis
