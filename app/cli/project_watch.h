// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"

namespace freshet::cli {

/// Notices when files of a project are saved. Its folders are watched from the start on, but not
/// hidden ones; what sinks keep open there is not noticed until it is closed. One thread.
class ProjectWatch {
 public:
  static Result<std::unique_ptr<ProjectWatch>> open(const std::string& folder);
  ~ProjectWatch();
  ProjectWatch(const ProjectWatch&) = delete;
  ProjectWatch& operator=(const ProjectWatch&) = delete;

  /// True once after something was saved and nothing more was for a tenth of a second.
  bool hasChanged();

 private:
  explicit ProjectWatch(int queue) : m_queue(queue) {}

  int m_queue;
  std::int64_t m_savedNs = 0;  ///< 0: nothing new
};

}  // namespace freshet::cli
