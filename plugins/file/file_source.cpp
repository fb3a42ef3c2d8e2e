// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include "core/record/json.h"
#include "core/stage/bound.h"
#include "core/stage/node_type.h"
#include "plugins/file/csv.h"
#include "plugins/file/followed_file.h"
#include "plugins/file/line_input.h"
#include "plugins/file/nodes.h"

namespace freshet::file {
namespace {

using spec::field;
using spec::FieldType;
using stage::Polled;

spec::NodeSpec makeSpec() {
  spec::NodeSpec spec;
  spec.id = "file.source";
  spec.family = spec::Family::Source;
  spec.title = "File replay";
  spec.summary = "Reads events from a file: one JSON object a line, or a table in CSV.";
  spec.icon = "file-replay";
  spec.synonyms = {"ndjson", "jsonl", "csv",      "json lines", "import", "replay",
                   "read",   "log",   "backfill", "tail",       "gzip",   "history"};
  spec.hasInput = false;
  spec.outputs = {{"out", "Events"}};
  spec.capabilities = {"files"};
  spec.keySummary = "path";
  spec.fields.push_back(
      field("path", FieldType::File, "File", "The file to read; compressed with gzip if it likes.")
          .required());
  spec.fields.push_back(
      field("format", FieldType::Choice, "Format",
            "lines: one JSON object a line. csv: the first row has the names. auto: by the file's "
            "name.")
          .orElse("\"auto\"")
          .oneOf({"auto", "lines", "csv"}));
  spec.fields.push_back(field("eventTime", FieldType::Expression, "Event time",
                              "When it happened; without one, the moment of reading counts.")
                            .orElse("\"{{ event.timestamp }}\""));
  spec.fields.push_back(
      field("lateness", FieldType::Duration, "Lateness",
            "How much later than newer events an event may come and still be in time for waits.")
          .orElse("\"0 s\"")
          .advanced());
  spec.fields.push_back(field("key", FieldType::Expression, "Key",
                              "What the key of each event is, for later steps and topics.")
                            .advanced());
  spec.fields.push_back(
      field(
          "follow", FieldType::Flag, "Follow",
          "Off: the run ends with the file. On: it waits for more lines to be written, and goes on "
          "with the new file when this one is renamed or emptied.")
          .orElse("false")
          .advanced());
  spec.examples = {{"Yesterday's events", R"({"path": "events.ndjson"})"},
                   {"A table of orders, each at its own time",
                    R"({"path": "orders.csv", "eventTime": "{{ event.ordered_at }}"})"}};
  return spec;
}

struct Settings {
  std::string path;
  bool isCsv = false;
  bool follows = false;
};

std::string fullPath(stage::StageContext& context, const std::string& path) {
  return (std::filesystem::path(context.files().projectFolder()) / path).string();
}

std::string journalPath(stage::StageContext& context) {
  const std::string folder = context.stateFolder();
  return folder.empty() ? folder : folder + "/followed-" + context.nodeId() + ".txt";
}

/// One file is one partition, so its order is kept; a position is the number of the next record.
class Reader final : public stage::SourceReader {
 public:
  Reader(Settings settings, std::shared_ptr<const stage::BoundExpression> key, bool isMine)
      : m_settings(std::move(settings)), m_key(std::move(key)), m_isMine(isMine) {}

  Status open(stage::StageContext& context, std::span<const stage::Position> from,
              stage::PartitionListener& listener) override {
    if (!m_isMine) return {};
    m_listener = &listener;
    m_sections.resize(std::max<std::size_t>(1, context.sections().size()));
    m_skip = from.empty() ? 0 : from.front().offset;
    const auto shape = m_settings.isCsv ? LineInput::Shape::Csv : LineInput::Shape::Lines;
    const std::string path = fullPath(context, m_settings.path);
    if (m_settings.follows) return m_followed.open(path, shape, journalPath(context), m_skip);
    return m_input.open(path, shape, false);
  }

  Result<Polled> poll(Arena& arena, std::size_t most, int waitMs) override {
    Polled polled;
    polled.isEnded = !m_isMine;
    if (polled.isEnded) return polled;
    if (m_listener) {
      const std::int32_t mine = 0;
      std::exchange(m_listener, nullptr)->onAssigned({&mine, 1});
    }
    // A batch ends early when it is large in bytes; rows before the checkpoint count as nothing.
    std::size_t bytes = 0;
    while (polled.events.size() < most && bytes < kMostBytes) {
      std::string_view row;
      auto next = m_settings.follows ? m_followed.next(row) : m_input.next(row);
      if (!next) return next.error();
      if (*next == LineInput::Next::End) polled.isEnded = polled.events.empty();
      if (*next == LineInput::Next::Wait && polled.events.empty() && waitMs > 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(waitMs));
      if (*next != LineInput::Next::Record) break;
      if (m_settings.isCsv && isHeader()) {
        if (m_rows.readHeader(row)) continue;
        return Error{"E-3312", "The first row must name the columns, each name once",
                     m_settings.path, Retry::Never};
      }
      const std::int64_t number = m_settings.follows ? m_followed.number() : m_next++;
      if (number < m_skip) continue;
      take(row, number, arena, polled);
      bytes += row.size();
    }
    return polled;
  }

 private:
  static constexpr std::size_t kMostBytes = 4 << 20;

  /// Each file of a followed one begins with its own.
  bool isHeader() {
    return m_settings.follows ? m_followed.isFirst() : !std::exchange(m_hasHeader, true);
  }

  void take(std::string_view row, std::int64_t number, Arena& arena, Polled& polled) {
    // A row that is no row is handed on as it is: the dead letters show it.
    if (m_settings.isCsv && m_rows.toJson(row, m_json)) row = m_json;
    Polled::Event& event = polled.events.emplace_back();
    event.bytes = arena.copy(row, record::kJsonPadding);
    event.offset = number;
    if (m_key) event.key = keyOf(event, arena);
  }

  std::string_view keyOf(const Polled::Event& event, Arena& arena) {
    const auto value = m_reader.read(event.bytes, arena);
    if (!value) return {};
    record::Origin origin;
    origin.bytes = event.bytes;
    origin.offset = event.offset;
    std::ranges::fill(m_sections, record::Value());
    m_sections[record::kEventSlot] = *value;
    const record::Record record{&origin, m_sections};
    return arena.copy(m_key->text(record, arena));
  }

  Settings m_settings;
  std::shared_ptr<const stage::BoundExpression> m_key;
  bool m_isMine;
  stage::PartitionListener* m_listener = nullptr;
  LineInput m_input;
  FollowedFile m_followed;
  bool m_hasHeader = false;
  CsvRows m_rows;
  record::JsonReader m_reader;
  std::vector<record::Value> m_sections;
  std::string m_json;
  std::int64_t m_skip = 0;
  std::int64_t m_next = 0;
};

class FileReplay final : public stage::Source {
 public:
  FileReplay(Settings settings, std::shared_ptr<const stage::BoundExpression> key)
      : m_settings(std::move(settings)), m_key(std::move(key)) {}

  Result<int> partitions(stage::StageContext& context) override {
    // A followed one may be away just now, between two of its lives.
    if (m_settings.follows && std::filesystem::exists(journalPath(context))) return 1;
    LineInput probe;
    const auto status =
        probe.open(fullPath(context, m_settings.path), LineInput::Shape::Lines, m_settings.follows);
    if (!status) return status.error();
    return 1;
  }
  std::unique_ptr<stage::SourceReader> reader(int lane, int) override {
    return std::make_unique<Reader>(m_settings, m_key, lane == 0);
  }
  Status forgetPositions(stage::StageContext& context) override {
    return FollowedFile::forget(journalPath(context));
  }
  bool isDeterministic() const override { return !m_settings.follows; }

 private:
  Settings m_settings;
  std::shared_ptr<const stage::BoundExpression> m_key;
};

bool isCsvName(std::string name) {
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name.ends_with(".csv") || name.ends_with(".tsv");
}

Result<std::unique_ptr<stage::Source>> make(const spec::Config& config,
                                            stage::BuildContext& context) {
  Settings settings;
  settings.path = config.text("path");
  const std::string format = config.text("format");
  settings.isCsv = format == "csv" || (format == "auto" && isCsvName(settings.path));
  settings.follows = config.flag("follow");
  std::shared_ptr<const stage::BoundExpression> key;
  if (config.has("key")) {
    auto bound = stage::BoundExpression::bind(config.text("key"), context);
    if (!bound) {
      Error error = bound.error();
      error.where = "key";
      return error;
    }
    key = std::make_shared<const stage::BoundExpression>(std::move(*bound));
  }
  return std::unique_ptr<stage::Source>(
      std::make_unique<FileReplay>(std::move(settings), std::move(key)));
}

}  // namespace

stage::NodeType sourceNode() {
  stage::NodeType type;
  type.spec = makeSpec();
  type.makeSource = make;
  return type;
}

}  // namespace freshet::file
