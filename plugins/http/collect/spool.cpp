// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/http/collect/spool.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>

namespace freshet::http {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostSegmentBytes = 4 << 20;
// An active segment that is wholly done and longer than this is given up for a new one.
constexpr std::uint64_t kWorthRolling = 64 << 10;
constexpr std::size_t kReadBytes = 256 << 10;

}  // namespace

Spool::Spool(std::string folder, std::uint64_t mostBytes)
    : m_folder(std::move(folder)),
      m_mostBytes(mostBytes),
      m_segmentBytes(std::min(kMostSegmentBytes, mostBytes / (4 * kPartitions))) {}

Spool::~Spool() {
  {
    const std::scoped_lock lock(m_mutex);
    m_isEnding = true;
  }
  m_accepted.notify_all();
  if (m_thread.joinable()) m_thread.join();
}

Result<std::shared_ptr<Spool>> Spool::open(const std::string& folder, std::uint64_t mostBytes) {
  auto spool = std::shared_ptr<Spool>(new Spool(folder, mostBytes));
  if (auto status = spool->recover(); !status) return status.error();
  spool->m_thread = std::thread([raw = spool.get()] { raw->run(); });
  return spool;
}

std::string Spool::pathOf(int partition, std::int64_t first) const {
  if (m_folder.empty()) return {};
  char name[48];
  std::snprintf(name, sizeof name, "/%d-%019lld.spool", partition, static_cast<long long>(first));
  return m_folder + name;
}

Status Spool::recover() {
  if (m_folder.empty()) return {};
  std::error_code failed;
  fs::create_directories(m_folder, failed);
  std::map<std::int64_t, std::string> found[kPartitions];
  fs::directory_iterator at(m_folder, failed);
  for (const fs::directory_iterator end; !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (name.size() != 27 || name[1] != '-' || !name.ends_with(".spool")) continue;
    const int partition = name[0] - '0';
    std::int64_t first = -1;
    std::from_chars(name.data() + 2, name.data() + 21, first);
    if (partition >= 0 && partition < kPartitions && first >= 0)
      found[partition][first] = at->path().string();
  }
  if (failed) {
    return Error{"E-3403", "The spool of website events cannot be kept: " + failed.message(),
                 m_folder, Retry::Fatal};
  }
  for (int i = 0; i < kPartitions; ++i) {
    for (const auto& [first, path] : found[i]) {
      const bool isNewest = first == found[i].rbegin()->first;
      auto segment = SpoolSegment::open(path, first, isNewest);
      if (!segment) return segment.error();
      m_bytes += segment->bytes();
      m_partitions[i].durableEnd = segment->end();
      m_partitions[i].segments[first] = std::make_shared<SpoolSegment>(std::move(*segment));
    }
  }
  return {};
}

Status Spool::visitNewest(const std::function<void(const SpooledEvent&)>& visit) const {
  for (const Partition& partition : m_partitions) {
    if (partition.segments.empty()) continue;
    const SpoolSegment& segment = *partition.segments.rbegin()->second;
    std::string bytes;
    if (auto status = segment.read(SpoolSegment::kHeaderBytes, segment.bytes(), bytes); !status)
      return status;
    std::string_view rest = bytes;
    SpooledEvent event;
    bool isBad = false;
    while (SpoolSegment::decode(rest, event, isBad)) visit(event);
  }
  return {};
}

void Spool::append(std::span<const Entry> entries, Done done) {
  std::unique_lock lock(m_mutex);
  std::uint64_t size = 0;
  for (const Entry& entry : entries) size += entry.key.size() + entry.bytes.size() + 20;
  if (m_failure || m_isEnding || m_bytes + size > m_mostBytes) {
    const Outcome outcome = m_failure || m_isEnding ? Outcome::Failed : Outcome::Full;
    lock.unlock();
    return done(outcome);
  }
  m_bytes += size;
  for (const Entry& entry : entries) {
    SpoolSegment::encode({entry.key, entry.bytes, entry.timeMs},
                         m_pending.encoded[entry.partition]);
    ++m_pending.counts[entry.partition];
  }
  m_pending.done.push_back(std::move(done));
  lock.unlock();
  m_accepted.notify_one();
}

Status Spool::roll(int partition) {
  std::unique_lock lock(m_mutex);
  Partition& part = m_partitions[partition];
  const std::int64_t first = part.durableEnd;
  lock.unlock();
  auto segment = SpoolSegment::create(pathOf(partition, first), first);
  if (!segment) return segment.error();
  lock.lock();
  m_bytes += segment->bytes();
  part.isRollWanted = false;
  part.segments[first] = std::make_shared<SpoolSegment>(std::move(*segment));
  return {};
}

Status Spool::store(const Pending& pending) {
  struct Mark {
    SpoolSegment* segment;
    std::int64_t end;
    std::uint64_t bytes;
  };
  std::vector<Mark> marks;
  const auto takeBack = [&](Error error) -> Status {
    for (const Mark& mark : marks) {
      if (auto status = mark.segment->cutTo(mark.end, mark.bytes); !status)
        error.retry = Retry::Fatal;
    }
    return error;
  };
  for (int i = 0; i < kPartitions; ++i) {
    if (pending.counts[i] == 0) continue;
    Partition& part = m_partitions[i];
    std::unique_lock lock(m_mutex);
    SpoolSegment* active = part.segments.empty() ? nullptr : part.segments.rbegin()->second.get();
    const bool isNewNeeded = !active || active->bytes() >= m_segmentBytes ||
                             (part.isRollWanted && active->bytes() >= kWorthRolling);
    lock.unlock();
    if (isNewNeeded) {
      if (auto status = roll(i); !status) return takeBack(status.error());
      lock.lock();
      active = part.segments.rbegin()->second.get();
      lock.unlock();
    }
    marks.push_back({active, active->end(), active->bytes()});
    if (auto status = active->append(pending.encoded[i], pending.counts[i]); !status)
      return takeBack(status.error());
  }
  if (marks.size() > 1) {
    for (const Mark& mark : marks) mark.segment->beginSync();
  }
  for (const Mark& mark : marks) {
    if (auto status = mark.segment->sync(); !status) return status;
  }
  return {};
}

void Spool::run() {
  std::unique_lock lock(m_mutex);
  while (true) {
    m_accepted.wait(lock, [this] { return m_isEnding || !m_pending.done.empty(); });
    if (m_pending.done.empty()) return;
    Pending pending = std::exchange(m_pending, {});
    lock.unlock();
    const Status status = store(pending);
    lock.lock();
    for (int i = 0; i < kPartitions; ++i) {
      if (status) {
        m_partitions[i].durableEnd += pending.counts[i];
      } else {
        m_bytes -= pending.encoded[i].size();
      }
    }
    if (!status && status.error().retry == Retry::Fatal) m_failure = status.error();
    lock.unlock();
    m_stored.notify_all();
    for (const Done& done : pending.done) done(status ? Outcome::Stored : Outcome::Failed);
    lock.lock();
  }
}

Status Spool::begin(int partition, std::int64_t next) {
  Partition& part = m_partitions[partition];
  {
    const std::scoped_lock lock(m_mutex);
    part.next = next;
    part.segment = -1;
    if (!part.segments.empty()) part.next = std::max(next, part.segments.begin()->first);
    if (part.durableEnd >= next) return {};
    // The spool was deleted; numbers must go on where the checkpoint stands.
    part.durableEnd = next;
  }
  return roll(partition);
}

Status Spool::read(int partition, std::size_t most, Arena& arena,
                   std::vector<stage::Polled::Event>& events) {
  Partition& part = m_partitions[partition];
  while (most > 0) {
    std::unique_lock lock(m_mutex);
    if (m_failure) return *m_failure;
    if (part.next >= part.durableEnd) return {};
    auto found = part.segments.upper_bound(part.next);
    const std::int64_t end =
        found == part.segments.end() ? part.durableEnd : std::min(part.durableEnd, found->first);
    const std::shared_ptr<SpoolSegment> segment = std::prev(found)->second;
    lock.unlock();
    std::int64_t number = part.next;
    if (part.segment != segment->first()) {
      part.segment = segment->first();
      part.at = SpoolSegment::kHeaderBytes;
      number = segment->first();
    }
    std::size_t window = kReadBytes;
    std::string_view rest;
    SpooledEvent event;
    bool isBad = false;
    for (; number < end && most > 0; ++number) {
      while (!SpoolSegment::decode(rest, event, isBad)) {
        if (isBad || window > 4 * SpoolSegment::kMostEventBytes) {
          return Error{"E-3404",
                       "The spool is damaged at byte " + std::to_string(part.at) +
                           "; move the file away to go on without what follows in it",
                       pathOf(partition, segment->first()), Retry::Fatal};
        }
        if (auto status = segment->read(part.at, window, part.chunk); !status) return status;
        if (rest.size() == part.chunk.size()) window *= 2;
        rest = part.chunk;
      }
      part.at += 20 + event.key.size() + event.bytes.size();
      if (number < part.next) continue;
      stage::Polled::Event& out = events.emplace_back();
      out.bytes = arena.copy(event.bytes, record::kJsonPadding);
      out.key = arena.copy(event.key);
      out.partition = partition;
      out.offset = number;
      out.timeMs = event.timeMs;
      part.next = number + 1;
      --most;
    }
  }
  return {};
}

bool Spool::hasUnread(std::span<const std::int32_t> partitions) const {
  return std::ranges::any_of(partitions, [this](std::int32_t i) {
    const Partition& part = m_partitions[i];
    return part.next < part.durableEnd;
  });
}

void Spool::wait(std::span<const std::int32_t> partitions, std::chrono::milliseconds most) {
  std::unique_lock lock(m_mutex);
  m_stored.wait_for(lock, most, [&] { return m_failure || hasUnread(partitions); });
}

void Spool::release(int partition, std::int64_t next) {
  const std::scoped_lock lock(m_mutex);
  Partition& part = m_partitions[partition];
  while (part.segments.size() > 1 && std::next(part.segments.begin())->first <= next) {
    const auto oldest = part.segments.begin();
    m_bytes -= std::min(m_bytes, oldest->second->bytes());
    oldest->second->remove();
    part.segments.erase(oldest);
  }
  // The spool's thread alone looks at how long the active one is.
  if (next >= part.durableEnd) part.isRollWanted = true;
}

std::uint64_t Spool::bytes() const {
  const std::scoped_lock lock(m_mutex);
  return m_bytes;
}

}  // namespace freshet::http
