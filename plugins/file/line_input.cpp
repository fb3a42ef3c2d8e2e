// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/file/line_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace freshet::file {
namespace {

constexpr std::size_t kStep = 256 * 1024;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Error failure(const std::string& path, std::string_view what) {
  return {"E-3311", "The file cannot be read: " + std::string(what), path, Retry::Never};
}

}  // namespace

LineInput::~LineInput() {
  if (m_gzip) gzclose(m_gzip);
  if (m_file >= 0) ::close(m_file);
}

Status LineInput::open(const std::string& path, Shape shape, bool follows) {
  m_path = path;
  m_shape = shape;
  m_follows = follows;
  m_file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat found {};
  if (m_file < 0 || ::fstat(m_file, &found) != 0) return failure(path, std::strerror(errno));
  if (!S_ISREG(found.st_mode)) return failure(path, "it is no regular file");
  m_identity = std::to_string(found.st_dev) + ':' + std::to_string(found.st_ino);
  unsigned char magic[2] = {};
  if (::pread(m_file, magic, 2, 0) != 2 || magic[0] != 0x1f || magic[1] != 0x8b) return {};
  if (follows) return failure(path, "a compressed file cannot be followed");
  m_gzip = gzdopen(m_file, "rb");
  if (!m_gzip) return failure(path, "out of memory");
  m_file = -1;  // gzclose closes it
  gzbuffer(m_gzip, kStep);
  return {};
}

Result<bool> LineInput::fill() {
  if (m_at > 0) {
    m_buffer.erase(0, m_at);
    m_scanned -= m_at;
    m_at = 0;
  }
  const std::size_t before = m_buffer.size();
  m_buffer.resize(before + kStep);
  std::ptrdiff_t count = 0;
  if (m_gzip) {
    count = gzread(m_gzip, m_buffer.data() + before, kStep);
    int code = Z_OK;
    const char* text = gzerror(m_gzip, &code);
    // A cut file ends without an error from gzread alone.
    if (count < 0 || (code != Z_OK && code != Z_STREAM_END)) return failure(m_path, text);
  } else {
    do {
      count = ::read(m_file, m_buffer.data() + before, kStep);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return failure(m_path, std::strerror(errno));
  }
  m_buffer.resize(before + static_cast<std::size_t>(count));
  m_read += static_cast<std::uint64_t>(count);
  if (m_isStart && m_buffer.size() >= kByteOrderMark.size()) {
    m_isStart = false;
    if (m_buffer.starts_with(kByteOrderMark)) m_buffer.erase(0, kByteOrderMark.size());
  }
  return count > 0;
}

bool LineInput::takeRecord(std::string_view& record) {
  std::size_t end = std::string::npos;
  if (m_shape == Shape::Lines) {
    end = m_buffer.find('\n', m_scanned);
    m_scanned = m_buffer.size();
  } else {
    for (; m_scanned < m_buffer.size(); ++m_scanned) {
      const char c = m_buffer[m_scanned];
      if (c == '"') m_isQuoted = !m_isQuoted;
      if (c == '\n' && !m_isQuoted) {
        end = m_scanned;
        break;
      }
    }
  }
  if (end == std::string::npos) return false;
  record = std::string_view(m_buffer).substr(m_at, end - m_at);
  if (record.ends_with('\r')) record.remove_suffix(1);
  m_at = m_scanned = end + 1;
  return true;
}

std::string LineInput::head(unsigned most) const {
  // By its descriptor: its name may be another file's by now.
  return headOf(m_gzip ? m_path : "/proc/self/fd/" + std::to_string(m_file), most);
}

std::string LineInput::headOf(const std::string& path, unsigned most) {
  gzFile file = gzopen(path.c_str(), "rb");  // plain ones come as they are
  if (!file) return {};
  std::string bytes(most, '\0');
  const int got = gzread(file, bytes.data(), most);
  gzclose(file);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

bool LineInput::isShortened() const {
  struct stat now {};
  return m_file >= 0 && ::fstat(m_file, &now) == 0 &&
         static_cast<std::uint64_t>(now.st_size) < m_read;
}

Result<LineInput::Next> LineInput::next(std::string_view& record) {
  while (true) {
    if (takeRecord(record)) {
      if (std::exchange(m_isSkipping, false) || record.empty()) continue;
      record = record.substr(0, kMostRecord);
      return Next::Record;
    }
    if (m_isSkipping) {
      m_at = m_scanned = m_buffer.size();
    } else if (m_buffer.size() - m_at > kMostRecord) {
      record = std::string_view(m_buffer).substr(m_at, kMostRecord);
      m_isSkipping = true;
      m_at = m_scanned = m_buffer.size();
      return Next::Record;
    }
    if (m_isEnded) return Next::End;
    auto filled = fill();
    if (!filled) return filled.error();
    if (*filled) continue;
    if (m_follows) return Next::Wait;
    m_isEnded = true;
    if (!m_isSkipping && m_at < m_buffer.size()) {
      record = std::string_view(m_buffer).substr(m_at);
      if (record.ends_with('\r')) record.remove_suffix(1);
      m_at = m_scanned = m_buffer.size();
      if (!record.empty()) return Next::Record;
    }
  }
}

}  // namespace freshet::file
