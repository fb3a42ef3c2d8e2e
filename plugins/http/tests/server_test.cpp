// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "plugins/http/server/http_server.h"
#include "plugins/http/tests/raw_client.h"

namespace freshet::http {
namespace {

using testing::RawClient;
using testing::statusOf;

std::string gzipped(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class Server : public ::testing::Test {
 protected:
  void start(const Limits& limits = {}) {
    std::vector<Route> routes;
    routes.push_back({"POST", "/echo", [this](const Request& request, const Reply& reply) {
                        ++m_answered;
                        reply({200, "text/plain", std::string(request.body), {}});
                      }});
    routes.push_back(
        {"GET", "/hello", [this](const Request& request, const Reply& reply) {
           ++m_answered;
           reply({200, "text/plain", "hello " + std::string(request.head.query()), {}});
         }});
    routes.push_back({"GET", "/never", [](const Request&, const Reply&) {}});
    auto server = HttpServer::start("127.0.0.1:0", std::move(routes), limits);
    ASSERT_TRUE(server) << server.error().text();
    m_server = std::move(*server);
  }
  /// Sends `bytes`, gives everything that comes back until the connection ends.
  std::string exchange(std::string_view bytes) {
    RawClient client(m_server->port());
    client.send(bytes);
    return client.readAll();
  }

  std::unique_ptr<HttpServer> m_server;
  std::atomic<int> m_answered{0};
};

std::size_t answersIn(std::string_view bytes) {
  std::size_t count = 0;
  for (auto at = bytes.find("HTTP/1.1 "); at != std::string_view::npos;
       at = bytes.find("HTTP/1.1 ", at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(Server, AnswersOneRequestAfterAnother) {
  start();
  RawClient client(m_server->port());
  EXPECT_TRUE(client.ask("GET /hello?a=1 HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("hello a=1"));
  EXPECT_TRUE(client.ask(testing::post("/echo", "body")).ends_with("\r\n\r\nbody"));
  const std::string chunked =
      "POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: Chunked\r\n\r\n"
      "3;name=value\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
  EXPECT_TRUE(client.ask(chunked).ends_with("\r\n\r\nabc0123456789"));
  const std::string packed = gzipped("inflated");
  EXPECT_TRUE(client.ask(testing::post("/echo", packed, "Content-Encoding: gzip\r\n"))
                  .ends_with("\r\n\r\ninflated"));
  const std::string head =
      client.ask("HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 500);
  EXPECT_EQ(head, "");  // a length, and no body behind it
  EXPECT_EQ(m_answered, 5);
}

TEST_F(Server, WaitsForABodyThatAsksBefore) {
  start();
  RawClient client(m_server->port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.readAnswer(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_TRUE(client.ask("body").ends_with("\r\n\r\nbody"));
}

struct Abuse {
  const char* name;
  std::string bytes;
  int status;  ///< 0: closed without an answer
};

std::vector<Abuse> abuses() {
  const std::string post = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  const std::string get = "GET /hello HTTP/1.1\r\n";
  const std::string hidden = "GET /hello?hidden HTTP/1.1\r\nHost: x\r\n\r\n";
  std::string manyHeaders = get + "Host: x\r\n";
  for (int i = 0; i < 10'000; ++i) manyHeaders += "a: b\r\n";
  std::string longChunkExtension = post + "Transfer-Encoding: chunked\r\n\r\n3;";
  longChunkExtension += std::string(1 << 20, 'x') + "\r\nabc\r\n0\r\n\r\n";
  const std::string bomb = gzipped(std::string(64 << 20, ' '));
  std::string cutGzip = gzipped("a body that is cut off in the middle of it");
  cutGzip.resize(cutGzip.size() / 2);
  return {
      {"length and chunks",
       post + "Content-Length: 44\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400},
      {"chunks and length",
       post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + hidden, 400},
      {"two lengths", post + "Content-Length: 0\r\nContent-Length: 41\r\n\r\n" + hidden, 400},
      {"two equal lengths", post + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + hidden, 400},
      {"list of lengths", post + "Content-Length: 0, 0\r\n\r\n" + hidden, 400},
      {"negative length", post + "Content-Length: -1\r\n\r\n" + hidden, 400},
      {"signed length", post + "Content-Length: +0\r\n\r\n" + hidden, 400},
      {"hexadecimal length", post + "Content-Length: 0x0\r\n\r\n" + hidden, 400},
      {"word for a length", post + "Content-Length: ten\r\n\r\n" + hidden, 400},
      {"empty length", post + "Content-Length:\r\n\r\n" + hidden, 400},
      {"length beyond numbers", post + "Content-Length: 99999999999999999999999\r\n\r\n", 413},
      {"2 GB length", post + "Content-Length: 2147483648\r\n\r\n", 413},
      {"no length", post + "\r\n" + hidden, 411},
      {"space before the colon", post + "Content-Length : 0\r\n\r\n" + hidden, 400},
      {"odd coding", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden, 400},
      {"list of codings", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + hidden, 400},
      {"coding twice",
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
       400},
      {"coding with a tab inside", post + "Transfer-Encoding: chun\tked\r\n\r\n0\r\n\r\n" + hidden,
       400},
      {"vertical tab in a value", post + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" + hidden,
       400},
      {"folded header", post + "X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
       400},
      {"folded length", post + "Content-Length:\r\n 41\r\n\r\n" + hidden, 400},
      {"bare line feeds", "POST /echo HTTP/1.1\nHost: x\nContent-Length: 0\n\n" + hidden, 400},
      {"bare line feed in the head", post + "X-A: b\nContent-Length: 41\r\n\r\n" + hidden, 400},
      {"bare carriage return", post + "X-A: b\rContent-Length: 41\r\n\r\n" + hidden, 400},
      {"NUL in a header", post + std::string("X-A: b\0c\r\nContent-Length: 0\r\n\r\n", 31) + hidden,
       400},
      {"two hosts", get + "Host: x\r\nHost: y\r\n\r\n" + hidden, 400},
      {"no host", get + "\r\n" + hidden, 400},
      {"empty host", get + "Host:\r\n\r\n" + hidden, 400},
      {"list of hosts", get + "Host: a, b\r\n\r\n" + hidden, 400},
      {"header without a colon", get + "Host: x\r\nnonsense\r\n\r\n" + hidden, 400},
      {"body on GET", get + "Host: x\r\nContent-Length: 41\r\n\r\n" + hidden, 400},
      {"chunks on GET", get + "Host: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
       400},
      {"chunks in HTTP/1.0",
       "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400},
      {"negative chunk", post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n" + hidden,
       400},
      {"chunk beyond numbers",
       post + "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc\r\n", 413},
      {"chunk overflow",
       post + "Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n" + hidden,
       400},
      {"0x chunk", post + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n" + hidden,
       400},
      {"chunk without its end",
       post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n" + hidden, 400},
      {"1 MB chunk extension", longChunkExtension, 413},
      {"odd expectation", post + "Content-Length: 3\r\nExpect: 200-ok\r\n\r\nabc", 417},
      {"HTTP/0.9", "GET /hello\r\n\r\n" + hidden, 400},
      {"HTTP/2", "GET /hello HTTP/2.0\r\nHost: x\r\n\r\n" + hidden, 505},
      {"HTTP/1.2", "GET /hello HTTP/1.2\r\nHost: x\r\n\r\n" + hidden, 505},
      {"HTTP/1.10", "GET /hello HTTP/1.10\r\nHost: x\r\n\r\n" + hidden, 400},
      {"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"two spaces", "GET  /hello HTTP/1.1\r\nHost: x\r\n\r\n" + hidden, 400},
      {"space in the target", "GET /hel lo HTTP/1.1\r\nHost: x\r\n\r\n" + hidden, 400},
      {"whole address as target", "GET http://x/hello HTTP/1.1\r\nHost: y\r\n\r\n" + hidden, 400},
      {"empty line before", "\r\n" + hidden, 400},
      {"TLS greeting", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400},
      {"1 MB line", "GET /" + std::string(1 << 20, 'a'), 414},
      {"9 KB target", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
      {"1 MB header", get + "Host: x\r\nX: " + std::string(1 << 20, 'a'), 431},
      {"65 headers",
       get + "Host: x\r\n" +
           [] {
             std::string out;
             for (int i = 0; i < 64; ++i) out += "a: b\r\n";
             return out;
           }() +
           "\r\n",
       431},
      {"10 k headers", manyHeaders + "\r\n", 431},
      {"2 MB body", testing::post("/echo", std::string(2 << 20, 'a')), 413},
      {"2 MB in chunks",
       post + "Transfer-Encoding: chunked\r\n\r\n200000\r\n" + std::string(1 << 21, 'a'), 413},
      {"gzip bomb", testing::post("/echo", bomb, "Content-Encoding: gzip\r\n"), 413},
      {"cut gzip", testing::post("/echo", cutGzip, "Content-Encoding: gzip\r\n"), 400},
      {"two gzips",
       testing::post("/echo", gzipped("a") + gzipped("b"), "Content-Encoding: gzip\r\n"), 400},
      {"no gzip", testing::post("/echo", "plain", "Content-Encoding: gzip\r\n"), 400},
      {"other encoding", testing::post("/echo", "x", "Content-Encoding: br\r\n"), 415},
  };
}

TEST_F(Server, RefusesWhatCouldBeReadInTwoWays) {
  start();
  for (const Abuse& abuse : abuses()) {
    SCOPED_TRACE(abuse.name);
    const int before = m_answered;
    const std::string answer = exchange(abuse.bytes);
    EXPECT_EQ(statusOf(answer), abuse.status) << answer.substr(0, 200);
    EXPECT_EQ(answersIn(answer), 1U) << answer.substr(0, 400);
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    EXPECT_EQ(m_answered, before);
  }
  EXPECT_EQ(statusOf(exchange("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")), 200);
}

TEST_F(Server, SaysWhatIsNotThereAndGoesOn) {
  start();
  RawClient client(m_server->port());
  EXPECT_EQ(statusOf(client.ask("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")), 404);
  const std::string wrong = client.ask("DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(statusOf(wrong), 405);
  EXPECT_NE(wrong.find("Allow: POST\r\n"), std::string::npos);
  EXPECT_EQ(statusOf(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")), 200);
}

TEST_F(Server, ReadsTheSameHoweverItIsCut) {
  start();
  const std::string bytes =
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n0\r\n\r\nGET /hello?x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const std::string whole = exchange(bytes);
  EXPECT_EQ(answersIn(whole), 2U);
  for (std::size_t step : {1, 2, 7, 40}) {
    RawClient client(m_server->port());
    for (std::size_t at = 0; at < bytes.size(); at += step) client.send(bytes.substr(at, step));
    EXPECT_EQ(client.readAll(), whole) << "in pieces of " << step;
  }
}

TEST_F(Server, AnswersTenThousandPipelinedRequestsInOrder) {
  start();
  RawClient client(m_server->port());
  constexpr int kCount = 10'000;
  std::thread sender([&] {
    for (int i = 0; i < kCount; ++i)
      client.send("GET /hello?" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n");
  });
  int inOrder = 0;
  for (int i = 0; i < kCount; ++i)
    inOrder += client.readAnswer().ends_with("hello " + std::to_string(i)) ? 1 : 0;
  sender.join();
  EXPECT_EQ(inOrder, kCount);
}

TEST_F(Server, EndsSlowHeadsSlowBodiesAndSilence) {
  Limits limits;
  limits.headTime = std::chrono::milliseconds(400);
  limits.bodyTime = std::chrono::milliseconds(400);
  limits.idleTime = std::chrono::milliseconds(400);
  start(limits);
  EXPECT_EQ(statusOf(exchange("GET /hello HTTP/1.1\r\nHo")), 408);
  EXPECT_EQ(statusOf(exchange("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")),
            408);
  EXPECT_EQ(statusOf(exchange("GET /never HTTP/1.1\r\nHost: x\r\n\r\n")), 503);
  EXPECT_EQ(exchange(""), "");
  const std::string idle = exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answersIn(idle), 1U);
}

TEST_F(Server, HonestClientsAreServedWhileSlowOnesHangOn) {
  Limits limits;
  limits.headTime = std::chrono::milliseconds(1500);
  limits.connectionsPerAddress = 100;
  start(limits);
  std::vector<RawClient> slow;
  slow.reserve(600);
  for (int i = 0; i < 600; ++i) {
    const std::string from = "127.0.1." + std::to_string(1 + i / 100);
    slow.emplace_back(m_server->port(), from.c_str());
    slow.back().send("GET /hello HTTP/1.1\r\nX-A: b");
  }
  std::vector<double> times;
  for (int i = 0; i < 200; ++i) {
    const auto from = std::chrono::steady_clock::now();
    RawClient client(m_server->port());
    EXPECT_EQ(statusOf(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")), 200);
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count());
  }
  std::ranges::sort(times);
  EXPECT_LT(times[197], 100) << "p99 in milliseconds";
  // One more from an address that has its share, then all slow ones are sent away.
  RawClient beyond(m_server->port(), "127.0.1.1");
  EXPECT_EQ(statusOf(beyond.readAll()), 429);
  int ended = 0;
  for (RawClient& client : slow) ended += statusOf(client.readAll(10'000)) == 408 ? 1 : 0;
  EXPECT_EQ(ended, 600);
}

TEST_F(Server, SaysWhyItCannotListen) {
  start();
  const auto taken = HttpServer::start("127.0.0.1:" + std::to_string(m_server->port()), {});
  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().message.find("another program uses this port"), std::string::npos);
  EXPECT_TRUE(HttpServer::check("[::1]:0"));
  for (const char* address : {"7410", "shop.example:80", "127.0.0.1:99999", "127.0.0.1:", ""})
    EXPECT_FALSE(HttpServer::check(address)) << address;
}

}  // namespace
}  // namespace freshet::http
