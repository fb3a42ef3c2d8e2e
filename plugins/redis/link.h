// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hiredis/hiredis.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/arena.h"
#include "core/base/result.h"
#include "plugins/redis/socket.h"

namespace freshet::redis {

/// One element of a reply. `text` is in the arena, with kJsonPadding readable bytes behind.
struct Leaf {
  enum class Kind { Text, Integer, Nil, Status, Error };
  Kind kind = Kind::Nil;
  std::string_view text;
  std::int64_t integer = 0;
};

/// A reply as its leaves in order: arrays are flattened.
struct Reply {
  bool isArray = false;
  std::vector<Leaf> leaves;

  /// The server's complaint, if that is what the reply is.
  const Leaf* error() const {
    return !isArray && !leaves.empty() && leaves[0].kind == Leaf::Kind::Error ? &leaves[0]
                                                                              : nullptr;
  }
};

/// One connection. One thread at a time. After any error it is of no use: drop it, for replies are
/// matched to commands by their order alone.
class Link {
 public:
  /// Connects, signs in, chooses the database. "E-3201": nobody there; "E-3204": not let in;
  /// "E-3206": not trusted.
  static Result<std::unique_ptr<Link>> open(const Address& address, int timeoutMs);

  /// Writes a command into the outgoing bytes, argument by argument; any bytes are safe.
  void begin(std::size_t arguments);
  void add(std::string_view argument);
  /// Sends what was written.
  Status send();
  /// The next reply; valid until the next call. Texts live in `arena`.
  Result<const Reply*> receive(Arena& arena);

 private:
  struct FreeReader {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };
  struct Building {
    Reply reply;
    Arena* arena = nullptr;
    std::size_t bytes = 0;
  };

  Link(std::unique_ptr<Socket> socket, const Address& address, int timeoutMs);
  static void* put(const redisReadTask* task, Leaf leaf);
  Status signIn(const Address& address);
  Status expectOk(Arena& arena);

  std::unique_ptr<Socket> m_socket;
  std::unique_ptr<redisReader, FreeReader> m_reader;
  std::string m_name;
  int m_timeoutMs;
  std::string m_outgoing;
  Building m_building;
};

/// An error for a complaint of the server: "-LOADING …" may pass, "-NOAUTH …" does not.
Error serverError(const std::string& server, std::string_view complaint);

}  // namespace freshet::redis
