// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/inflight_journal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "core/runtime/lane_reader.h"

namespace freshet::runtime {

struct InflightJournal::Hand {
  static constexpr std::int64_t kMostRanges = 32;
  volatile std::int64_t signal;  ///< set by the handler, on the lane's own thread
  std::int64_t isSingle;
  volatile std::int64_t count;
  Range ranges[kMostRanges];
};

struct InflightJournal::File {
  static constexpr std::size_t kMostLanes = 64;
  static constexpr std::int64_t kMostSuspects = 512;
  static constexpr std::int64_t kMark = 0x31'4c'4e'52'4a'48'53'46;  // FSHJRNL1
  std::int64_t mark;
  std::int64_t suspects;
  Range suspect[kMostSuspects];
  Hand hands[kMostLanes];
};

namespace {

thread_local InflightJournal::Hand* t_hand = nullptr;
// A lane whose own stack has run over still has this much to say so.
constexpr std::size_t kStackBytes = 64 << 10;
/// Where this thread's signals are handled when its own stack is full; the one before comes back.
class SignalStack {
 public:
  SignalStack() {
    stack_t stack{};
    stack.ss_sp = m_bytes.get();
    stack.ss_size = kStackBytes;
    ::sigaltstack(&stack, &m_before);
  }
  ~SignalStack() { ::sigaltstack(&m_before, nullptr); }
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;

 private:
  std::unique_ptr<char[]> m_bytes = std::make_unique<char[]>(kStackBytes);
  stack_t m_before{};
};
thread_local std::optional<SignalStack> t_stack;

constexpr int kCrashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

bool isOf(const InflightJournal::Range& range, std::string_view shard, std::int64_t offset) {
  return offset >= range.from && offset < range.to && shard == range.shard;
}

Error unwritable(const std::string& path) {
  return {"E-3603", "The state folder cannot be written: " + std::string(std::strerror(errno)),
          path, Retry::Fatal};
}

}  // namespace

Result<std::unique_ptr<InflightJournal>> InflightJournal::open(const std::string& folder) {
  std::unique_ptr<InflightJournal> journal(new InflightJournal);
  if (folder.empty()) return journal;
  journal->m_path = folder + "/inflight.journal";
  const int file = ::open(journal->m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return unwritable(journal->m_path);
  void* mapped = MAP_FAILED;
  // Room for all of it now: a hole that the disk has no block for would end us by SIGBUS.
  if (::posix_fallocate(file, 0, sizeof(File)) == 0)
    mapped = ::mmap(nullptr, sizeof(File), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) return unwritable(journal->m_path);
  journal->m_file = static_cast<File*>(mapped);
  if (auto status = journal->conclude(); !status) return status.error();
  return journal;
}

InflightJournal::~InflightJournal() {
  if (m_file) ::munmap(m_file, sizeof(File));
}

Status InflightJournal::conclude() {
  if (m_file->mark == File::kMark) {
    const auto known = std::clamp<std::int64_t>(m_file->suspects, 0, File::kMostSuspects);
    m_suspects.assign(m_file->suspect, m_file->suspect + known);
    for (const Hand& hand : m_file->hands) {
      if (hand.signal == 0) continue;
      const auto count = std::clamp<std::int64_t>(std::int64_t{hand.count}, 0, Hand::kMostRanges);
      for (std::int64_t i = 0; i < count; ++i) {
        Range& range = m_suspects.emplace_back(hand.ranges[i]);
        range.shard[sizeof range.shard - 1] = '\0';
        range.isKiller = hand.isSingle;
      }
    }
    // The oldest have long been passed.
    if (std::ssize(m_suspects) > File::kMostSuspects)
      m_suspects.erase(m_suspects.begin(), m_suspects.end() - File::kMostSuspects);
  }
  std::memset(static_cast<void*>(m_file), 0, sizeof(File));
  std::ranges::copy(m_suspects, m_file->suspect);
  m_file->suspects = static_cast<std::int64_t>(m_suspects.size());
  m_file->mark = File::kMark;
  return ::msync(m_file, sizeof(File), MS_SYNC) == 0 ? Status() : Status(unwritable(m_path));
}

InflightJournal::Verdict InflightJournal::verdict(std::string_view shard,
                                                  std::int64_t offset) const {
  Verdict verdict = Verdict::Trusted;
  for (const Range& range : m_suspects) {
    if (!isOf(range, shard, offset)) continue;
    if (range.isKiller) return Verdict::Killer;
    verdict = Verdict::Suspect;
  }
  return verdict;
}

void InflightJournal::claim(int lane) {
  if (!m_file || static_cast<std::size_t>(lane) >= File::kMostLanes) return;
  t_hand = &m_file->hands[lane];
  t_stack.emplace();
}

void InflightJournal::hold(const LaneReader& reader, std::span<record::Origin* const> events) {
  if (!t_hand) return;
  Hand& hand = *t_hand;
  hand.count = 0;
  std::int64_t count = 0;
  Range* range = nullptr;
  std::int32_t partition = -1;
  for (const record::Origin* event : events) {
    if (!range || partition != event->partition) {
      if (count == Hand::kMostRanges) break;
      const auto shard = reader.shards.find(event->partition);
      if (shard == reader.shards.end()) continue;
      partition = event->partition;
      range = &hand.ranges[count++];
      const std::string_view name = shard->second.name;
      const std::size_t size = name.copy(range->shard, sizeof range->shard - 1);
      range->shard[size] = '\0';
      range->from = event->offset;
      range->isKiller = 0;
    }
    range->to = event->offset + 1;
  }
  hand.isSingle = events.size() == 1 ? 1 : 0;
  // The handler that may interrupt us from here on is to see all of the above.
  std::atomic_signal_fence(std::memory_order_release);
  hand.count = count;
}

void InflightJournal::letGo() {
  if (t_hand) t_hand->count = 0;
}

void InflightJournal::close() {
  if (m_file) std::memset(static_cast<void*>(m_file), 0, sizeof(File));
}

void noteCrashes() {
  struct sigaction action {};
  action.sa_handler = [](int number) {
    if (t_hand && t_hand->count > 0) t_hand->signal = number;
    ::raise(number);  // SA_RESETHAND: this time it ends the process
  };
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK | SA_NODEFER);
  for (const int number : kCrashes) ::sigaction(number, &action, nullptr);
}

}  // namespace freshet::runtime
