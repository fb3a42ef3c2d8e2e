// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/geoip/file_copy.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace freshet::geoip {
namespace {

Error refused(const std::string& path, int why) {
  return {"E-3501",
          "The place database " + path + " cannot be opened: " + std::strerror(why),
          {},
          Retry::Never};
}

}  // namespace

FileCopy::~FileCopy() {
  ::close(m_memory);
}

Result<std::shared_ptr<const FileCopy>> FileCopy::take(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return refused(path, errno);
  const std::shared_ptr<void> closing(nullptr, [file](void*) { ::close(file); });
  const int memory = ::memfd_create("places", MFD_CLOEXEC);
  if (memory < 0) return refused(path, errno);
  std::shared_ptr<const FileCopy> copy(new FileCopy(memory, path));
  while (true) {
    const ssize_t sent = ::sendfile(memory, file, nullptr, 1 << 24);
    if (sent == 0) return copy;
    if (sent < 0 && errno != EINTR) return refused(path, errno);
  }
}

Result<std::shared_ptr<const FileCopy>> FileCopies::of(const std::string& path) {
  struct stat now {};
  if (::stat(path.c_str(), &now) != 0) return refused(path, errno);
  const std::string key = path + '\n' + std::to_string(now.st_ino) + ' ' +
                          std::to_string(now.st_size) + ' ' + std::to_string(now.st_mtim.tv_sec) +
                          '.' + std::to_string(now.st_mtim.tv_nsec);
  const std::scoped_lock lock(m_mutex);
  if (auto known = m_copies[key].lock()) return known;
  std::erase_if(m_copies, [](const auto& entry) { return entry.second.expired(); });
  auto copy = FileCopy::take(path);
  if (copy) m_copies[key] = *copy;
  return copy;
}

}  // namespace freshet::geoip
