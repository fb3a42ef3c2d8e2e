// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "plugins/file/csv.h"
#include "plugins/file/line_file.h"
#include "plugins/file/line_input.h"

namespace freshet::file {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  Files() {
    std::string name = (fs::temp_directory_path() / "freshet-file-XXXXXX").string();
    m_folder = mkdtemp(name.data());
  }
  ~Files() override { fs::remove_all(m_folder); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(m_folder / name, std::ios::binary) << text;
    return (m_folder / name).string();
  }
  void append(const std::string& name, const std::string& text) {
    std::ofstream(m_folder / name, std::ios::binary | std::ios::app) << text;
  }
  std::string read(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(m_folder / name, std::ios::binary).rdbuf();
    return text.str();
  }
  static std::vector<std::string> all(LineInput& input) {
    std::vector<std::string> records;
    std::string_view record;
    for (auto next = input.next(record);; next = input.next(record)) {
      EXPECT_TRUE(next) << next.error().text();
      if (!next || *next != LineInput::Next::Record) return records;
      records.emplace_back(record);
    }
  }
  std::vector<std::string> records(const std::string& text,
                                   LineInput::Shape shape = LineInput::Shape::Lines) {
    LineInput input;
    EXPECT_TRUE(input.open(write("in", text), shape, false));
    return all(input);
  }

  fs::path m_folder;
};

using Texts = std::vector<std::string>;

TEST_F(Files, AreReadByLines) {
  EXPECT_EQ(records("a\nb\r\n\n\nc"), (Texts{"a", "b", "c"}));
  EXPECT_EQ(records("\xef\xbb\xbf{}\n"), Texts{"{}"});
  EXPECT_EQ(records(""), Texts{});
  EXPECT_EQ(records("\n\n"), Texts{});
}

TEST_F(Files, AreReadByRowsWithLineEndsInQuotes) {
  EXPECT_EQ(records("a,b\r\n\"x\ny\",1\n\"\"\"\n\",2", LineInput::Shape::Csv),
            (Texts{"a,b", "\"x\ny\",1", "\"\"\"\n\",2"}));
}

TEST_F(Files, WithALineThatNeverEndsAreReadOn) {
  std::string text(LineInput::kMostRecord + 3'000'000, 'x');
  text += "\nafter\n";
  const Texts got = records(text);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].size(), LineInput::kMostRecord);
  EXPECT_EQ(got[1], "after");
}

TEST_F(Files, MayBeCompressed) {
  const std::string path = (m_folder / "in.gz").string();
  gzFile file = gzopen(path.c_str(), "wb");
  std::string expected;
  for (int i = 0; i < 100'000; ++i) expected += "line " + std::to_string(i) + "\n";
  gzwrite(file, expected.data(), static_cast<unsigned>(expected.size()));
  gzclose(file);
  LineInput input;
  ASSERT_TRUE(input.open(path, LineInput::Shape::Lines, false));
  const Texts got = all(input);
  ASSERT_EQ(got.size(), 100'000U);
  EXPECT_EQ(got.back(), "line 99999");
  // A cut file says so instead of ending early.
  fs::resize_file(path, fs::file_size(path) / 2);
  LineInput cut;
  ASSERT_TRUE(cut.open(path, LineInput::Shape::Lines, false));
  std::string_view record;
  auto next = cut.next(record);
  while (next && *next == LineInput::Next::Record) next = cut.next(record);
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, "E-3311");
}

TEST_F(Files, FollowedWaitForTheRestOfALine) {
  LineInput input;
  ASSERT_TRUE(input.open(write("log", "one\ntw"), LineInput::Shape::Lines, true));
  EXPECT_EQ(all(input), Texts{"one"});
  append("log", "o\nthree\nfo");
  EXPECT_EQ(all(input), (Texts{"two", "three"}));
  EXPECT_FALSE(input.isShortened());
  fs::resize_file(m_folder / "log", 1);
  EXPECT_TRUE(input.isShortened());
}

TEST_F(Files, ThatAreNotThereAreNamed) {
  LineInput input;
  const auto status = input.open((m_folder / "none").string(), LineInput::Shape::Lines, false);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().where, (m_folder / "none").string());
  EXPECT_FALSE(LineInput().open(m_folder.string(), LineInput::Shape::Lines, false));
}

std::string row(CsvRows& rows, std::string_view text) {
  std::string out;
  return rows.toJson(text, out) ? out : "none";
}

TEST(Csv, RowsBecomeObjects) {
  CsvRows rows;
  ASSERT_TRUE(rows.readHeader("id, name ,price,\"is \"\"new\"\"\""));
  EXPECT_EQ(row(rows, "7,Mug,14.5,true"),
            R"({"id":7,"name":"Mug","price":14.5,"is \"new\"":true})");
  EXPECT_EQ(row(rows, "007,\"a,\"\"b\"\"\nc\",\"1\",,"), "none");
  EXPECT_EQ(row(rows, "007,\"a,\"\"b\"\"\nc\",\"1\","),
            R"({"id":"007","name":"a,\"b\"\nc","price":"1"})");
  EXPECT_EQ(row(rows, "+1,-0.5e3,1.,.5"),
            R"({"id":"+1","name":-0.5e3,"price":"1.","is \"new\"":".5"})");
  EXPECT_EQ(row(rows, "12345678901234567890"), R"({"id":"12345678901234567890"})");
  EXPECT_EQ(row(rows, "\"\",x"), R"({"id":"","name":"x"})");
  EXPECT_EQ(row(rows, "1,\"open"), "none");
  EXPECT_EQ(row(rows, "1,\"a\"b"), "none");
}

TEST(Csv, TheHeaderTellsTheSeparator) {
  CsvRows rows;
  ASSERT_TRUE(rows.readHeader("a;b;c,d"));
  EXPECT_EQ(row(rows, "1;2;3"), R"({"a":1,"b":2,"c,d":3})");
  ASSERT_TRUE(rows.readHeader("a\tb"));
  EXPECT_EQ(row(rows, "1,5\t2"), R"({"a":"1,5","b":2})");
  EXPECT_FALSE(rows.readHeader("a,,b"));
  EXPECT_FALSE(rows.readHeader("a,a"));
}

TEST_F(Files, AreWrittenExactlyOnceAcrossACrash) {
  const std::string path = (m_folder / "deep" / "out").string();
  std::string mark;
  {
    LineFile out;
    ASSERT_TRUE(out.open(path, ""));
    ASSERT_TRUE(out.add("one"));
    mark = *out.sync();
    ASSERT_TRUE(out.add("two"));
    ASSERT_TRUE(out.sync());  // its mark is lost in the crash
  }
  LineFile out;
  ASSERT_TRUE(out.open(path, mark));
  EXPECT_EQ(read("deep/out"), "one\n");
  ASSERT_TRUE(out.add("two"));
  ASSERT_TRUE(out.sync());
  EXPECT_EQ(read("deep/out"), "one\ntwo\n");
  ASSERT_TRUE(out.add("three"));
  out.undo();
  ASSERT_TRUE(out.add("four"));
  ASSERT_TRUE(out.sync());
  EXPECT_EQ(read("deep/out"), "one\ntwo\nfour\n");
}

TEST_F(Files, ThatWereThereBeforeAreKeptOnce) {
  const std::string path = write("out", "precious\n");
  for (const char* line : {"first", "second"}) {
    LineFile out;
    ASSERT_TRUE(out.open(path, ""));
    ASSERT_TRUE(out.add(line));
    ASSERT_TRUE(out.sync());
  }
  EXPECT_EQ(read("out"), "second\n");
  EXPECT_EQ(read("out.before"), "precious\n");
  // A mark of another file does not cut this one.
  LineFile other;
  ASSERT_TRUE(other.open(write("other", "text\n"), "2 " + path));
  EXPECT_EQ(read("other.before"), "text\n");
}

TEST_F(Files, ThatCannotBeWrittenAreNamed) {
  LineFile out;
  const auto status = out.open(m_folder.string(), "");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().where, m_folder.string());
}

}  // namespace
}  // namespace freshet::file
