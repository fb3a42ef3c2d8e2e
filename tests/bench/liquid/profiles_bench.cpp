// SPDX-License-Identifier: GPL-3.0-or-later
// profiles_bench TEMPLATE FOLDER [PEOPLE [THREADS]]: B15. Fills an embedded store with people, then
// reads every profile from it, parses it and renders the template for it, HTML escaped. Afterwards
// every output is compared, by a sum of hashes, with what plain C++ writes for the same people.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "core/base/text.h"
#include "core/liquid/template.h"
#include "core/profile/embedded_store.h"
#include "core/record/json.h"

using namespace freshet;
using record::Value;

namespace {

constexpr std::size_t kBatch = 512;
constexpr std::size_t kWaiting = 8;

std::string contents(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// --- the people, as JSON and as their emails
struct Item {
  const char *sku, *name, *escaped, *price;
};
constexpr Item kItems[] = {{"MAR-001", "Linen duvet", "Linen duvet", "19.9"},
                           {"MAR-002", "Salt & pepper mill", "Salt &amp; pepper mill", "7.25"},
                           {"MAR-003", "Bath \"towel\"", "Bath &quot;towel&quot;", "12.53"},
                           {"MAR-004", "Tea pot", "Tea pot", "86.4"}};
constexpr const char* kNames[] = {"Zoë", "Bob", "<Al>", "O'Neil", ""};
constexpr const char* kEscaped[] = {"Zoë", "Bob", "&lt;Al&gt;", "O&#39;Neil", "Friend"};
constexpr const char* kTiers[] = {"gold", "silver", "none"};

std::string idOf(std::size_t i) {
  const std::string digits = std::to_string(i);
  return 'u' + std::string(digits.size() < 8 ? 8 - digits.size() : 0, '0') + digits;
}

std::string profileOf(std::size_t i) {
  std::string json = R"({"id":")" + idOf(i) + R"(","email":")" + idOf(i) + R"(@marram.example",)";
  json += R"("first_name":")" + std::string(kNames[i % 5]) + R"(","tier":")" + kTiers[i % 3];
  json += R"(","since":"2019-04-02","score":)" + std::to_string(i % 97) + R"(,"basket":{"items":[)";
  for (std::size_t k = 0; k <= i % 4; ++k) {
    const Item& item = kItems[(i + k) % 4];
    json += (k > 0 ? R"(,{"sku":")" : R"({"sku":")") + std::string(item.sku) + R"(","name":)";
    record::writeJsonString(item.name, json);
    json +=
        R"(,"price":)" + std::string(item.price) + R"(,"quantity":)" + std::to_string(k + 1) + '}';
  }
  return json + "]}}";
}

std::string emailOf(std::size_t i) {
  std::string out = "<!doctype html>\n<html><body style=\"margin:0\">\n<h1>";
  const std::size_t count = i % 4 + 1;
  out += kEscaped[i % 5];
  out += ", " + (count == 1 ? "one thing is" : std::to_string(count) + " things are");
  out += " waiting</h1>\n<table width=\"600\">";
  for (std::size_t k = 0; k < count; ++k) {
    const Item& item = kItems[(i + k) % 4];
    out += "\n<tr><td><a href=\"https://marram.example/p/mar-" + std::string(item.sku + 4) + "\">";
    out += item.escaped + std::string("</a></td><td>") + std::to_string(k + 1) + " × " + item.price;
    out += " EUR</td></tr>";
  }
  out += "\n</table>";
  if (i % 3 == 0) out += "\n<p>Thank you for being with us since April 2019.</p>";
  if (i % 3 == 1) out += "\n<p>Free delivery until Thursday.</p>";
  return out + "\n<p><a href=\"https://marram.example/u/" + idOf(i) +
         "\">Unsubscribe</a></p>\n</body></html>\n";
}

Status fill(profile::Database& database, profile::EmbeddedStore& store, std::size_t people) {
  constexpr std::size_t atOnce = 20'000;
  std::vector<std::string> texts;
  std::vector<profile::ProfileWrite> writes;
  for (std::size_t first = 0; first < people; first += atOnce) {
    texts.clear();
    writes.clear();
    for (std::size_t i = first; i < std::min(people, first + atOnce); ++i) {
      texts.push_back(idOf(i));
      texts.push_back(profileOf(i));
    }
    for (std::size_t k = 0; k < texts.size(); k += 2) writes.push_back({texts[k], texts[k + 1]});
    const std::scoped_lock lock(database.mutex());
    if (auto status = database.run("BEGIN"); !status) return status;
    if (auto status = store.write(writes); !status) return status;
    if (auto status = database.run("COMMIT"); !status) return status;
  }
  return {};
}

// --- stored profiles to emails
struct Batch {
  Arena arena;
  std::vector<std::string_view> profiles;
};

/// Filled batches for the renderers, empty ones back.
class Exchange {
 public:
  Exchange() {
    for (std::size_t i = 0; i < kWaiting; ++i) m_empty.push_back(std::make_unique<Batch>());
  }
  std::unique_ptr<Batch> take(bool isFilled) {
    std::unique_lock lock(m_mutex);
    auto& from = isFilled ? m_filled : m_empty;
    m_changed.wait(lock, [&] { return !from.empty() || (isFilled && m_isDone); });
    if (from.empty()) return nullptr;
    auto batch = std::move(from.front());
    from.pop_front();
    return batch;
  }
  void give(std::unique_ptr<Batch> batch, bool isFilled) {
    const std::scoped_lock lock(m_mutex);
    (isFilled ? m_filled : m_empty).push_back(std::move(batch));
    m_changed.notify_all();
  }
  void finish() {
    const std::scoped_lock lock(m_mutex);
    m_isDone = true;
    m_changed.notify_all();
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<std::unique_ptr<Batch>> m_filled, m_empty;
  bool m_isDone = false;
};

struct Outcome {
  std::uint64_t sum = 0;
  std::size_t count = 0;
  std::size_t bytes = 0;
  std::string error;
};

void renderAll(Exchange& exchange, const liquid::Template& source, Outcome& outcome) {
  liquid::Renderer renderer;
  liquid::RenderOptions options;
  options.escapeHtml = true;
  options.limits.wall = {};
  record::JsonReader reader;
  std::string out;
  while (auto batch = exchange.take(true)) {
    for (const std::string_view json : batch->profiles) {
      const auto profile = reader.read(json, batch->arena);
      out.clear();
      const Value globals[] = {profile ? *profile : Value()};
      const Status status = renderer.render(source, globals, batch->arena, out, options);
      if (!profile || !status) outcome.error = (profile ? status.error() : profile.error()).text();
      outcome.sum += stableHash(out);
      outcome.bytes += out.size();
      ++outcome.count;
    }
    batch->arena.reset();
    batch->profiles.clear();
    exchange.give(std::move(batch), false);
  }
}

Status readAll(profile::EmbeddedStore& store, std::size_t people, Exchange& exchange) {
  auto batch = exchange.take(false);
  const Status status = store.scan(people, [&](std::string_view, std::string_view json) {
    batch->profiles.push_back(batch->arena.copy(json, record::kJsonPadding));
    if (batch->profiles.size() == kBatch) {
      exchange.give(std::move(batch), true);
      batch = exchange.take(false);
    }
    return true;
  });
  exchange.give(std::move(batch), true);
  exchange.finish();
  return status;
}

int fail(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::size_t people = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1'000'000;
  const std::size_t threads = argc > 4 ? std::strtoul(argv[4], nullptr, 10) : 2;
  const liquid::TemplateEnvironment env;
  const auto source = liquid::Template::parse(contents(argv[1]), argv[1], env);
  if (!source) return fail(source.error().text());
  if (source->globals() != std::vector<std::string>{"profile"}) return fail("one global: profile");

  const std::string path = std::string(argv[2]) + "/profiles.db";
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  auto database = profile::Database::open(path);
  if (!database) return fail(database.error().text());
  auto store = profile::EmbeddedStore::open(*database, "profiles");
  if (!store) return fail(store.error().text());
  if (const Status filled = fill(**database, **store, people); !filled)
    return fail(filled.error().text());

  const auto start = std::chrono::steady_clock::now();
  Exchange exchange;
  std::vector<Outcome> outcomes(threads);
  std::vector<std::thread> workers;
  for (Outcome& outcome : outcomes)
    workers.emplace_back([&] { renderAll(exchange, *source, outcome); });
  const Status read = readAll(**store, people, exchange);
  for (std::thread& worker : workers) worker.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (!read) return fail(read.error().text());

  Outcome all;
  for (const Outcome& outcome : outcomes) {
    if (!outcome.error.empty()) return fail(outcome.error);
    all.sum += outcome.sum;
    all.count += outcome.count;
    all.bytes += outcome.bytes;
  }
  std::uint64_t expected = 0;
  for (std::size_t i = 0; i < people; ++i) expected += stableHash(emailOf(i));
  if (all.count != people || all.sum != expected)
    return fail("the emails are not what they should be");
  std::printf(
      "%zu profiles, %zu bytes of email each, %.2f s, %.0f profiles a second on %zu threads\n",
      all.count, all.bytes / all.count, took.count(), static_cast<double>(all.count) / took.count(),
      threads);
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  return 0;
}
