// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>

#include "core/pipeline/files.h"
#include "core/pipeline/format.h"
#include "core/pipeline/project.h"

namespace freshet::pipeline {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int number) : m_number(number) {}
  ~Descriptor() {
    if (m_number >= 0) ::close(m_number);
  }
  Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  int number() const { return m_number; }
  bool isOpen() const { return m_number >= 0; }
  int close() { return ::close(std::exchange(m_number, -1)); }

 private:
  int m_number;
};

Error refusedBy(int systemError, const std::string& path) {
  return {"E-1009",
          "cannot save " + fs::path(path).filename().string() + ": " + reasonOf(systemError) +
              "; the file is as it was",
          path, systemError == ENOSPC || systemError == EDQUOT ? Retry::Later : Retry::Never};
}

/// Opens and locks the temporary file. Its name is fixed, so that a crash leaves one at most and
/// the next save takes it over; the lock keeps two savers apart.
Descriptor openTemporary(const std::string& path, mode_t mode) {
  constexpr int kTries = 200;
  for (int tried = 0; tried < kTries; ++tried) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!file.isOpen()) return file;
    struct stat opened {
    }, named{};
    if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0) {
      // The other saver may have renamed what we opened before it let go.
      if (::fstat(file.number(), &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
          opened.st_ino == named.st_ino && ::ftruncate(file.number(), 0) == 0) {
        return file;
      }
    } else if (errno != EWOULDBLOCK && errno != EINTR) {
      return Descriptor(-1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  errno = EBUSY;
  return Descriptor(-1);
}

bool writeAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Whether the file at `path` means what `wanted` means already.
template <class Same>
bool isSaved(const std::string& path, const Same& same) {
  const auto text = readFile(path);
  return text && same(*text);
}

}  // namespace

Status writeFileAtomically(const std::string& path, std::string_view bytes) {
  std::error_code ignored;
  fs::path target(path);
  for (int links = 0; fs::is_symlink(target, ignored) && links < 40; ++links) {
    target = target.parent_path() / fs::read_symlink(target, ignored);
  }
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  const std::string temporary = folder / ('.' + target.filename().string() + ".saving");

  struct stat old {};
  const bool isThere = ::stat(target.c_str(), &old) == 0;
  if (isThere && ::access(target.c_str(), W_OK) != 0) return refusedBy(errno, path);
  Descriptor file = openTemporary(temporary, isThere ? old.st_mode & 07777 : 0644);
  if (!file.isOpen()) return refusedBy(errno, path);
  const auto giveUp = [&] {
    const int why = errno;
    ::unlink(temporary.c_str());
    return refusedBy(why, path);
  };
  if (isThere && ::fchmod(file.number(), old.st_mode & 07777) != 0) return giveUp();
  if (!writeAll(file.number(), bytes) || ::fdatasync(file.number()) != 0) return giveUp();
  if (::rename(temporary.c_str(), target.c_str()) != 0) return giveUp();
  // After this line the new file is in place; what follows makes the rename itself durable.
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.isOpen() || ::fsync(directory.number()) != 0) {
    return Error{"E-1009", "saved, but the disk has not confirmed it: " + reasonOf(errno), path,
                 Retry::Later};
  }
  return {};
}

Status saveProject(const Project& project, const spec::SpecCatalog& catalog) {
  const fs::path folder(project.folder);
  for (const auto& [path, text] : project.texts) {
    const auto full = pathInProject(project.folder, path);
    if (!full) return full.error();
    if (isSaved(*full, [&](std::string_view now) { return now == text; })) continue;
    if (auto written = writeFileAtomically(*full, text); !written) return written;
  }
  const std::string pipelinePath = folder / project.pipelineFile;
  const bool isPipelineSaved = isSaved(pipelinePath, [&](std::string_view text) {
    const auto read = readProject(project.folder, project.pipelineFile, text, {});
    return read && read->pipeline == project.pipeline;
  });
  if (!isPipelineSaved) {
    auto written = writeFileAtomically(pipelinePath, canonicalText(project.pipeline, catalog));
    if (!written) return written;
  }
  const std::string layoutPath = folder / layoutFileOf(project.pipelineFile);
  std::error_code ignored;
  if (project.layout == Layout() && !fs::exists(layoutPath, ignored)) return {};
  const bool isLayoutSaved = isSaved(layoutPath, [&](std::string_view text) {
    const auto read = readProject(project.folder, project.pipelineFile, "{}", text);
    return read && read->layout == project.layout;
  });
  if (isLayoutSaved) return {};
  return writeFileAtomically(layoutPath, canonicalText(project.layout));
}

}  // namespace freshet::pipeline
