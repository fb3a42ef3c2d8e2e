// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/file/followed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "core/base/text.h"

namespace freshet::file {
namespace {

namespace fs = std::filesystem;

// Of a file that was renamed: whoever writes it may not have noticed yet.
constexpr std::int64_t kRenamedNs = 1'000'000'000;
constexpr unsigned kFirstBytes = 256;

std::string identityOf(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return {};
  return std::to_string(found.st_dev) + ':' + std::to_string(found.st_ino);
}

/// The files that this one may have been renamed to, oldest first: NAME.1, NAME-20260105.gz …
std::vector<std::string> siblings(const std::string& path) {
  struct Sibling {
    std::int64_t writtenNs;
    std::int64_t renamedNs;  ///< where several were written in one tick of the clock
    std::string path;
  };
  const auto ns = [](const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; };
  const fs::path own(path);
  std::vector<Sibling> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(own.parent_path(), failed)) {
    const std::string name = entry.path().filename().string();
    struct stat now {};
    if (name != own.filename() && name.starts_with(own.filename().string()) &&
        ::stat(entry.path().c_str(), &now) == 0 && S_ISREG(now.st_mode)) {
      found.push_back({ns(now.st_mtim), ns(now.st_ctim), entry.path().string()});
    }
  }
  std::ranges::sort(found, [](const Sibling& a, const Sibling& b) {
    if (a.writtenNs != b.writtenNs) return a.writtenNs < b.writtenNs;
    return a.renamedNs != b.renamedNs ? a.renamedNs < b.renamedNs : a.path < b.path;
  });
  std::vector<std::string> names;
  for (Sibling& sibling : found) names.push_back(std::move(sibling.path));
  return names;
}

}  // namespace

Status FollowedFile::open(const std::string& path, LineInput::Shape shape,
                          const std::string& journal, std::int64_t from) {
  m_path = path;
  m_shape = shape;
  m_journal = journal;
  if (auto status = read(journal); !status) return status;
  const auto life = std::find_if(m_lives.rbegin(), m_lives.rend(),
                                 [&](const Life& each) { return each.base <= from; });
  if (life == m_lives.rend()) return begin(path);
  // What was noted of later files belongs to records that were never committed.
  m_lives.erase(life.base(), m_lives.end());
  return find(Life(m_lives.back()));
}

Status FollowedFile::read(const std::string& journal) {
  m_lives.clear();
  std::ifstream file(journal);
  Life life;
  std::string line, hash;
  while (std::getline(file, line) && !file.eof()) {  // half a line is none
    std::istringstream words(line);
    if (words >> life.base >> life.identity >> life.size >> life.hash) m_lives.push_back(life);
  }
  return {};
}

/// Opens the file of a life wherever it is by now; what was renamed after it waits.
Status FollowedFile::find(const Life& life) {
  const auto isIt = [&](const std::string& path) {
    const std::string bytes = LineInput::headOf(path, static_cast<unsigned>(life.size));
    return bytes.size() == life.size && sha256(bytes) == life.hash;
  };
  m_next = life.base;
  if (identityOf(m_path) == life.identity && isIt(m_path)) return begin(m_path);
  const std::vector<std::string> others = siblings(m_path);
  auto found = std::ranges::find_if(others, [&](const std::string& other) {
    return identityOf(other) == life.identity && isIt(other);
  });
  if (found == others.end()) found = std::ranges::find_if(others, isIt);
  if (found == others.end()) {
    return Error{"E-3313",
                 "The file that holds the next lines is gone: it was renamed to another name, "
                 "emptied or removed while nobody read it. Bring it back beside this one, or start "
                 "over with --fresh",
                 m_path, Retry::Never};
  }
  m_waiting.assign(found + 1, others.end());
  return begin(*found);
}

Status FollowedFile::begin(const std::string& path) {
  auto input = std::make_unique<LineInput>();
  if (auto status = input->open(path, m_shape, path == m_path); !status) return status;
  m_input = std::move(input);
  m_base = m_next;
  m_renamedNs = 0;
  m_isNoted = std::ranges::any_of(m_lives, [&](const Life& life) { return life.base == m_base; });
  return {};
}

/// Before the first record of a file is handed on: after a crash its number leads back here.
Status FollowedFile::note() {
  if (std::exchange(m_isNoted, true) || m_journal.empty()) return {};
  const std::string bytes = m_input->head(kFirstBytes);
  Life life{m_base, m_input->identity(), bytes.size(), sha256(bytes)};
  const std::string line = std::to_string(life.base) + ' ' + life.identity + ' ' +
                           std::to_string(life.size) + ' ' + life.hash + '\n';
  m_lives.push_back(std::move(life));
  const int file = ::open(m_journal.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const bool isKept =
      file >= 0 && ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
      ::fsync(file) == 0;
  const int why = errno;
  if (file >= 0) ::close(file);
  if (isKept) return {};
  return Error{"E-3322",
               std::string("The journal of the file cannot be written: ") + std::strerror(why),
               m_journal, Retry::Fatal};
}

/// The end was reached. True: nothing more comes behind it, and another file takes its place.
bool FollowedFile::isOver() {
  if (m_input->isShortened()) return true;
  const std::string now = identityOf(m_path);
  if (now.empty() || now == m_input->identity()) {
    m_renamedNs = 0;
    return false;
  }
  if (m_renamedNs == 0) m_renamedNs = monotonicNs();
  return monotonicNs() - m_renamedNs > kRenamedNs;
}

/// From a file that has ended to the next; false: there is none yet.
Result<bool> FollowedFile::goOn() {
  const std::string next = m_waiting.empty() ? m_path : m_waiting.front();
  if (auto status = begin(next); !status) {
    // Away just now: renamed, and not yet begun anew.
    if (identityOf(next).empty() && m_waiting.empty()) return false;
    return status.error();
  }
  if (!m_waiting.empty()) m_waiting.erase(m_waiting.begin());
  return true;
}

Result<LineInput::Next> FollowedFile::next(std::string_view& record) {
  using Next = LineInput::Next;
  while (true) {
    auto next = m_input->next(record);
    if (!next) return next;
    if (*next == Next::Record) {
      if (m_next == m_base) {
        if (auto status = note(); !status) return status.error();
      }
      m_isFirst = m_next++ == m_base;
      return next;
    }
    if (*next == Next::Wait) {
      if (!isOver()) return next;
      // Once more to its end; what was half written stays half.
      m_input->stopFollowing();
      if (!m_input->isShortened()) continue;
    }
    auto isNew = goOn();
    if (!isNew) return isNew.error();
    if (!*isNew) return Next::Wait;
  }
}

Status FollowedFile::forget(const std::string& journal) {
  std::error_code failed;
  fs::remove(journal, failed);
  if (!failed) return {};
  return Error{"E-3322", "The journal of the file cannot be removed: " + failed.message(), journal,
               Retry::Fatal};
}

}  // namespace freshet::file
