// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "plugins/file/mime.h"
#include "plugins/file/outbox_folder.h"

namespace freshet::file {
namespace {

namespace fs = std::filesystem;

class OutboxFolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "freshet-outbox-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_path = pattern;
  }
  void TearDown() override { fs::remove_all(m_path); }

  static std::string message(std::int64_t sequence) {
    return "Message-ID: <" + std::to_string(sequence) + ">\r\n\r\nFrom me\r\n>From you\r\n";
  }
  /// Sequences [from, to), as one delivery.
  std::string deliver(OutboxFolder& folder, std::int64_t from, std::int64_t to) {
    for (std::int64_t i = from; i < to; ++i) {
      const auto later = static_cast<std::size_t>(to - i - 1);
      EXPECT_TRUE(folder.add(i, "id", message(i), later).ok());
    }
    auto mark = folder.sync();
    EXPECT_TRUE(mark.ok());
    return *mark;
  }
  /// How often each message is there, as a file or in a segment.
  std::map<std::int64_t, int> found() const {
    std::map<std::int64_t, int> counts;
    for (const auto& entry : fs::directory_iterator(m_path)) {
      std::ifstream in(entry.path(), std::ios::binary);
      for (std::string line; std::getline(in, line);) {
        if (line.starts_with("Message-ID: <")) ++counts[std::stoll(line.substr(13))];
      }
    }
    return counts;
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(m_path))
      count += entry.path().extension() == ".eml" ? 1 : 0;
    return count;
  }
  void expectOnce(std::int64_t from, std::int64_t to) const {
    const auto counts = found();
    EXPECT_EQ(counts.size(), static_cast<std::size_t>(to - from));
    for (const auto& [sequence, count] : counts) {
      EXPECT_EQ(count, 1) << sequence;
      EXPECT_TRUE(sequence >= from && sequence < to) << sequence;
    }
  }

  fs::path m_path;
};

TEST_F(OutboxFolderTest, TheNewestThousandAreFilesAndNothingIsTwice) {
  OutboxFolder folder;
  ASSERT_TRUE(folder.open(m_path, "").ok());
  for (std::int64_t from = 1; from < 2501; from += 250) {
    deliver(folder, from, from + 250);
    folder.settled();
  }
  EXPECT_EQ(files(), OutboxFolder::kNewest);
  expectOnce(1, 2501);
  deliver(folder, 2501, 4700);  // more than fit at once
  folder.settled();
  EXPECT_LE(files(), OutboxFolder::kNewest);
  expectOnce(1, 4700);
}

TEST_F(OutboxFolderTest, WhatIsBeyondTheStoredMarkIsUndone) {
  std::string mark;
  {
    OutboxFolder folder;
    ASSERT_TRUE(folder.open(m_path, "").ok());
    mark = deliver(folder, 1, 1301);
    folder.settled();
    deliver(folder, 1301, 2600);  // its mark is never stored
  }
  OutboxFolder again;
  ASSERT_TRUE(again.open(m_path, mark).ok());
  expectOnce(1, 1301);
  deliver(again, 1301, 1700);
  again.settled();
  expectOnce(1, 1700);
  EXPECT_EQ(files(), OutboxFolder::kNewest);
}

TEST_F(OutboxFolderTest, ANewStartRemovesWhatItWroteAndNothingElse) {
  {
    OutboxFolder folder;
    ASSERT_TRUE(folder.open(m_path, "").ok());
    deliver(folder, 1, 1200);
  }
  std::ofstream(m_path / "mine.eml") << "x";
  std::ofstream(m_path / "notes.txt") << "x";
  OutboxFolder fresh;
  ASSERT_TRUE(fresh.open(m_path, "").ok());
  EXPECT_TRUE(found().empty());
  EXPECT_TRUE(fs::exists(m_path / "mine.eml"));
  EXPECT_TRUE(fs::exists(m_path / "notes.txt"));
}

TEST_F(OutboxFolderTest, AnEntryTriedAgainIsOneEntry) {
  OutboxFolder folder;
  ASSERT_TRUE(folder.open(m_path, "").ok());
  for (std::int64_t i = 1; i <= 1500; ++i) {
    ASSERT_TRUE(folder.add(i, "id", message(i), 0).ok());
    ASSERT_TRUE(folder.add(i, "id", message(i), 0).ok());
  }
  ASSERT_TRUE(folder.sync().ok());
  folder.settled();
  expectOnce(1, 1501);
}

TEST_F(OutboxFolderTest, AnIdIsNoPath) {
  OutboxFolder folder;
  ASSERT_TRUE(folder.open(m_path, "").ok());
  ASSERT_TRUE(folder.add(1, "../../x/\n", message(1), 0).ok());
  EXPECT_EQ(files(), 1U);
}

std::string mail(std::string_view to, std::string_view subject, std::string_view text = "x") {
  return toMime({"0a1b", "Shop <a@b.example>", to, subject, "<p>x</p>", text, 1'767'600'000'000});
}

/// The header, unfolded; empty if there is none.
std::string headerOf(const std::string& message, const std::string& name) {
  const std::string head = message.substr(0, message.find("\r\n\r\n") + 2);
  std::size_t at = ("\r\n" + head).find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  std::string value;
  at += name.size() + 2;
  for (std::size_t end = head.find("\r\n", at);; end = head.find("\r\n", at)) {
    value += head.substr(at, end - at);
    at = end + 2;
    if (at >= head.size() || head[at] != ' ') return value;
  }
}

void expectSound(const std::string& message) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    if (c == '\n') {
      ASSERT_TRUE(i > 0 && message[i - 1] == '\r') << "bare LF";
    }
    if (c == '\r') {
      ASSERT_TRUE(i + 1 < message.size() && message[i + 1] == '\n') << "bare CR";
    }
    ASSERT_NE(c, '\0');
    line = c == '\n' ? 0 : line + 1;
    ASSERT_LE(line, 999U);
  }
}

TEST(MimeTest, NothingInAFieldBecomesAHeader) {
  for (const std::string_view evil :
       {"a\r\nBcc: x@y.example", "a\nBcc: x", "a\rBcc: x", "a\r\n\r\nbody", "\x1b[31m"}) {
    for (const std::string& message :
         {mail("p@q.example", evil), mail(std::string(evil) + " <p@q.example>", "s"),
          mail("P <p@q.example" + std::string(evil) + ">", "s"), mail(evil, "s")}) {
      expectSound(message);
      EXPECT_EQ(headerOf(message, "Bcc"), "") << message;
      EXPECT_NE(headerOf(message, "Content-Type"), "") << message;
    }
  }
  expectSound(mail("p@q.example", std::string("a\0b", 3), std::string("a\0b", 3)));
}

TEST(MimeTest, ANameStaysOneAddress) {
  EXPECT_EQ(headerOf(mail("Ann <a@b.example>", "s"), "To"), "Ann <a@b.example>");
  EXPECT_EQ(headerOf(mail("\"Lee, Ann\" <a@b.example>", "s"), "To"), "\"Lee, Ann\" <a@b.example>");
  const std::string two = headerOf(mail("evil@x.example, Bob <a@b.example>", "s"), "To");
  EXPECT_EQ(two, "=?UTF-8?Q?evil=40x=2Eexample=2C_Bob?= <a@b.example>");
  EXPECT_EQ(headerOf(mail("Zoë <a@b.example>", "s"), "To"), "=?UTF-8?Q?Zo=C3=AB?= <a@b.example>");
}

TEST(MimeTest, LongHeadersAreFoldedWithinSeventySix) {
  std::string subject;
  for (int i = 0; i < 60; ++i) subject += "Zoë's grüße ";
  const std::string message = mail("p@q.example", subject);
  expectSound(message);
  const std::size_t from = message.find("Subject: ");
  std::istringstream lines(message.substr(from, message.find("\r\nDate") - from));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 77U) << line;
  expectSound(mail("p@q.example", std::string(2000, 'x')));
}

TEST(MimeTest, BodiesAreQuotedPrintable) {
  const std::string message =
      mail("p@q.example", "s", "caf\xc3\xa9 = 1 \nend\t\r\n.\n\rdot" + std::string(200, 'y'));
  expectSound(message);
  EXPECT_NE(message.find("caf=C3=A9 =3D 1=20\r\nend=09\r\n.\r\ndot"), std::string::npos) << message;
}

}  // namespace
}  // namespace freshet::file
