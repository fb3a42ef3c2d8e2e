// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "core/pipeline/files.h"
#include "core/pipeline/project.h"
#include "tests/unit/pipeline/catalog.h"
#include "tests/unit/pipeline/temporary_folder.h"

namespace freshet::pipeline {
namespace {

namespace fs = std::filesystem;

std::size_t entriesIn(const std::string& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// Runs `body` in a child process and gives back what it printed to its last pipe.
template <class Body>
std::string inChild(const Body& body) {
  int pipe[2];
  if (::pipe(pipe) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string text = body();
    const auto written = ::write(pipe[1], text.data(), text.size());
    ::_exit(written < 0 ? 1 : 0);
  }
  ::close(pipe[1]);
  std::string out;
  char block[512];
  for (ssize_t got = 0; (got = ::read(pipe[0], block, sizeof block)) > 0;) {
    out.append(block, static_cast<std::size_t>(got));
  }
  ::close(pipe[0]);
  ::waitpid(child, nullptr, 0);
  return out;
}

TEST(Save, ReplacesAndKeepsTheMode) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "old");
  ::chmod(path.c_str(), 0640);
  ASSERT_TRUE(writeFileAtomically(path, "new"));
  EXPECT_EQ(*readFile(path), "new");
  struct stat now {};
  ::stat(path.c_str(), &now);
  EXPECT_EQ(now.st_mode & 07777, 0640U);
  EXPECT_EQ(entriesIn(folder.path()), 1U);
}

TEST(Save, ALinksTargetIsReplacedNotTheLink) {
  const TemporaryFolder folder;
  const std::string target = folder.write("real/a.txt", "old");
  const std::string link = folder.path() + "/link.txt";
  fs::create_symlink("real/a.txt", link);
  ASSERT_TRUE(writeFileAtomically(link, "new"));
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(*readFile(target), "new");
}

TEST(Save, ATemporaryFileOfACrashIsTakenOver) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "old");
  folder.write(".a.txt.saving", "half of someth");
  ASSERT_TRUE(writeFileAtomically(path, "new"));
  EXPECT_EQ(*readFile(path), "new");
  EXPECT_EQ(entriesIn(folder.path()), 1U);
}

TEST(Save, AFullDiskKeepsTheOriginal) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "old");
  const std::string said = inChild([&]() -> std::string {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto saved = writeFileAtomically(path, std::string(100000, 'x'));
    return saved ? "saved" : saved.error().message;
  });
  EXPECT_EQ(said,
            "cannot save a.txt: the file would be larger than allowed; the file is as it was");
  EXPECT_EQ(*readFile(path), "old");
  EXPECT_EQ(entriesIn(folder.path()), 1U);
}

TEST(Save, AReadOnlyFolderKeepsTheOriginal) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "old");
  ::chmod(path.c_str(), 0666);
  ::chmod(folder.path().c_str(), 0555);
  const std::string said = inChild([&]() -> std::string {
    // Root may write anywhere, so the child is nobody.
    if (::geteuid() == 0 && ::setuid(65534) != 0) return "cannot become nobody";
    const auto saved = writeFileAtomically(path, "new");
    return saved ? "saved" : saved.error().text();
  });
  ::chmod(folder.path().c_str(), 0755);
  EXPECT_EQ(said, path + ": E-1009 cannot save a.txt: this user may not; the file is as it was");
  EXPECT_EQ(*readFile(path), "old");
}

TEST(Save, TwoSaversAtOnceLeaveOneWholeFile) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "");
  const auto saver = [&](char letter) {
    for (int i = 0; i < 20; ++i) {
      const auto saved = writeFileAtomically(path, std::string(20000, letter));
      EXPECT_TRUE(saved) << saved.error().text();
      const std::string text = *readFile(path);
      EXPECT_EQ(text.size(), 20000U);
      EXPECT_EQ(text.find_first_not_of(text.front()), std::string::npos);
    }
  };
  std::thread other(saver, 'b');
  saver('a');
  other.join();
  EXPECT_EQ(entriesIn(folder.path()), 1U);
}

TEST(Save, EditedTextsAreReadInsteadOfTheFilesAndThenWritten) {
  const TemporaryFolder folder;
  folder.write("x.pipeline.json", R"({"name":"x"})");
  const std::string path = folder.write("templates/a.liquid", "old");
  auto project = loadProject(folder.path());
  ASSERT_TRUE(project) << project.error().text();
  project->texts["templates/a.liquid"] = "new";
  EXPECT_EQ(*readProjectFile(*project, "templates/a.liquid"), "new");
  EXPECT_EQ(*readProjectFile(*project, "./templates/../templates/a.liquid"), "new");
  EXPECT_EQ(*readFile(path), "old");
  ASSERT_TRUE(saveProject(*project, makeCatalog()));
  EXPECT_EQ(*readFile(path), "new");
  project->texts["../out.liquid"] = "x";
  EXPECT_EQ(saveProject(*project, makeCatalog()).error().code, "E-1209");
  EXPECT_EQ(readProjectFile(*project, "templates/none.liquid").error().code, "E-1208");
}

TEST(Save, UnchangedProjectsAreNotTouched) {
  const TemporaryFolder folder;
  const std::string ugly =
      "{\"nodes\":[ {\"type\":\"made.source\",\"id\":\"s\"} ], \"name\":\"x\"}";
  const std::string path = folder.write("x.pipeline.json", ugly);
  auto project = loadProject(folder.path());
  ASSERT_TRUE(project) << project.error().text();
  ASSERT_TRUE(saveProject(*project, makeCatalog()));
  EXPECT_EQ(*readFile(path), ugly);
  EXPECT_EQ(entriesIn(folder.path()), 1U);
  project->layout.place("s", {20, 40});
  ASSERT_TRUE(saveProject(*project, makeCatalog()));
  EXPECT_EQ(*readFile(path), ugly);
  EXPECT_EQ(*readFile(folder.path() + "/x.layout.json"), canonicalText(project->layout));
  project->pipeline.title = "X";
  ASSERT_TRUE(saveProject(*project, makeCatalog()));
  EXPECT_EQ(*readFile(path), canonicalText(project->pipeline, makeCatalog()));
  const auto again = loadProject(path);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->pipeline, project->pipeline);
  EXPECT_EQ(again->layout, project->layout);
}

}  // namespace
}  // namespace freshet::pipeline
