// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/result.h"
#include "core/record/value.h"
#include "plugins/geoip/file_copy.h"

struct MMDB_s;

namespace freshet::geoip {

/// A MaxMind DB file, a copy of it mapped, and the places read from it so far. Values point into
/// both, so they live as long as this does, or as `arena` where the memory for known places is used
/// up. One thread.
class PlaceDatabase {
 public:
  /// E-3501 names the file.
  static Result<std::unique_ptr<PlaceDatabase>> open(const std::string& path, std::string language);
  static Result<std::unique_ptr<PlaceDatabase>> open(std::shared_ptr<const FileCopy> file,
                                                     std::string language);
  ~PlaceDatabase();
  PlaceDatabase(const PlaceDatabase&) = delete;
  PlaceDatabase& operator=(const PlaceDatabase&) = delete;

  /// The place of an IPv4 or IPv6 address; nil if it is none, or nothing is known of it.
  Result<record::Value> find(std::string_view address, Arena& arena);

 private:
  PlaceDatabase(std::shared_ptr<const FileCopy> file, std::string language);

  std::shared_ptr<const FileCopy> m_copy;
  std::string m_language;
  std::unique_ptr<MMDB_s> m_file;
  Arena m_memory;
  std::unordered_map<std::uint32_t, record::Value> m_known;  ///< by offset in the file
};

}  // namespace freshet::geoip
