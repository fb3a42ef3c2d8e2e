// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/run.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "core/pipeline/delivery.h"
#include "core/pipeline/files.h"
#include "core/profile/embedded_store.h"

namespace freshet::runtime {
namespace {

constexpr int kHangExit = 75;  // "temporary failure": a supervisor starts the worker again
// Virtual time begins here, so that two runs of the same seed give the same bytes.
constexpr TimeMs kVirtualStart = 1'767'600'000'000;  // 2026-01-05T08:00:00Z

/// Reads through, writes into memory: a dry run sees its own changes and leaves none.
class DryStore final : public profile::ProfileStore {
 public:
  explicit DryStore(std::shared_ptr<profile::ProfileStore> real) : m_real(std::move(real)) {}

  Status read(std::span<const std::string_view> keys, std::span<profile::StoredProfile> out,
              Arena& arena) override {
    if (auto status = m_real->read(keys, out, arena); !status) return status;
    const std::scoped_lock lock(m_mutex);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto found = m_written.find(keys[i]);
      if (found != m_written.end()) out[i].json = arena.copy(found->second, record::kJsonPadding);
    }
    return {};
  }
  Status write(std::span<const profile::ProfileWrite> writes) override {
    const std::scoped_lock lock(m_mutex);
    for (const auto& write : writes) m_written[std::string(write.key)] = write.json;
    return {};
  }
  Status scan(std::size_t most,
              const std::function<bool(std::string_view, std::string_view)>& visit) override {
    return m_real->scan(most, visit);
  }

 private:
  std::shared_ptr<profile::ProfileStore> m_real;
  std::mutex m_mutex;
  std::map<std::string, std::string, std::less<>> m_written;
};

}  // namespace

Run::Run(std::shared_ptr<const Topology> topology, const stage::TypeLookup& types,
         StoreLookup stores, RunSettings settings)
    : m_topology(std::move(topology)),
      m_types(types),
      m_stores(std::move(stores)),
      m_settings(std::move(settings)) {
  const auto delivery = pipeline::deliveryOf(m_topology->project().pipeline, m_types.catalog());
  m_isTransactional = delivery.isTransactional && m_settings.mode == stage::Mode::Live;
}

Status Run::open(Handover* left) {
  if (left && left->db) {
    m_db = left->db;
    m_inflight = left->inflight;
    m_startedMs = left->startedMs;
    const auto isSame = [&](std::string_view connection) {
      return m_topology->hasSame(connection, *left->topology);
    };
    for (const auto& [name, store] : left->profiles)
      if (isSame(name)) m_profiles.emplace(name, store);
    for (const auto& [name, capability] : left->capabilities)
      if (isSame(name.substr(name.find('\n') + 1))) m_capabilities.emplace(name, capability);
  } else if (auto status = openState(); !status) {
    return status;
  }
  double speed = 1;
  for (std::size_t i = 0; i < m_topology->nodes().size(); ++i) {
    if (m_topology->nodes()[i].role != Role::Source) continue;
    auto source = m_topology->makeSource(i);
    if (!source) return source.error();
    speed = std::max(speed, (*source)->clockSpeed());
  }
  if (left && left->clock && left->clock->speed() == speed) {
    m_clock = left->clock;
  } else {
    auto stood = m_db->meta("clock", m_startedMs);
    if (!stood) return stood.error();
    if (left && left->clock) stood = left->clock->now();
    m_clock->start(speed == 1 && !m_settings.isMaxSpeed ? 0 : *stood, speed);
  }
  if (m_settings.isTapped) m_taps = std::make_unique<TapBoard>(*m_topology, *m_clock);
  return m_settings.recordFile.empty() ? Status() : record(left && left->db);
}

Status Run::openState() {
  const bool isDry = m_settings.mode == stage::Mode::Inert;
  auto db = StateDb::open(isDry ? std::string() : m_settings.stateFolder, m_settings.isFresh);
  if (!db) return db.error();
  m_db = std::move(*db);
  auto inflight = InflightJournal::open(isDry ? std::string() : m_settings.stateFolder);
  if (!inflight) return inflight.error();
  m_inflight = std::move(*inflight);
  auto started = m_db->meta("started", m_settings.isMaxSpeed ? kVirtualStart : wallClockMs());
  if (!started) return started.error();
  m_startedMs = *started;
  return m_db->setMeta("started", m_startedMs);
}

void Run::handOver(Handover& left) {
  const std::scoped_lock lock(m_openMutex);
  left.db = m_db;
  left.inflight = m_inflight;
  left.topology = m_topology;
  left.clock = m_clock;
  left.startedMs = m_startedMs;
  left.profiles = m_profiles;
  left.capabilities = m_capabilities;
  left.firstEventNs = firstEventNs;
}

Status Run::record(bool isSwap) {
  const pipeline::Project& project = m_topology->project();
  RecordingHead head;
  head.pipelineFile = project.pipelineFile;
  head.logicHash = m_settings.logicHash;
  head.seed = m_settings.seed;
  head.startedMs = m_startedMs;
  for (const std::string& file : pipeline::logicFiles(project, m_types.catalog())) {
    if (auto text = pipeline::readProjectFile(project, file)) head.files[file] = std::move(*text);
  }
  head.files[project.pipelineFile] = pipeline::canonicalText(project.pipeline, m_types.catalog());
  // A recording is of one pipeline: the one that takes its place begins another.
  std::string path = m_settings.recordFile;
  std::error_code failed;
  for (int number = 2; isSwap && std::filesystem::exists(path, failed); ++number)
    path = m_settings.recordFile + '.' + std::to_string(number);
  auto recording = RecordingWriter::create(path, head);
  if (!recording) return recording.error();
  m_recording = std::move(*recording);
  return {};
}

Result<std::shared_ptr<profile::ProfileStore>> Run::profiles(std::string_view connection) {
  const std::scoped_lock lock(m_openMutex);
  const auto found = m_profiles.find(connection);
  if (found != m_profiles.end()) return found->second;
  const record::Value settings = m_topology->connection(connection);
  const std::string type =
      settings.get("type").isString() ? std::string(settings.get("type").asString()) : "embedded";
  std::shared_ptr<profile::ProfileStore> store;
  if (!m_db) {
    auto memory = std::make_shared<profile::MemoryStore>();
    if (auto status = seed(*memory, settings); !status) return status.error();
    memory->settle();
    m_profiles.emplace(connection, memory);
    return std::shared_ptr<profile::ProfileStore>(std::move(memory));
  }
  if (type == "embedded") {
    auto opened = profile::EmbeddedStore::open(m_db->database(), connection);
    if (!opened) return opened.error();
    store = *opened;
  } else {
    const profile::ProfileStoreType* maker = m_stores ? m_stores(type) : nullptr;
    if (!maker) {
      return Error{"E-1214",
                   "There is no profile store of type " + type + "; is its plug-in installed?",
                   "connections/" + std::string(connection), Retry::Never};
    }
    auto opened = maker->open(record::OwnedValue(settings));
    if (!opened) return opened.error();
    store = *opened;
    if (m_settings.mode == stage::Mode::Inert) store = std::make_shared<DryStore>(std::move(store));
  }
  if (auto status = seed(*store, settings); !status) return status.error();
  m_profiles.emplace(connection, store);
  return store;
}

void Run::provide(const std::string& connection, std::shared_ptr<profile::MemoryStore> store) {
  const std::scoped_lock lock(m_openMutex);
  m_profiles[connection] = std::move(store);
}

Result<std::shared_ptr<profile::MemoryStore>> Run::memoryProfiles(std::string_view connection) {
  auto store = profiles(connection);
  if (!store) return store.error();
  return std::dynamic_pointer_cast<profile::MemoryStore>(*store);
}

Status Run::seed(profile::ProfileStore& store, const record::Value& connection) {
  const record::Value file = connection.get("seed");
  if (!file.isString()) return {};
  bool isEmpty = true;
  auto status = store.scan(1, [&](std::string_view, std::string_view) {
    isEmpty = false;
    return false;
  });
  if (!status || !isEmpty) return status;
  auto people = pipeline::readProjectFile(m_topology->project(), file.asString());
  if (!people) return people.error();
  if (!store.joinsCheckpoint()) {
    auto count = profile::importPeople(store, *people);
    return count ? Status() : Status(count.error());
  }
  return m_db->commit({}, [&]() -> Status {
    auto count = profile::importPeople(store, *people);
    return count ? Status() : Status(count.error());
  });
}

Result<std::shared_ptr<stage::Capability>> Run::capability(std::string_view kind,
                                                           std::string_view connection) {
  const std::scoped_lock lock(m_openMutex);
  const std::string key = std::string(kind) + '\n' + std::string(connection);
  const auto found = m_capabilities.find(key);
  if (found != m_capabilities.end()) return found->second;
  const record::Value settings = m_topology->connection(connection);
  const std::string_view type =
      settings.get("type").isString() ? settings.get("type").asString() : "";
  const stage::CapabilityType* maker = m_types.capability(kind, type);
  if (!maker) {
    return Error{"E-1210",
                 "There is no connection called " + std::string(connection) + " that can serve " +
                     std::string(kind),
                 "connections/" + std::string(connection), Retry::Never};
  }
  spec::NodeSpec fields;
  if (const spec::ConnectionSpec* spec = m_types.catalog().findConnection(type))
    fields.fields = spec->fields;
  auto made = maker->make(spec::Config(fields, record::OwnedValue(settings)), m_settings.mode);
  if (!made) return made.error();
  m_capabilities.emplace(key, *made);
  return *made;
}

std::uint32_t Run::shard(const std::string& name) {
  const std::scoped_lock lock(m_mutex);
  const auto found = std::ranges::find(m_shards, name);
  if (found != m_shards.end()) return static_cast<std::uint32_t>(found - m_shards.begin());
  m_shards.push_back(name);
  return static_cast<std::uint32_t>(m_shards.size() - 1);
}

std::string Run::shardName(std::uint32_t shard) const {
  const std::scoped_lock lock(m_mutex);
  return m_shards[shard];
}

void Run::drain() {
  std::int64_t none = 0;
  m_stoppingNs.compare_exchange_strong(none, monotonicNs());
  isStopping = true;
  wake.notify_all();
}

void Run::fail(Error error) {
  {
    const std::scoped_lock lock(m_mutex);
    if (!m_failure) m_failure = std::move(error);
  }
  isAbandoned = true;
  drain();
}

void Run::onHang(const char* what) {
  const Error error{"E-3607",
                    std::string("A call has not come back and never will: ") + what +
                        ". What was not committed is read again after a restart.",
                    {},
                    Retry::Fatal};
  if (m_settings.isWorker) {
    // Nothing that is stored depends on a clean end.
    std::fprintf(stderr, "%s\n", error.text().c_str());
    ::_exit(kHangExit);
  }
  m_isStuck = true;
  fail(error);
}

void Run::report(std::optional<Error> trouble) {
  const std::scoped_lock lock(m_mutex);
  m_trouble = std::move(trouble);
}

std::optional<Error> Run::trouble() const {
  const std::scoped_lock lock(m_mutex);
  return m_trouble;
}

std::optional<Error> Run::failure() const {
  const std::scoped_lock lock(m_mutex);
  return m_failure;
}

}  // namespace freshet::runtime
