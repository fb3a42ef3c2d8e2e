// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/recording.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "core/base/crc32.h"
#include "core/runtime/lane_recorder.h"

namespace freshet::runtime {
namespace {

namespace fs = std::filesystem;

class RecordingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "freshet-rec-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_folder = pattern;
    m_file = (m_folder / "r").string();
  }
  void TearDown() override { fs::remove_all(m_folder); }

  /// Two lanes with `batches` batches each, a block a batch.
  void write(int batches) {
    RecordingHead head{
        "p.pipeline.json", "abc", 7, 5, {{"a", "text"}, {"b", std::string(3, '\0')}}};
    auto writer = RecordingWriter::create(m_file, head);
    ASSERT_TRUE(writer.ok()) << writer.error().text();
    LaneRecorder lanes[] = {{*writer, 0}, {*writer, 1}};
    for (int i = 0; i < batches; ++i) {
      for (LaneRecorder& lane : lanes) {
        const record::Header headers[] = {{"h", std::string_view("\0x", 2)}};
        record::Origin origin;
        origin.bytes = "{\"n\":1}";
        origin.key = std::string_view("k\0", 2);
        origin.headers = headers;
        origin.partition = 3;
        origin.offset = i;
        origin.timeMs = -5;
        origin.arrivedMs = 1000 + i;
        record::Origin* const events[] = {&origin};
        lane.batch("in", events);
        ASSERT_TRUE(lane.flush(true).ok());
      }
    }
  }
  std::string bytes() const {
    std::ifstream in(m_file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void put(std::string_view bytes) const {
    std::ofstream(m_file, std::ios::binary | std::ios::trunc) << bytes;
  }

  fs::path m_folder;
  std::string m_file;
};

TEST_F(RecordingTest, WhatWasWrittenIsRead) {
  write(3);
  const auto recording = Recording::open(m_file);
  ASSERT_TRUE(recording.ok()) << recording.error().text();
  EXPECT_EQ((*recording)->head().files.at("b"), std::string(3, '\0'));
  EXPECT_EQ((*recording)->head().seed, 7U);
  ASSERT_EQ((*recording)->steps().size(), 6U);
  const RecordedStep& last = (*recording)->steps().back();
  EXPECT_EQ(last.atMs, 1002);
  const RecordedBatch batch = readBatch(last.body);
  EXPECT_EQ(batch.source, "in");
  EXPECT_EQ(batch.arrivedMs, 1002);
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].key, std::string_view("k\0", 2));
  EXPECT_EQ(batch.events[0].headers.at(0).value, std::string_view("\0x", 2));
  EXPECT_EQ(batch.events[0].timeMs, -5);
  EXPECT_EQ(batch.events[0].offset, 2);
}

TEST_F(RecordingTest, CutAnywhereTheWholeBlocksBeforeCount) {
  write(4);
  const std::string all = bytes();
  std::size_t before = 0;
  for (std::size_t size = 0; size < all.size(); ++size) {
    put(std::string_view(all).substr(0, size));
    const auto recording = Recording::open(m_file);
    if (!recording) {
      EXPECT_EQ(before, 0U) << "once it could be read, more of it can be";
      continue;
    }
    EXPECT_GE((*recording)->steps().size(), before);
    EXPECT_LT((*recording)->steps().size(), 8U);
    before = (*recording)->steps().size();
  }
  EXPECT_EQ(before, 7U);
}

TEST_F(RecordingTest, AFlippedBitEndsItThere) {
  write(4);
  const std::string all = bytes();
  for (std::size_t at = 0; at < all.size(); ++at) {
    std::string damaged = all;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x04);
    put(damaged);
    const auto recording = Recording::open(m_file);
    if (!recording) continue;
    EXPECT_LT((*recording)->steps().size(), 8U) << at;
  }
}

TEST_F(RecordingTest, TheChecksumIsTheKnownOne) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc32(""), 0U);
  EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog"), 0x414FA339U);
}

}  // namespace
}  // namespace freshet::runtime
