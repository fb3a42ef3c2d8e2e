// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/redis/link.h"

#include <algorithm>
#include <array>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/record/json.h"

namespace freshet::redis {
namespace {

// What an honest server never exceeds; beyond it the connection is given up.
constexpr std::size_t kMostBytesOfALeaf = 8 << 20;
constexpr std::size_t kMostBytesOfAReply = 64 << 20;
constexpr std::size_t kMostLeaves = 1'000'000;

}  // namespace

Error serverError(const std::string& server, std::string_view complaint) {
  constexpr std::array<std::string_view, 9> kPassing{"LOADING",     "BUSY",       "OOM",
                                                     "READONLY",    "MISCONF",    "MASTERDOWN",
                                                     "CLUSTERDOWN", "NOREPLICAS", "TRYAGAIN"};
  constexpr std::array<std::string_view, 3> kNotLetIn{"NOAUTH", "WRONGPASS", "NOPERM"};
  const auto begins = [&](std::string_view word) { return complaint.starts_with(word); };
  const std::string text = "Redis at " + server + " answers: " + oneLine(complaint, 200);
  if (std::ranges::any_of(kPassing, begins)) {
    return {"E-3203", text + ". It is tried again.", {}, Retry::Later};
  }
  if (std::ranges::any_of(kNotLetIn, begins) || begins("ERR AUTH")) {
    return {"E-3204",
            text + ". Correct user and password in the connection's address.",
            {},
            Retry::Fatal};
  }
  return {"E-3205", text, {}, Retry::Fatal};
}

Link::Link(std::unique_ptr<Socket> socket, const Address& address, int timeoutMs)
    : m_socket(std::move(socket)), m_name(address.name()), m_timeoutMs(timeoutMs) {
  static redisReplyObjectFunctions functions{
      [](const redisReadTask* task, char* text, std::size_t size) -> void* {
        Building& building = *static_cast<Building*>(task->privdata);
        building.bytes += size;
        if (building.bytes > kMostBytesOfAReply) return nullptr;
        const auto kind = task->type == REDIS_REPLY_ERROR    ? Leaf::Kind::Error
                          : task->type == REDIS_REPLY_STATUS ? Leaf::Kind::Status
                                                             : Leaf::Kind::Text;
        return put(task, {kind, building.arena->copy({text, size}, record::kJsonPadding), 0});
      },
      [](const redisReadTask* task, int) -> void* {
        Building& building = *static_cast<Building*>(task->privdata);
        building.reply.isArray = true;
        return &building;
      },
      [](const redisReadTask* task, long long value) -> void* {
        return put(task, {Leaf::Kind::Integer, {}, value});
      },
      [](const redisReadTask* task) -> void* { return put(task, {}); }, [](void*) {}};
  m_reader.reset(redisReaderCreateWithFunctions(&functions));
  m_reader->privdata = &m_building;
  m_reader->maxbuf = 0;  // keeps its buffer between replies
}

void* Link::put(const redisReadTask* task, Leaf leaf) {
  Building& building = *static_cast<Building*>(task->privdata);
  if (building.reply.leaves.size() >= kMostLeaves) return nullptr;
  building.reply.leaves.push_back(leaf);
  return &building;
}

Result<std::unique_ptr<Link>> Link::open(const Address& address, int timeoutMs) {
  auto socket = Socket::open(address, timeoutMs);
  if (!socket) return socket.error();
  std::unique_ptr<Link> link(new Link(std::move(*socket), address, timeoutMs));
  if (auto status = link->signIn(address); !status) return status.error();
  return link;
}

Status Link::signIn(const Address& address) {
  std::size_t expected = 0;
  if (!address.password.empty()) {
    begin(address.user.empty() ? 2 : 3);
    add("AUTH");
    if (!address.user.empty()) add(address.user);
    add(address.password);
    ++expected;
  }
  if (address.database != 0) {
    begin(2);
    add("SELECT");
    add(std::to_string(address.database));
    ++expected;
  }
  if (auto status = send(); !status) return status;
  Arena arena(1024);
  for (; expected > 0; --expected) {
    if (auto status = expectOk(arena); !status) return status;
  }
  return {};
}

Status Link::expectOk(Arena& arena) {
  auto reply = receive(arena);
  if (!reply) return reply.error();
  if (const Leaf* complaint = (*reply)->error()) return serverError(m_name, complaint->text);
  return {};
}

void Link::begin(std::size_t arguments) {
  m_outgoing += '*';
  m_outgoing += std::to_string(arguments);
  m_outgoing += "\r\n";
}

void Link::add(std::string_view argument) {
  m_outgoing += '$';
  m_outgoing += std::to_string(argument.size());
  m_outgoing += "\r\n";
  m_outgoing += argument;
  m_outgoing += "\r\n";
}

Status Link::send() {
  Status status = m_socket->send(m_outgoing);
  m_outgoing.clear();
  return status;
}

Result<const Reply*> Link::receive(Arena& arena) {
  m_building.reply.isArray = false;
  m_building.reply.leaves.clear();
  m_building.arena = &arena;
  m_building.bytes = 0;
  const std::int64_t until = monotonicNs() + std::int64_t{m_timeoutMs} * 1'000'000;
  for (;;) {
    void* done = nullptr;
    if (redisReaderGetReply(m_reader.get(), &done) != REDIS_OK) {
      return m_socket->broken(std::string("its answer cannot be read: ") + m_reader->errstr);
    }
    if (done) return &m_building.reply;
    if (m_reader->len - m_reader->pos > kMostBytesOfALeaf)
      return m_socket->broken("its answer is too long");
    char bytes[64 * 1024];
    const auto got = m_socket->receive(bytes, sizeof bytes);
    if (!got) return got.error();
    if (monotonicNs() > until) {
      return m_socket->broken("no answer within " + formatDuration(m_timeoutMs));
    }
    if (redisReaderFeed(m_reader.get(), bytes, *got) != REDIS_OK) {
      return m_socket->broken(std::string("its answer cannot be read: ") + m_reader->errstr);
    }
  }
}

}  // namespace freshet::redis
