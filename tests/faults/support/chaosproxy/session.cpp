// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/faults/support/chaosproxy/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace chaos {
namespace {

constexpr std::size_t kMostQueued = 4 << 20;
constexpr std::int16_t kProduce = 0;

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4];
    text += kDigits[value & 15];
  }
  return text;
}

/// A produce request with acks=0 has no answer.
bool hasAnswer(std::string_view frame, std::int16_t api) {
  if (api != kProduce) return true;
  const std::int16_t version = int16At(frame, 6);
  std::size_t at = 12 + 2 + static_cast<std::size_t>(std::max<int>(0, int16At(frame, 12)));
  if (version >= 9) return true;  // flexible; librdkafka 2.0.2 and kcat send up to 7
  if (version >= 3) at += 2 + static_cast<std::size_t>(std::max<int>(0, int16At(frame, at)));
  return int16At(frame, at) != 0;
}

}  // namespace

Session::Session(Link& link, Socket client)
    : m_link(&link), m_client(std::move(client)), m_server(Socket::connect(link.target)) {
  ++link.connections;
  if (!m_server.isOpen()) reset();
}

void Session::wants(std::vector<pollfd>& list) const {
  const auto add = [&](const Socket& socket, const Direction& in, const Direction& out) {
    if (!socket.isOpen()) return;
    short events = 0;
    if (!in.isEnded && in.bytes < kMostQueued) events |= POLLIN;
    if (!m_link->isStalled && !out.queue.empty() && out.queue.front().dueNs <= nowNs() &&
        out.nextNs <= nowNs()) {
      events |= POLLOUT;
    }
    list.push_back({socket.number(), events, 0});
  };
  add(m_client, m_up, m_down);
  add(m_server, m_down, m_up);
}

void Session::handle(const pollfd& ready) {
  if (!(ready.revents & (POLLIN | POLLHUP | POLLERR))) return;
  if (ready.fd == m_client.number()) receive(m_client, m_up, true);
  if (ready.fd == m_server.number()) receive(m_server, m_down, false);
}

void Session::receive(Socket& from, Direction& direction, bool isUp) {
  char block[65536];
  const ssize_t got = ::recv(from.number(), block, sizeof block, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got < 0) return reset();
  if (got == 0) {
    direction.isEnded = true;
    return;
  }
  const std::string_view bytes(block, static_cast<std::size_t>(got));
  if (!m_link->isKafka) return push(direction, bytes);
  FrameCutter& cutter = isUp ? m_upFrames : m_downFrames;
  cutter.feed(bytes, [&](std::string_view frame) {
    if (isDead()) return;
    if (isUp) {
      up(frame);
    } else {
      down(frame);
    }
  });
}

Rule* Session::match(std::int16_t api) const {
  for (Rule& rule : m_link->rules) {
    if (rule.api != api || rule.times == 0) continue;
    if (rule.skip > 0) {
      --rule.skip;
      continue;
    }
    if (rule.times > 0) --rule.times;
    ++m_link->injected;
    return &rule;
  }
  return nullptr;
}

void Session::up(std::string_view frame) {
  const std::int16_t api = int16At(frame, 4);
  ++m_link->frames[api];
  if (isHolding()) {
    if (!m_isSevered) m_held.emplace_back(frame);
    return;
  }
  const Rule* rule = match(api);
  if (!rule) return send(frame, false);
  switch (rule->action) {
    case Rule::Action::Hold:
      m_held.emplace_back(frame);
      return;
    case Rule::Action::Drop:
      return;
    case Rule::Action::Twice:
      send(frame, false);
      send(frame, false);
      m_asked.back().isSwallowed = true;
      return;
    case Rule::Action::Cut:
      return reset();
    case Rule::Action::CutAfter:
      return send(frame, true);
    case Rule::Action::Sever:
      m_held.emplace_back(frame);
      m_isSevered = true;
      m_client.reset();
      m_down.queue.clear();
      return;
  }
}

void Session::send(std::string_view frame, bool cutsAfter) {
  const std::int16_t api = int16At(frame, 4);
  if (hasAnswer(frame, api)) m_asked.push_back({api, false, cutsAfter});
  push(m_up, frame);
}

void Session::down(std::string_view frame) {
  Asked asked{-1, false, false};
  if (!m_asked.empty()) {
    asked = m_asked.front();
    m_asked.pop_front();
  }
  if (asked.cutsAfter) return reset();
  if (m_isSevered) {
    m_link->staleAnswers.push_back(std::to_string(asked.api) + ':' + hex(frame.substr(4, 64)));
    return m_server.close();
  }
  if (!asked.isSwallowed) push(m_down, frame);
}

void Session::push(Direction& direction, std::string_view bytes) const {
  direction.bytes += bytes.size();
  const std::int64_t due = nowNs() + m_link->latencyNs;
  const std::size_t step = m_link->sliceBytes == 0 ? bytes.size() : m_link->sliceBytes;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    direction.queue.push_back({due, std::string(bytes.substr(at, step))});
  }
}

std::int64_t Session::pump() {
  if (m_link->isStalled) return INT64_MAX;
  const std::int64_t up = m_server.isOpen() ? drain(m_server, m_up) : INT64_MAX;
  const std::int64_t down = m_client.isOpen() ? drain(m_client, m_down) : INT64_MAX;
  const bool isUpDone = m_up.isEnded && m_up.queue.empty() && !isHolding();
  const bool isDownDone = m_down.isEnded && m_down.queue.empty();
  if (isUpDone && m_server.isOpen()) ::shutdown(m_server.number(), SHUT_WR);
  if (isDownDone || (m_isSevered && m_down.isEnded)) {
    m_client.close();
    m_server.close();
  }
  return std::min(up, down);
}

std::int64_t Session::drain(Socket& to, Direction& direction) {
  while (!direction.queue.empty()) {
    Chunk& chunk = direction.queue.front();
    const std::int64_t due = std::max(chunk.dueNs, direction.nextNs);
    if (due > nowNs()) return due;
    std::size_t most = chunk.bytes.size();
    const bool isAnswer = &direction == &m_down;
    if (isAnswer && m_link->resetAfter) most = std::min(most, *m_link->resetAfter);
    const ssize_t sent = ::send(to.number(), chunk.bytes.data(), most, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOTCONN)) return INT64_MAX;
    if (sent < 0) {
      reset();
      return INT64_MAX;
    }
    const auto count = static_cast<std::size_t>(sent);
    direction.bytes -= count;
    chunk.bytes.erase(0, count);
    if (chunk.bytes.empty()) {
      direction.queue.pop_front();
      direction.nextNs = nowNs() + m_link->sliceGapNs;
    }
    if (isAnswer && m_link->resetAfter && (*m_link->resetAfter -= count) == 0) {
      m_link->resetAfter.reset();
      ++m_link->injected;
      reset();
      return INT64_MAX;
    }
  }
  return INT64_MAX;
}

void Session::release() {
  std::vector<std::string> held;
  held.swap(m_held);
  for (const std::string& frame : held) send(frame, false);
}

void Session::reset() {
  m_client.reset();
  m_server.reset();
  m_held.clear();
}

}  // namespace chaos
