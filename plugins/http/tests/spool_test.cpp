// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/collect/spool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

namespace freshet::http {
namespace {

namespace fs = std::filesystem;

class SpoolTest : public ::testing::Test {
 protected:
  SpoolTest() {
    std::string name = (fs::temp_directory_path() / "freshet-spool-XXXXXX").string();
    m_folder = mkdtemp(name.data());
  }
  ~SpoolTest() override { fs::remove_all(m_folder); }

  std::shared_ptr<Spool> open(std::uint64_t most = 1 << 30) {
    auto spool = Spool::open(m_folder.string(), most);
    EXPECT_TRUE(spool) << spool.error().text();
    return spool ? *spool : nullptr;
  }
  static Spool::Outcome put(Spool& spool, int partition, const std::string& bytes) {
    const Spool::Entry entry{partition, "key", bytes, 7};
    std::promise<Spool::Outcome> outcome;
    spool.append({&entry, 1}, [&](Spool::Outcome happened) { outcome.set_value(happened); });
    return outcome.get_future().get();
  }
  std::vector<std::string> read(Spool& spool, int partition, std::size_t most = 10'000) {
    Arena arena;
    std::vector<stage::Polled::Event> events;
    const auto status = spool.read(partition, most, arena, events);
    EXPECT_TRUE(status) << status.error().text();
    std::vector<std::string> out;
    for (const auto& event : events) {
      out.emplace_back(event.bytes);
      m_lastOffset = event.offset;
    }
    return out;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(m_folder), fs::directory_iterator()));
  }
  fs::path onlyFile() const { return fs::directory_iterator(m_folder)->path(); }

  fs::path m_folder;
  std::int64_t m_lastOffset = -1;
};

TEST_F(SpoolTest, GivesBackInOrderWhatItTook) {
  const auto spool = open();
  ASSERT_TRUE(spool->begin(3, 0));
  for (const char* text : {"one", "two", "three"})
    EXPECT_EQ(put(*spool, 3, text), Spool::Outcome::Stored);
  EXPECT_EQ(read(*spool, 3, 2), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(read(*spool, 3), std::vector<std::string>{"three"});
  EXPECT_TRUE(read(*spool, 3).empty());
  EXPECT_EQ(m_lastOffset, 2);
}

TEST_F(SpoolTest, GoesOnBehindTheCheckpointAfterARestart) {
  {
    const auto spool = open();
    for (int i = 0; i < 100; ++i) put(*spool, 0, std::to_string(i));
  }
  const auto spool = open();
  ASSERT_TRUE(spool->begin(0, 40));
  put(*spool, 0, "100");
  const auto rest = read(*spool, 0);
  ASSERT_EQ(rest.size(), 61U);
  EXPECT_EQ(rest.front(), "40");
  EXPECT_EQ(rest.back(), "100");
  EXPECT_EQ(m_lastOffset, 100);
}

TEST_F(SpoolTest, RemovesSegmentsThatAreDone) {
  const auto spool = open(1 << 20);  // segments of 32 KiB
  ASSERT_TRUE(spool->begin(0, 0));
  const std::string bytes(10'000, 'x');
  for (int i = 0; i < 20; ++i) put(*spool, 0, bytes);
  EXPECT_EQ(files(), 5U);
  EXPECT_EQ(read(*spool, 0).size(), 20U);
  spool->release(0, 13);
  EXPECT_EQ(files(), 2U);
  spool->release(0, 20);
  EXPECT_EQ(files(), 1U);
  EXPECT_LT(spool->bytes(), 64U << 10);
}

TEST_F(SpoolTest, RefusesBeyondItsLimitAndTakesAgainLater) {
  const auto spool = open(256 << 10);
  ASSERT_TRUE(spool->begin(0, 0));
  const std::string bytes(1000, 'x');
  int stored = 0;
  Spool::Outcome outcome = Spool::Outcome::Stored;
  while (outcome == Spool::Outcome::Stored && stored < 10'000) {
    outcome = put(*spool, 0, bytes);
    stored += outcome == Spool::Outcome::Stored ? 1 : 0;
  }
  EXPECT_EQ(outcome, Spool::Outcome::Full);
  EXPECT_EQ(read(*spool, 0).size(), static_cast<std::size_t>(stored));
  spool->release(0, stored);
  EXPECT_EQ(put(*spool, 0, bytes), Spool::Outcome::Stored);
}

TEST_F(SpoolTest, CutsOffATornEnd) {
  {
    const auto spool = open();
    for (int i = 0; i < 3; ++i) put(*spool, 5, "event " + std::to_string(i));
  }
  const auto size = fs::file_size(onlyFile());
  for (std::uintmax_t cut = 1; cut < 20; ++cut) {
    SCOPED_TRACE(cut);
    fs::resize_file(onlyFile(), size - cut);
    const auto spool = open();
    ASSERT_TRUE(spool->begin(5, 0));
    EXPECT_EQ(read(*spool, 5), (std::vector<std::string>{"event 0", "event 1"}));
    EXPECT_EQ(put(*spool, 5, "event 2"), Spool::Outcome::Stored);
    EXPECT_EQ(read(*spool, 5), std::vector<std::string>{"event 2"});
  }
}

TEST_F(SpoolTest, NamesADamagedFileThatIsNotTheNewest) {
  {
    const auto spool = open(1 << 20);
    for (int i = 0; i < 8; ++i) put(*spool, 0, std::string(10'000, 'x'));
  }
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(m_folder)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  ASSERT_GE(paths.size(), 2U);
  std::fstream file(paths.front(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(5000);
  file.put('y');
  file.close();
  const auto spool = Spool::open(m_folder.string(), 1 << 20);
  ASSERT_FALSE(spool);
  EXPECT_EQ(spool.error().code, "E-3404");
  EXPECT_EQ(spool.error().where, paths.front().string());
}

TEST_F(SpoolTest, NumbersGoOnIfTheFolderWasDeleted) {
  const auto spool = open();
  ASSERT_TRUE(spool->begin(0, 500));
  put(*spool, 0, "new");
  EXPECT_EQ(read(*spool, 0), std::vector<std::string>{"new"});
  EXPECT_EQ(m_lastOffset, 500);
}

TEST_F(SpoolTest, WithoutAFolderItIsMemory) {
  const auto spool = *Spool::open({}, 1 << 20);
  ASSERT_TRUE(spool->begin(0, 0));
  for (int i = 0; i < 2000; ++i) {
    ASSERT_EQ(put(*spool, 0, std::string(1000, 'x')), Spool::Outcome::Stored);
    read(*spool, 0);
    spool->release(0, m_lastOffset + 1);
  }
  EXPECT_EQ(m_lastOffset, 1999);
}

}  // namespace
}  // namespace freshet::http
