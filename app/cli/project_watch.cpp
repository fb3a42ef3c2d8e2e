// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/project_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include "core/base/clock.h"

namespace freshet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kQuietNs = 100'000'000;
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
// What a pipeline can refer to; what it writes itself (mails, logs) would make it look again.
constexpr std::array<std::string_view, 7> kEndings = {".json", ".liquid", ".html", ".txt",
                                                      ".csv",  ".ndjson", ".mmdb"};

bool isOfInterest(std::string_view name) {
  return std::ranges::any_of(kEndings, [&](auto ending) { return name.ends_with(ending); });
}

Error cannotWatch(const std::string& folder) {
  return {"E-3605", "The project cannot be watched: " + std::string(std::strerror(errno)), folder,
          Retry::Never};
}

}  // namespace

Result<std::unique_ptr<ProjectWatch>> ProjectWatch::open(const std::string& folder) {
  const int queue = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (queue < 0) return cannotWatch(folder);
  std::unique_ptr<ProjectWatch> made(new ProjectWatch(queue));
  if (::inotify_add_watch(queue, folder.c_str(), kEvents) < 0) return cannotWatch(folder);
  std::error_code failed;
  for (auto each = fs::recursive_directory_iterator(folder, failed);
       !failed && each != fs::recursive_directory_iterator(); each.increment(failed)) {
    if (!each->is_directory(failed)) continue;
    if (each->path().filename().string().starts_with('.')) {
      each.disable_recursion_pending();
    } else if (::inotify_add_watch(queue, each->path().c_str(), kEvents) < 0) {
      return cannotWatch(each->path().string());
    }
  }
  return made;
}

ProjectWatch::~ProjectWatch() {
  ::close(m_queue);
}

bool ProjectWatch::hasChanged() {
  alignas(inotify_event) std::array<char, 4096> buffer;
  ssize_t size = 0;
  while ((size = ::read(m_queue, buffer.data(), buffer.size())) > 0) {
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      if (event->len > 0 && isOfInterest(event->name)) m_savedNs = monotonicNs();
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
  if (m_savedNs == 0 || monotonicNs() - m_savedNs < kQuietNs) return false;
  m_savedNs = 0;
  return true;
}

}  // namespace freshet::cli
