// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace freshet::http {

/// One accepted event in the spool.
struct SpooledEvent {
  std::string_view key;
  std::string_view bytes;
  TimeMs timeMs = 0;
};

/// A file of events with consecutive numbers: a header of 8 bytes, then for each event its length
/// and CRC-32 (little-endian, 4 bytes each), time (8), length of the key (4), key and bytes.
/// Without a path it is anonymous memory. Appending is one thread's; reading may be another's, up
/// to what is known to be synced.
class SpoolSegment {
 public:
  static constexpr std::uint32_t kMostEventBytes = 16 << 20;

  static Result<SpoolSegment> create(const std::string& path, std::int64_t first);
  /// Counts what is there. A torn end is cut off if `isNewest`, else an error (E-3404).
  static Result<SpoolSegment> open(const std::string& path, std::int64_t first, bool isNewest);
  SpoolSegment(SpoolSegment&& other) noexcept;
  SpoolSegment& operator=(SpoolSegment&& other) noexcept;
  ~SpoolSegment();

  std::int64_t first() const { return m_first; }
  std::int64_t end() const { return m_end; }      ///< number behind the last event
  std::uint64_t bytes() const { return m_size; }  ///< where the next one goes
  static void encode(const SpooledEvent& event, std::string& out);
  /// Writes `count` encoded events; on an error the file is as before.
  Status append(std::string_view encoded, std::int64_t count);
  /// Takes back what was appended since the segment ended so.
  Status cutTo(std::int64_t end, std::uint64_t bytes);
  /// Asks the kernel to begin writing; sync() then waits for less.
  void beginSync() const;
  Status sync();
  /// Up to `most` bytes from `at`, into `out`; fewer at the end.
  Status read(std::uint64_t at, std::size_t most, std::string& out) const;
  void remove();

  static constexpr std::uint64_t kHeaderBytes = 8;
  /// Takes an event off the front of `bytes`; false: it is not all there. `isBad`: CRC or length.
  static bool decode(std::string_view& bytes, SpooledEvent& event, bool& isBad);

 private:
  SpoolSegment(int file, std::string path, std::int64_t first);

  int m_file = -1;
  std::string m_path;
  std::int64_t m_first = 0;
  std::int64_t m_end = 0;
  std::uint64_t m_size = 0;
};

}  // namespace freshet::http
