// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/base/result.h"

namespace freshet::geoip {

/// The bytes of a file as they were, in memory that can be mapped by a path of its own. Whoever
/// maps the file itself dies by SIGBUS when somebody shortens it.
class FileCopy {
 public:
  /// E-3501 names the file.
  static Result<std::shared_ptr<const FileCopy>> take(const std::string& path);
  ~FileCopy();
  FileCopy(const FileCopy&) = delete;
  FileCopy& operator=(const FileCopy&) = delete;

  /// Where to map it; good while this lives.
  std::string path() const { return "/proc/self/fd/" + std::to_string(m_memory); }
  const std::string& original() const { return m_original; }

 private:
  FileCopy(int memory, std::string original) : m_memory(memory), m_original(std::move(original)) {}

  int m_memory;
  std::string m_original;
};

/// One copy of a file for all lanes, taken anew once the file is another. Any thread.
class FileCopies {
 public:
  Result<std::shared_ptr<const FileCopy>> of(const std::string& path);

 private:
  std::mutex m_mutex;
  std::map<std::string, std::weak_ptr<const FileCopy>> m_copies;  ///< by path, inode and time
};

}  // namespace freshet::geoip
