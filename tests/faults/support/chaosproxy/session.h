// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <poll.h>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/faults/support/chaosproxy/wire.h"

namespace chaos {

/// What to do with frames of one Kafka API on their way to the broker.
struct Rule {
  enum class Action {
    Hold,      ///< it and all behind it wait for `release`
    Drop,      ///< the broker never sees it
    Twice,     ///< the broker sees it twice, the client one answer
    Cut,       ///< both ends are reset before the broker sees it
    CutAfter,  ///< the broker answers, the client is reset instead of hearing it
    Sever      ///< the client is reset; the frame waits on the broker's side for `release`
  };
  std::int16_t api = 0;
  Action action = Action::Hold;
  int skip = 0;
  int times = 1;  ///< -1: always
};

/// A way through the proxy: what its connections suffer, and what they did.
struct Link {
  std::string name;
  std::uint16_t port = 0;
  std::uint16_t target = 0;
  bool isKafka = false;
  Socket listener;
  std::int64_t latencyNs = 0;
  std::size_t sliceBytes = 0;  ///< 0: whole
  std::int64_t sliceGapNs = 0;
  bool isStalled = false;
  std::optional<std::size_t> resetAfter;  ///< bytes of answer that still come through
  std::vector<Rule> rules;
  std::map<std::int16_t, std::uint64_t> frames;
  std::uint64_t connections = 0;
  std::uint64_t injected = 0;
  std::vector<std::string> staleAnswers;  ///< to released frames whose client is gone, as hex
};

/// One connection through a link: two sockets and what is on its way between them.
class Session {
 public:
  Session(Link& link, Socket client);

  Link& link() const { return *m_link; }
  bool isDead() const { return !m_client.isOpen() && !m_server.isOpen(); }
  bool isHolding() const { return !m_held.empty(); }
  bool isSevered() const { return m_isSevered; }
  void wants(std::vector<pollfd>& list) const;
  void handle(const pollfd& ready);
  /// Writes what is due. The time of the next that is not, or INT64_MAX.
  std::int64_t pump();
  void release();
  void reset();

 private:
  struct Chunk {
    std::int64_t dueNs;
    std::string bytes;
  };
  struct Direction {
    std::deque<Chunk> queue;
    std::size_t bytes = 0;
    bool isEnded = false;
    std::int64_t nextNs = 0;
  };
  struct Asked {
    std::int16_t api;
    bool isSwallowed;  ///< the answer to the second copy of a frame
    bool cutsAfter;
  };

  void receive(Socket& from, Direction& direction, bool isUp);
  void up(std::string_view frame);
  void down(std::string_view frame);
  void send(std::string_view frame, bool cutsAfter);
  void push(Direction& direction, std::string_view bytes) const;
  std::int64_t drain(Socket& to, Direction& direction);
  Rule* match(std::int16_t api) const;

  Link* m_link;
  Socket m_client, m_server;
  Direction m_up, m_down;
  FrameCutter m_upFrames, m_downFrames;
  std::deque<Asked> m_asked;  ///< Kafka answers in order
  std::vector<std::string> m_held;
  bool m_isSevered = false;
};

}  // namespace chaos
