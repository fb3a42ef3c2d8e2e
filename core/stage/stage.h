// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/record/record.h"

namespace freshet::stage {

class StageContext;

/// A record that a stage could not process: it leaves for the dead letters with its original bytes.
struct Failure {
  record::Record* record = nullptr;
  std::string_view code;     ///< stable, "E-2101"; static storage
  std::string_view message;  ///< what happened; in the batch's arena or static
  std::string_view pointer;  ///< JSON pointer into the event, or empty
};

/// Where a stage puts its records. Ports are numbered as in NodeSpec::outputs (or the cases).
/// A record that is emitted nowhere was filtered. A node without outputs that does something with
/// its records (profile.write) emits them to port 0 to say that they arrived.
/// A record may be emitted to one port at most; the lane clones where several edges leave a port.
class Output {
 public:
  Output(Arena& memory, std::size_t ports) : m_arena(&memory), m_ports(ports) {}

  void emit(std::size_t port, record::Record* record) { m_ports[port].push_back(record); }
  /// A record that this stage made (Origin::kNoOrdinal): counted as emitted, not as passed on.
  void emitNew(std::size_t port, record::Record* record) {
    ++m_made;
    emit(port, record);
  }
  void fail(record::Record* record, std::string_view code, std::string_view message,
            std::string_view pointer = {}) {
    m_failures.push_back({record, code, message, pointer});
  }
  /// The record rests in keyed state (`wait`): not lost, not passed on.
  void hold(record::Record* record) { m_held.push_back(record); }

  Arena& arena() { return *m_arena; }
  /// For the driver: an empty output over a batch's arena, keeping its memory.
  void begin(Arena& memory) {
    m_arena = &memory;
    for (auto& port : m_ports) port.clear();
    m_failures.clear();
    m_held.clear();
    m_made = 0;
  }
  /// For the driver: how many were made since the last call.
  std::size_t takeMade() { return std::exchange(m_made, 0); }
  std::vector<std::vector<record::Record*>>& ports() { return m_ports; }
  std::vector<Failure>& failures() { return m_failures; }
  std::vector<record::Record*>& held() { return m_held; }

 private:
  Arena* m_arena;
  std::vector<std::vector<record::Record*>> m_ports;
  std::vector<Failure> m_failures;
  std::vector<record::Record*> m_held;
  std::size_t m_made = 0;
};

/// A timer that came due: the key it was set for, and its time.
struct Timer {
  std::uint32_t shard = 0;
  std::string_view key;
  TimeMs atMs = 0;
};

/// More: `resume` has further output. The lane first runs everything downstream of what it got.
enum class Step { Done, More };

/// A node at work in one lane. Called from its lane's thread only, one batch after another; state
/// that must survive lives in StageContext::state(). An error returned by `process` is a failure of
/// the stage (the lane retries the whole batch); a bad record leaves by Output::fail instead.
class Stage {
 public:
  virtual ~Stage() = default;

  /// The only place for side effects at start. The context outlives the stage.
  virtual Status open(StageContext&) { return {}; }
  virtual Result<Step> process(record::Batch& batch, Output& out) = 0;
  virtual Result<Step> resume(Output&) { return Step::Done; }
  /// Due timers of this node, oldest first; emits records with Origin::kNoOrdinal.
  virtual Status onTimers(std::span<const Timer>, Output&) { return {}; }
};

}  // namespace freshet::stage
