// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/file/outbox_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

namespace freshet::file {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSegmentBytes = 64 << 20;

Error failure(const fs::path& path, int code) {
  if (code == ENOSPC) {
    return {"E-3301", "The disk is full: e-mails wait in the outbox until there is room",
            path.string(), Retry::Later};
  }
  return {"E-3302", std::string("The outbox cannot be written: ") + std::strerror(code),
          path.string(), Retry::Fatal};
}

Status writeAll(int file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return failure(path, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// The sequence of "00000012-….eml"; 0 for any other name.
std::int64_t sequenceOf(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::size_t digits = name.find_first_not_of("0123456789");
  if (path.extension() != ".eml" || digits < 8 || digits > 18 || name[digits] != '-') return 0;
  return std::stoll(name.substr(0, digits));
}

/// What of an id may stand in a file's name.
std::string nameOf(std::string_view id) {
  std::string name(id.substr(0, 40));
  for (char& c : name) {
    const bool isSafe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!isSafe && c != '-') c = '_';
  }
  return name;
}

/// mboxrd: a line that could be taken for a separator gets one more ">".
std::string quoted(std::string_view message) {
  std::string out = "From freshet Thu Jan  1 00:00:00 1970\n";
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t end = std::min(message.find('\n', at), message.size() - 1);
    std::string_view line = message.substr(at, end - at + 1);
    const std::size_t text = line.find_first_not_of('>');
    if (text != std::string_view::npos && line.substr(text).starts_with("From ")) out += '>';
    for (const char c : line) {
      if (c != '\r') out += c;
    }
    at = end + 1;
  }
  out += '\n';
  return out;
}

}  // namespace

fs::path OutboxFolder::segmentPath(std::int64_t segment) const {
  char name[40];
  std::snprintf(name, sizeof name, "outbox-%04lld.mbox", static_cast<long long>(segment));
  return m_folder / name;
}

Status OutboxFolder::open(const fs::path& folder, std::string_view mark) {
  m_folder = folder;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return failure(folder, failed.value());
  if (!mark.empty()) {
    std::istringstream in{std::string(mark)};
    in >> m_mark.last >> m_mark.evicted >> m_mark.segment >> m_mark.length;
  }
  return undo();
}

Status OutboxFolder::undo() {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(m_folder, failed)) {
    const std::int64_t sequence = sequenceOf(entry.path());
    if (sequence == 0) continue;
    if (sequence > m_mark.last || sequence <= m_mark.evicted) {
      fs::remove(entry.path(), failed);
    } else {
      m_files.emplace_back(sequence, entry.path());
    }
  }
  std::ranges::sort(m_files);
  if (fs::exists(segmentPath(m_mark.segment))) {
    fs::resize_file(segmentPath(m_mark.segment), static_cast<std::uintmax_t>(m_mark.length),
                    failed);
    if (failed) return failure(segmentPath(m_mark.segment), failed.value());
    if (m_mark.length == 0) fs::remove(segmentPath(m_mark.segment), failed);
  }
  for (std::int64_t later = m_mark.segment + 1; fs::remove(segmentPath(later), failed); ++later) {
  }
  return {};
}

Status OutboxFolder::add(std::int64_t sequence, std::string_view id, std::string_view message,
                         std::size_t later) {
  if (later >= kNewest) {
    if (auto status = evictDownTo(0); !status) return status;
    if (auto status = append(sequence, message); !status) return status;
    m_mark.last = sequence;
    return {};
  }
  char number[24];
  std::snprintf(number, sizeof number, "%08lld", static_cast<long long>(sequence));
  const fs::path path = m_folder / (std::string(number) + "-" + nameOf(id) + ".eml");
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return failure(path, errno);
  Status status = writeAll(file, message, path);
  ::close(file);
  if (!status) return status;
  // A second try after a full disk finds itself in the list.
  if (m_files.empty() || m_files.back().first < sequence) m_files.emplace_back(sequence, path);
  m_mark.last = sequence;
  return evictDownTo(kNewest);
}

Status OutboxFolder::evictDownTo(std::size_t files) {
  while (m_files.size() > files) {
    const auto& [sequence, path] = m_files.front();
    std::ifstream in(path, std::ios::binary);
    std::ostringstream message;
    message << in.rdbuf();
    if (auto status = append(sequence, message.view()); !status) return status;
    m_superfluous.push_back(path);
    m_files.pop_front();
  }
  return {};
}

Status OutboxFolder::append(std::int64_t sequence, std::string_view message) {
  const std::string bytes = quoted(message);
  if (m_mark.length > 0 &&
      m_mark.length + static_cast<std::int64_t>(bytes.size()) > kSegmentBytes) {
    ++m_mark.segment;
    m_mark.length = 0;
  }
  const fs::path segment = segmentPath(m_mark.segment);
  const int file = ::open(segment.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return failure(segment, errno);
  Status status = writeAll(file, bytes, segment);
  ::close(file);
  if (!status) {
    // Half a message may stand at the end; it is tried again from where the segment stood.
    std::error_code failed;
    fs::resize_file(segment, static_cast<std::uintmax_t>(m_mark.length), failed);
    return status;
  }
  m_mark.length += static_cast<std::int64_t>(bytes.size());
  m_mark.evicted = sequence;
  return {};
}

Result<std::string> OutboxFolder::sync() {
  // One call makes all files of the folder's file system durable.
  const int folder = ::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0 || ::syncfs(folder) != 0) {
    const int code = errno;
    if (folder >= 0) ::close(folder);
    return failure(m_folder, code);
  }
  ::close(folder);
  return std::to_string(m_mark.last) + ' ' + std::to_string(m_mark.evicted) + ' ' +
         std::to_string(m_mark.segment) + ' ' + std::to_string(m_mark.length);
}

void OutboxFolder::settled() {
  std::error_code failed;
  for (const fs::path& path : m_superfluous) fs::remove(path, failed);
  m_superfluous.clear();
}

}  // namespace freshet::file
