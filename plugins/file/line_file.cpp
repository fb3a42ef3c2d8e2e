// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/file/line_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

namespace freshet::file {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBuffered = 1 << 20;

Error failure(const std::string& path, int code) {
  if (code == ENOSPC || code == EDQUOT) {
    return {"E-3321", "The disk is full: events wait until there is room", path, Retry::Later};
  }
  return {"E-3322", std::string("The file cannot be written: ") + std::strerror(code), path,
          Retry::Fatal};
}

}  // namespace

LineFile::~LineFile() {
  if (m_file >= 0) ::close(m_file);
}

Status LineFile::begin() {
  std::error_code failed;
  const std::string kept = m_path + ".before";
  // A crash before the first mark comes here twice: what was there first is what matters.
  if (fs::file_size(m_path, failed) > 0 && !failed && !fs::exists(kept, failed))
    fs::rename(m_path, kept, failed);
  return failed && fs::exists(m_path) ? failure(m_path, failed.value()) : Status();
}

Status LineFile::open(const std::string& path, std::string_view mark) {
  m_path = path;
  std::error_code failed;
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) fs::create_directories(folder, failed);
  if (failed) return failure(folder.string(), failed.value());

  // "LENGTH PATH": a mark of another path says nothing about this file.
  const auto space = mark.find(' ');
  const bool isOurs = space != std::string_view::npos && mark.substr(space + 1) == path;
  if (isOurs) {
    std::from_chars(mark.data(), mark.data() + space, m_synced);
  } else if (auto status = begin(); !status) {
    return status;
  }
  m_file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  struct stat found {};
  if (m_file < 0 || ::fstat(m_file, &found) != 0) return failure(path, errno);
  if (!S_ISREG(found.st_mode))
    return Error{"E-3322", "This is no regular file", path, Retry::Never};
  // Shorter than the mark: somebody has emptied it, and it goes on from there.
  m_synced = std::min<std::int64_t>(m_synced, found.st_size);
  if (::ftruncate(m_file, m_synced) != 0) return failure(path, errno);
  m_length = m_synced;
  return {};
}

Status LineFile::add(std::string_view line) {
  m_buffer.append(line) += '\n';
  return m_buffer.size() < kBuffered ? Status() : flush();
}

Status LineFile::flush() {
  std::string_view rest = m_buffer;
  while (!rest.empty()) {
    const ssize_t written = ::pwrite(m_file, rest.data(), rest.size(), m_length);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure(m_path, errno);
    m_length += written;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  m_buffer.clear();
  return {};
}

Result<std::string> LineFile::sync() {
  if (auto status = flush(); !status) return status.error();
  if (::fdatasync(m_file) != 0) return failure(m_path, errno);
  m_synced = m_length;
  return std::to_string(m_synced) + ' ' + m_path;
}

void LineFile::undo() {
  m_buffer.clear();
  m_length = m_synced;
  // What stays behind the length is written over or cut off at the next opening.
  if (::ftruncate(m_file, m_synced) != 0) return;
}

}  // namespace freshet::file
