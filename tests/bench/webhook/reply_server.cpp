// SPDX-License-Identifier: GPL-3.0-or-later
// reply_server: answers every HTTP request on a free loopback port with 200, as fast as one thread
// can. Prints its port. GET /took tells how many came since the last GET /took, and the seconds
// from the first of them to the last. Ends with its standard input.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/clock.h"

namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr std::string_view kLength = "Content-Length: ";

struct Tally {
  long count = 0;
  std::int64_t firstNs = 0;
  std::int64_t lastNs = 0;
};

std::string tell(Tally& tally) {
  const double seconds = static_cast<double>(tally.lastNs - tally.firstNs) / 1e9;
  const std::string text = std::to_string(tally.count) + ' ' + std::to_string(seconds);
  tally = {};
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
}

/// How long the first request in `bytes` is; 0: it is not all there.
std::size_t requestIn(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  std::size_t body = 0;
  if (const auto at = bytes.substr(0, end).find(kLength); at != std::string_view::npos)
    std::from_chars(bytes.data() + at + kLength.size(), bytes.data() + end, body);
  return bytes.size() >= end + 4 + body ? end + 4 + body : 0;
}

/// False: the connection is over.
bool serve(int peer, std::string& kept, Tally& tally) {
  char bytes[65536];
  const ssize_t count = read(peer, bytes, sizeof bytes);
  if (count <= 0) return false;
  kept.append(bytes, static_cast<std::size_t>(count));
  std::string answers;
  std::size_t at = 0;
  while (const std::size_t length = requestIn(std::string_view(kept).substr(at))) {
    if (std::string_view(kept).substr(at).starts_with("GET /took ")) {
      answers += tell(tally);
    } else {
      tally.lastNs = freshet::monotonicNs();
      if (tally.count++ == 0) tally.firstNs = tally.lastNs;
      answers += kAnswer;
    }
    at += length;
  }
  kept.erase(0, at);
  return answers.empty() || write(peer, answers.data(), answers.size()) > 0;
}

void watch(int poll, int file) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = file;
  epoll_ctl(poll, EPOLL_CTL_ADD, file, &event);
}

}  // namespace

int main() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof own;
  if (bind(listener, reinterpret_cast<sockaddr*>(&own), size) != 0 || listen(listener, 512) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&own), &size) != 0) {
    std::perror("reply_server");
    return EXIT_FAILURE;
  }
  std::printf("%d\n", ntohs(own.sin_port));
  std::fflush(stdout);
  const int poll = epoll_create1(0);
  watch(poll, listener);
  watch(poll, STDIN_FILENO);
  std::unordered_map<int, std::string> peers;
  Tally tally;
  while (true) {
    epoll_event events[64];
    const int count = epoll_wait(poll, events, 64, -1);
    for (int i = 0; i < count; ++i) {
      const int file = events[i].data.fd;
      if (file == STDIN_FILENO) return EXIT_SUCCESS;
      if (file == listener) {
        const int peer = accept(listener, nullptr, nullptr);
        const int on = 1;
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        peers[peer];
        watch(poll, peer);
      } else if (!serve(file, peers[file], tally)) {
        peers.erase(file);
        close(file);
      }
    }
  }
}
