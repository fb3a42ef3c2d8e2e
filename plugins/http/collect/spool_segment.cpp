// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/collect/spool_segment.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace freshet::http {
namespace {

constexpr std::string_view kMagic = "FRSPOOL1";
constexpr std::size_t kFrame = 8;   ///< length and CRC
constexpr std::size_t kFixed = 12;  ///< time and length of the key

Error failure(const std::string& path, int code) {
  const bool isFull = code == ENOSPC || code == EDQUOT;
  return {"E-3403",
          isFull ? "The disk is full: website events are refused until there is room"
                 : std::string("The spool of website events failed: ") + std::strerror(code),
          path, isFull ? Retry::Later : Retry::Fatal};
}

template <class T>
void put(T value, std::string& out) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

template <class T>
T take(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

int writeAll(int file, std::string_view bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
    at += static_cast<std::uint64_t>(written);
  }
  return 0;
}

void syncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

SpoolSegment::SpoolSegment(int file, std::string path, std::int64_t first)
    : m_file(file), m_path(std::move(path)), m_first(first), m_end(first), m_size(kHeaderBytes) {}

SpoolSegment::SpoolSegment(SpoolSegment&& other) noexcept
    : m_file(std::exchange(other.m_file, -1)),
      m_path(std::move(other.m_path)),
      m_first(other.m_first),
      m_end(other.m_end),
      m_size(other.m_size) {}

SpoolSegment& SpoolSegment::operator=(SpoolSegment&& other) noexcept {
  std::swap(m_file, other.m_file);
  std::swap(m_path, other.m_path);
  m_first = other.m_first;
  m_end = other.m_end;
  m_size = other.m_size;
  return *this;
}

SpoolSegment::~SpoolSegment() {
  if (m_file >= 0) ::close(m_file);
}

Result<SpoolSegment> SpoolSegment::create(const std::string& path, std::int64_t first) {
  const int file = path.empty()
                       ? ::memfd_create("freshet-spool", MFD_CLOEXEC)
                       : ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return failure(path, errno);
  SpoolSegment segment(file, path, first);
  if (const int code = writeAll(file, kMagic, 0); code != 0) return failure(path, code);
  if (!path.empty()) syncFolderOf(path);
  return segment;
}

Result<SpoolSegment> SpoolSegment::open(const std::string& path, std::int64_t first,
                                        bool isNewest) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return failure(path, errno);
  SpoolSegment segment(file, path, first);
  const auto size = static_cast<std::uint64_t>(::lseek(file, 0, SEEK_END));
  std::string chunk;
  if (auto status = segment.read(0, kHeaderBytes, chunk); !status) return status.error();
  const bool isOurs = chunk == kMagic;
  if (!isOurs && !(isNewest && kMagic.starts_with(chunk))) {
    return Error{"E-3404", "This is no spool segment of Freshet; move it away to go on", path,
                 Retry::Fatal};
  }
  std::size_t window = 1 << 20;
  bool isBad = false;
  while (isOurs && segment.m_size < size && !isBad) {
    if (auto status = segment.read(segment.m_size, window, chunk); !status) return status.error();
    std::string_view rest = chunk;
    SpooledEvent event;
    const std::uint64_t before = segment.m_size;
    while (decode(rest, event, isBad)) {
      ++segment.m_end;
      segment.m_size = before + (chunk.size() - rest.size());
    }
    if (segment.m_size > before) continue;
    if (before + chunk.size() == size) break;
    window *= 2;
  }
  if (isOurs && segment.m_size == size) return segment;
  if (!isNewest) {
    return Error{"E-3404",
                 "The spool is damaged at byte " + std::to_string(segment.m_size) +
                     "; move the file away to go on without what follows in it",
                 path, Retry::Fatal};
  }
  // Written when the power went, and never answered with 2xx.
  if (::ftruncate(file, static_cast<off_t>(segment.m_size)) != 0) return failure(path, errno);
  if (!isOurs) {
    if (const int code = writeAll(file, kMagic, 0); code != 0) return failure(path, code);
  }
  if (auto status = segment.sync(); !status) return status.error();
  return segment;
}

void SpoolSegment::encode(const SpooledEvent& event, std::string& out) {
  const std::size_t start = out.size();
  const std::size_t length = kFixed + event.key.size() + event.bytes.size();
  put(static_cast<std::uint32_t>(length), out);
  put(std::uint32_t{0}, out);
  put(event.timeMs, out);
  put(static_cast<std::uint32_t>(event.key.size()), out);
  out.append(event.key).append(event.bytes);
  const std::uint32_t sum = checksum(std::string_view(out).substr(start + kFrame));
  std::memcpy(out.data() + start + 4, &sum, sizeof sum);
}

bool SpoolSegment::decode(std::string_view& bytes, SpooledEvent& event, bool& isBad) {
  if (bytes.size() < kFrame) return false;
  const auto length = take<std::uint32_t>(bytes, 0);
  isBad = length < kFixed || length > kMostEventBytes;
  if (isBad || bytes.size() < kFrame + length) return false;
  const std::string_view body = bytes.substr(kFrame, length);
  const auto keyLength = take<std::uint32_t>(body, 8);
  isBad = checksum(body) != take<std::uint32_t>(bytes, 4) || keyLength > length - kFixed;
  if (isBad) return false;
  event.timeMs = take<TimeMs>(body, 0);
  event.key = body.substr(kFixed, keyLength);
  event.bytes = body.substr(kFixed + keyLength);
  bytes.remove_prefix(kFrame + length);
  return true;
}

Status SpoolSegment::append(std::string_view encoded, std::int64_t count) {
  if (const int code = writeAll(m_file, encoded, m_size); code != 0) {
    if (::ftruncate(m_file, static_cast<off_t>(m_size)) != 0) return failure(m_path, errno);
    return failure(m_path, code);
  }
  m_size += encoded.size();
  m_end += count;
  return {};
}

Status SpoolSegment::cutTo(std::int64_t end, std::uint64_t bytes) {
  if (::ftruncate(m_file, static_cast<off_t>(bytes)) != 0) return failure(m_path, errno);
  m_end = end;
  m_size = bytes;
  return {};
}

void SpoolSegment::beginSync() const {
  // Places for the data of all files are then found in one turn of the file system's journal.
  if (!m_path.empty()) (void)::sync_file_range(m_file, 0, 0, SYNC_FILE_RANGE_WRITE);
}

Status SpoolSegment::sync() {
  if (m_path.empty() || ::fdatasync(m_file) == 0) return {};
  // What the kernel failed to write once it forgets: trying again would only look like success.
  Error error = failure(m_path, errno);
  error.retry = Retry::Fatal;
  return error;
}

Status SpoolSegment::read(std::uint64_t at, std::size_t most, std::string& out) const {
  out.resize(most);
  std::size_t have = 0;
  while (have < most) {
    const ssize_t count =
        ::pread(m_file, out.data() + have, most - have, static_cast<off_t>(at + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(m_path, errno);
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  out.resize(have);
  return {};
}

void SpoolSegment::remove() {
  if (!m_path.empty()) ::unlink(m_path.c_str());
}

}  // namespace freshet::http
