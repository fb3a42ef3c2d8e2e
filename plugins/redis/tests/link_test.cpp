// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/redis/link.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "core/base/clock.h"
#include "core/record/json.h"

namespace freshet::redis {
namespace {

/// A server that answers one client by a script, whatever it asks.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::function<void(int client)> script) {
    m_listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(m_listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(m_listener, 1), 0);
    socklen_t size = sizeof address;
    getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
    m_address.host = "127.0.0.1";
    m_address.port = ntohs(address.sin_port);
    m_thread = std::thread([this, script = std::move(script)] {
      const int client = accept(m_listener, nullptr, nullptr);
      if (client < 0) return;
      const int on = 1;
      setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      script(client);
      close(client);
    });
  }
  /// Waits for the script: every test connects, and its link goes first.
  ~ScriptedServer() {
    m_thread.join();
    close(m_listener);
  }
  const Address& address() const { return m_address; }

 private:
  int m_listener = -1;
  Address m_address;
  std::thread m_thread;
};

bool sendText(int client, std::string_view text) {
  return send(client, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

/// Until the other side closes.
void awaitEnd(int client) {
  char byte;
  while (recv(client, &byte, 1, 0) > 0) {
  }
}

std::unique_ptr<Link> linkTo(const ScriptedServer& server, int timeoutMs = 300) {
  auto link = Link::open(server.address(), timeoutMs);
  EXPECT_TRUE(link.ok());
  return link.ok() ? std::move(*link) : nullptr;
}

Error expectBroken(std::string_view answer) {
  ScriptedServer server([answer](int client) {
    sendText(client, answer);
    awaitEnd(client);
  });
  auto link = linkTo(server);
  Arena arena;
  const std::int64_t begin = monotonicNs();
  const auto reply = link->receive(arena);
  EXPECT_LT(monotonicNs() - begin, 1'000'000'000);
  EXPECT_LT(arena.capacityBytes(), std::size_t{64} << 20);
  EXPECT_FALSE(reply.ok());
  return reply.ok() ? Error{} : reply.error();
}

TEST(Link, answersThatComeByteByByteAreRead) {
  const std::string answer = "*3\r\n$5\r\nhello\r\n$-1\r\n$0\r\n\r\n:42\r\n+OK\r\n";
  ScriptedServer server([&](int client) {
    for (const char c : answer) sendText(client, {&c, 1});
    awaitEnd(client);
  });
  auto link = linkTo(server, 5000);
  Arena arena;
  auto reply = link->receive(arena);
  ASSERT_TRUE(reply.ok());
  EXPECT_TRUE((*reply)->isArray);
  ASSERT_EQ((*reply)->leaves.size(), 3u);
  EXPECT_EQ((*reply)->leaves[0].text, "hello");
  EXPECT_EQ((*reply)->leaves[0].text.data()[5 + record::kJsonPadding - 1], '\0');
  EXPECT_EQ((*reply)->leaves[1].kind, Leaf::Kind::Nil);
  EXPECT_EQ((*reply)->leaves[2].text, "");
  EXPECT_EQ((*link->receive(arena))->leaves[0].integer, 42);
  EXPECT_EQ((*link->receive(arena))->leaves[0].text, "OK");
}

TEST(Link, commandsAreWrittenAsTheyAre) {
  std::string got;
  {
    ScriptedServer server([&](int client) {
      char bytes[256];
      ssize_t size;
      while ((size = recv(client, bytes, sizeof bytes, 0)) > 0) {
        got.append(bytes, static_cast<std::size_t>(size));
      }
    });
    auto link = linkTo(server);
    link->begin(2);
    link->add("GET");
    link->add(std::string_view("a\r\n\0b", 5));
    ASSERT_TRUE(link->send().ok());
    link.reset();
  }
  EXPECT_EQ(got, std::string("*2\r\n$3\r\nGET\r\n$5\r\na\r\n\0b\r\n", 24));
}

TEST(Link, silenceEndsAtTheTimeout) {
  EXPECT_EQ(expectBroken("").code, "E-3202");
}

TEST(Link, aTrickleEndsAtTheTimeout) {
  ScriptedServer server([](int client) {
    sendText(client, "$1000000\r\n");
    while (sendText(client, "x")) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  auto link = linkTo(server);
  Arena arena;
  const std::int64_t begin = monotonicNs();
  EXPECT_FALSE(link->receive(arena).ok());
  EXPECT_LT(monotonicNs() - begin, 1'000'000'000);
}

TEST(Link, anAnswerCutInTheMiddleIsAnError) {
  ScriptedServer server([](int client) { sendText(client, "$10\r\nabc"); });
  auto link = linkTo(server);
  Arena arena;
  const auto reply = link->receive(arena);
  ASSERT_FALSE(reply.ok());
  EXPECT_NE(reply.error().message.find("closed"), std::string::npos);
}

TEST(Link, hostileAnswersTakeNoMemory) {
  EXPECT_EQ(expectBroken("*2147483647\r\n").retry, Retry::Later);
  EXPECT_EQ(expectBroken("$2147483647\r\n").retry, Retry::Later);
  EXPECT_EQ(expectBroken("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n").code,
            "E-3202");
  EXPECT_EQ(expectBroken(">3\r\n+push\r\n").code, "E-3202");
  EXPECT_EQ(expectBroken("HTTP/1.1 400 Bad Request\r\n\r\n").code, "E-3202");
  EXPECT_EQ(expectBroken("$-5\r\n").retry, Retry::Later);
}

TEST(Link, aValueWithoutEndIsGivenUp) {
  ScriptedServer server([](int client) {
    sendText(client, "$2000000000\r\n");
    const std::string block(1 << 20, 'x');
    while (sendText(client, block)) {
    }
  });
  auto link = linkTo(server, 20'000);
  Arena arena;
  const auto reply = link->receive(arena);
  ASSERT_FALSE(reply.ok());
  EXPECT_NE(reply.error().message.find("too long"), std::string::npos) << reply.error().message;
}

TEST(Link, nobodyThereIsToldWithTheAddress) {
  Address nowhere;
  nowhere.host = "127.0.0.1";
  nowhere.port = 1;
  nowhere.password = "secret";
  const auto link = Link::open(nowhere, 300);
  ASSERT_FALSE(link.ok());
  EXPECT_EQ(link.error().code, "E-3201");
  EXPECT_EQ(link.error().retry, Retry::Later);
  EXPECT_NE(link.error().message.find("127.0.0.1:1"), std::string::npos);
  EXPECT_EQ(link.error().message.find("secret"), std::string::npos);
}

TEST(Link, complaintsOfTheServerPassOrDoNot) {
  EXPECT_EQ(serverError("h", "LOADING Redis is loading").retry, Retry::Later);
  EXPECT_EQ(serverError("h", "OOM command not allowed").retry, Retry::Later);
  EXPECT_EQ(serverError("h", "READONLY You can't write").retry, Retry::Later);
  EXPECT_EQ(serverError("h", "NOAUTH Authentication required.").code, "E-3204");
  EXPECT_EQ(serverError("h", "WRONGPASS invalid").retry, Retry::Fatal);
  EXPECT_EQ(serverError("h", "ERR unknown command").code, "E-3205");
}

}  // namespace
}  // namespace freshet::redis
