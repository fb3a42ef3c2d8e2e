// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/record/record.h"

namespace freshet::runtime {

struct LaneReader;

/// What each lane has in hand, in a file beside the state that outlives a crash. A crash in the
/// midst of a batch makes its events suspect: the next run takes those one at a time. One that
/// crashes alone is the killer, and no run takes it again. SIGKILL leaves no suspicion.
class InflightJournal {
 public:
  struct Range {
    char shard[64];  ///< "source-node/partition"
    std::int64_t from;
    std::int64_t to;
    std::int64_t isKiller;
  };
  struct Hand;
  enum class Verdict { Trusted, Suspect, Killer };

  /// Draws the conclusions of the run before. `folder` is empty: nothing is kept.
  static Result<std::unique_ptr<InflightJournal>> open(const std::string& folder);
  ~InflightJournal();

  bool isCalm() const { return m_suspects.empty(); }
  Verdict verdict(std::string_view shard, std::int64_t offset) const;
  /// On the lane's thread: crashes of this thread are that lane's from now on.
  void claim(int lane);
  /// The lane's thread has these in hand, until `letGo`. No system call, no lock.
  void hold(const LaneReader& reader, std::span<record::Origin* const> events);
  void letGo();
  /// The run has ended in order: there is nothing left to suspect.
  void close();

 private:
  InflightJournal() = default;
  struct File;
  Status conclude();

  std::string m_path;
  File* m_file = nullptr;
  std::vector<Range> m_suspects;
};

/// Has SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT leave word in the journal before they end the
/// process as they would. For programs that run pipelines and nothing else; before any lane.
void noteCrashes();

}  // namespace freshet::runtime
