// SPDX-License-Identifier: GPL-3.0-or-later
// A TCP proxy that misbehaves on command. Prints "control PORT", then takes lines there and answers
// each with one line, "ok …" or "error …"; tests/faults/README.md lists them.
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <iostream>
#include <list>
#include <sstream>
#include <stdexcept>

#include "tests/faults/support/chaosproxy/session.h"

namespace chaos {
namespace {

const std::map<std::string, Rule::Action> kActions{
    {"hold", Rule::Action::Hold},          {"drop", Rule::Action::Drop},
    {"twice", Rule::Action::Twice},        {"cut", Rule::Action::Cut},
    {"cut-after", Rule::Action::CutAfter}, {"sever", Rule::Action::Sever}};

class Proxy {
 public:
  Proxy() : m_control(Socket::listen(0)) {
    std::cout << "control " << m_control.port() << std::endl;
  }

  [[noreturn]] void run() {
    while (true) turn();
  }

 private:
  struct Commander {
    Socket socket;
    std::string rest;
  };

  void turn() {
    std::int64_t next = INT64_MAX;
    for (Session& session : m_sessions) next = std::min(next, session.pump());
    m_sessions.remove_if([](const Session& session) { return session.isDead(); });
    m_polled.clear();
    m_polled.push_back({m_control.number(), POLLIN, 0});
    for (const Commander& each : m_commanders)
      m_polled.push_back({each.socket.number(), POLLIN, 0});
    for (const Link& link : m_links) {
      if (link.listener.isOpen()) m_polled.push_back({link.listener.number(), POLLIN, 0});
    }
    for (const Session& session : m_sessions) session.wants(m_polled);
    timespec wait{};
    const std::int64_t ns = next == INT64_MAX ? 0 : std::max<std::int64_t>(0, next - nowNs());
    wait.tv_sec = ns / 1'000'000'000;
    wait.tv_nsec = ns % 1'000'000'000;
    ::ppoll(m_polled.data(), m_polled.size(), next == INT64_MAX ? nullptr : &wait, nullptr);
    for (const pollfd& ready : m_polled) {
      if (ready.revents) dispatch(ready);
    }
  }

  void dispatch(const pollfd& ready) {
    if (ready.fd == m_control.number()) {
      if (Socket made = m_control.accept(); made.isOpen())
        m_commanders.push_back({std::move(made), {}});
      return;
    }
    for (auto each = m_commanders.begin(); each != m_commanders.end(); ++each) {
      if (each->socket.number() != ready.fd) continue;
      if (!converse(*each)) m_commanders.erase(each);
      return;
    }
    for (Link& link : m_links) {
      if (link.listener.number() != ready.fd) continue;
      while (true) {
        Socket client = link.listener.accept();
        if (!client.isOpen()) return;
        m_sessions.emplace_back(link, std::move(client));
      }
    }
    for (Session& session : m_sessions) session.handle(ready);
  }

  bool converse(Commander& commander) {
    char block[4096];
    const ssize_t got = ::recv(commander.socket.number(), block, sizeof block, 0);
    if (got <= 0) return false;
    commander.rest.append(block, static_cast<std::size_t>(got));
    for (auto end = commander.rest.find('\n'); end != std::string::npos;
         end = commander.rest.find('\n')) {
      std::istringstream line(commander.rest.substr(0, end));
      commander.rest.erase(0, end + 1);
      std::string answer;
      try {
        answer = "ok" + obey(line);
      } catch (const std::exception& error) {
        answer = std::string("error ") + error.what();
      }
      answer += '\n';
      ::send(commander.socket.number(), answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    return true;
  }

  Link& find(const std::string& name) {
    for (Link& link : m_links) {
      if (link.name == name) return link;
    }
    throw std::runtime_error("there is no link " + name);
  }

  template <class Do>
  void each(const Link& link, const Do& act) {
    for (Session& session : m_sessions) {
      if (&session.link() == &link) act(session);
    }
  }

  std::string obey(std::istringstream& line) {
    std::string word, name;
    line >> word >> name;
    if (word == "link") return addLink(name, line);
    Link& link = find(name);
    if (word == "latency") {
      link.latencyNs = number(line) * 1'000'000;
    } else if (word == "slice") {
      link.sliceBytes = static_cast<std::size_t>(number(line));
      link.sliceGapNs = number(line) * 1000;
    } else if (word == "stall") {
      link.isStalled = true;
    } else if (word == "reset") {
      each(link, [](Session& session) { session.reset(); });
    } else if (word == "reset-after") {
      link.resetAfter = static_cast<std::size_t>(std::max<std::int64_t>(1, number(line)));
    } else if (word == "cut") {
      link.listener.close();
      each(link, [](Session& session) { session.reset(); });
    } else if (word == "heal") {
      heal(link);
    } else if (word == "frame") {
      addRule(link, line);
    } else if (word == "release") {
      each(link, [](Session& session) { session.release(); });
    } else if (word == "status") {
      return status(link);
    } else if (word == "stale") {
      std::string text;
      for (const std::string& answer : link.staleAnswers) text += ' ' + answer;
      return text;
    } else {
      throw std::runtime_error("there is no command " + word);
    }
    return "";
  }

  static std::int64_t number(std::istringstream& line) {
    std::int64_t value = 0;
    if (!(line >> value)) throw std::runtime_error("a number is missing");
    return value;
  }

  std::string addLink(const std::string& name, std::istringstream& line) {
    Link& link = m_links.emplace_back();
    link.name = name;
    link.target = static_cast<std::uint16_t>(number(line));
    link.port = static_cast<std::uint16_t>(number(line));
    std::string kind;
    link.isKafka = line >> kind && kind == "kafka";
    link.listener = Socket::listen(link.port);
    link.port = link.listener.port();
    return ' ' + std::to_string(link.port);
  }

  void heal(Link& link) {
    link.latencyNs = link.sliceGapNs = 0;
    link.sliceBytes = 0;
    link.isStalled = false;
    link.resetAfter.reset();
    link.rules.clear();
    if (!link.listener.isOpen()) link.listener = Socket::listen(link.port);
    each(link, [](Session& session) { session.release(); });
  }

  static void addRule(Link& link, std::istringstream& line) {
    Rule rule;
    rule.api = static_cast<std::int16_t>(number(line));
    std::string action;
    line >> action;
    const auto found = kActions.find(action);
    if (found == kActions.end()) throw std::runtime_error("there is no action " + action);
    rule.action = found->second;
    line >> rule.skip >> rule.times;
    link.rules.push_back(rule);
  }

  std::string status(const Link& link) {
    int open = 0, holding = 0, severed = 0;
    each(link, [&](const Session& session) {
      ++open;
      holding += session.isHolding() ? 1 : 0;
      severed += session.isSevered() ? 1 : 0;
    });
    std::string text = " connections=" + std::to_string(link.connections) +
                       " open=" + std::to_string(open) + " holding=" + std::to_string(holding) +
                       " severed=" + std::to_string(severed) +
                       " injected=" + std::to_string(link.injected);
    for (const auto& [api, count] : link.frames) {
      text += " api" + std::to_string(api) + '=' + std::to_string(count);
    }
    return text;
  }

  Socket m_control;
  std::list<Commander> m_commanders;
  std::list<Link> m_links;
  std::list<Session> m_sessions;
  std::vector<pollfd> m_polled;
};

}  // namespace
}  // namespace chaos

int main() {
  try {
    chaos::Proxy().run();
  } catch (const std::exception& error) {
    std::cerr << "chaosproxy: " << error.what() << '\n';
    return 1;
  }
}
