// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/collect/seen_ids.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "core/base/text.h"

namespace freshet::http {
namespace {

constexpr std::size_t kWords = 1 + SeenIds::kCount;
constexpr std::size_t kBytes = kWords * sizeof(std::uint64_t);

}  // namespace

Result<std::unique_ptr<SeenIds>> SeenIds::open(const std::string& folder) {
  std::unique_ptr<SeenIds> ids(new SeenIds);
  if (folder.empty()) {
    ids->m_memory.resize(kWords);
    ids->m_ring = ids->m_memory;
    return ids;
  }
  const std::string path = folder + "/ids";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  void* mapped = MAP_FAILED;
  // Allocated, not only long: a full disk would end the process at the first write to the map.
  if (file >= 0 && posix_fallocate(file, 0, kBytes) == 0)
    mapped = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  const int failed = errno;
  if (file >= 0) ::close(file);
  if (mapped == MAP_FAILED)
    return Error{"E-3403", std::string("Ids cannot be kept: ") + std::strerror(failed), path};
  ids->m_mapped = mapped;
  ids->m_ring = {static_cast<std::uint64_t*>(mapped), kWords};
  if (ids->m_ring[0] >= kCount) ids->m_ring[0] = 0;
  for (const std::uint64_t id : ids->m_ring.subspan(1)) {
    if (id != 0) ids->m_safe.insert(id);
  }
  return ids;
}

SeenIds::~SeenIds() {
  if (m_mapped) munmap(m_mapped, kBytes);
}

// Not to be guessed: who could make an id of the same number could have another's event dropped.
std::uint64_t SeenIds::of(std::string_view person, std::string_view messageId) {
  std::string text(person);
  text += '\0';
  text += messageId;
  const std::string digest = sha256(text);
  std::uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + 16, number, 16);
  return number | 1;
}

SeenIds::Claim SeenIds::claim(std::uint64_t id) {
  const std::scoped_lock lock(m_mutex);
  if (m_safe.contains(id)) return Claim::Safe;
  return m_underWay.insert(id).second ? Claim::New : Claim::UnderWay;
}

void SeenIds::insert(std::uint64_t id) {
  if (!m_safe.insert(id).second) return;
  std::uint64_t& slot = m_ring[1 + m_ring[0]];
  if (slot != 0) m_safe.erase(slot);
  slot = id;
  m_ring[0] = (m_ring[0] + 1) % kCount;
}

void SeenIds::keep(std::span<const std::uint64_t> ids) {
  const std::scoped_lock lock(m_mutex);
  for (const std::uint64_t id : ids) {
    insert(id);
    m_underWay.erase(id);
  }
}

void SeenIds::forget(std::span<const std::uint64_t> ids) {
  const std::scoped_lock lock(m_mutex);
  for (const std::uint64_t id : ids) m_underWay.erase(id);
}

bool SeenIds::areSafe(std::span<const std::uint64_t> ids) const {
  const std::scoped_lock lock(m_mutex);
  return std::ranges::all_of(ids, [this](std::uint64_t id) { return m_safe.contains(id); });
}

}  // namespace freshet::http
