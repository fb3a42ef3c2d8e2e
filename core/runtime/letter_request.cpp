// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/letter_request.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "core/pipeline/project.h"
#include "core/record/json.h"

namespace freshet::runtime {
namespace {

namespace fs = std::filesystem;
using record::Value;

constexpr std::string_view kAsked = ".asked";
constexpr std::string_view kAnswered = ".answered";

std::string toText(const LetterRequest& request) {
  std::string out = R"({"what":")";
  out += request.what == LetterRequest::What::Drop ? "drop" : "retry";
  out += R"(","ids":[)";
  for (std::size_t i = 0; i < request.filter.ids.size(); ++i) {
    if (i > 0) out += ',';
    out += std::to_string(request.filter.ids[i]);
  }
  out += R"(],"node":)";
  record::writeJsonString(request.filter.node, out);
  out += R"(,"code":)";
  record::writeJsonString(request.filter.code, out);
  out += std::string(R"(,"armed":)") + (request.isArmed ? "true" : "false");
  return out + R"(,"whole":)" + (request.isWhole ? "true" : "false") + '}';
}

Result<LetterRequest> fromText(std::string_view text) {
  const auto json = record::OwnedValue::fromJson(text);
  if (!json) return json.error();
  const Value value = json->value();
  const Value what = value.get("what"), node = value.get("node"), code = value.get("code");
  if (!what.isString() || !node.isString() || !code.isString() || !value.get("ids").isArray())
    return Error{"E-3703", "This is no request about dead letters", {}, Retry::Never};
  LetterRequest request;
  request.what = what.asString() == "drop" ? LetterRequest::What::Drop : LetterRequest::What::Retry;
  for (const Value& id : value.get("ids").asArray()) request.filter.ids.push_back(id.asInt());
  request.filter.node = node.asString();
  request.filter.code = code.asString();
  request.isArmed = value.get("armed").truthy();
  request.isWhole = value.get("whole").truthy();
  return request;
}

std::string textOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

Result<std::int64_t> serve(const LetterRequest& request, StateDb& db) {
  Result<std::int64_t> count = 0;
  auto status = db.commit({}, [&]() -> Status {
    count = request.what == LetterRequest::What::Drop
                ? db.letters().drop(request.filter)
                : db.letters().queue(request.filter, request.isArmed, request.isWhole);
    return count ? Status() : Status(count.error());
  });
  if (!status) return status.error();
  db.letters().settled();
  return count;
}

Result<std::int64_t> submit(const std::string& stateFolder, const LetterRequest& request,
                            int waitMs) {
  const fs::path folder = fs::path(stateFolder) / "requests";
  std::error_code failed;
  fs::create_directories(folder, failed);
  const std::string name = std::to_string(wallClockMs()) + '-' + std::to_string(::getpid());
  const fs::path asked = folder / (name + std::string(kAsked));
  const fs::path answered = folder / (name + std::string(kAnswered));
  if (auto status = pipeline::writeFileAtomically(asked.string(), toText(request)); !status)
    return status.error();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(waitMs);
  while (!fs::exists(answered, failed)) {
    if (std::chrono::steady_clock::now() > deadline) {
      fs::remove(asked, failed);
      return Error{"E-3704", "The run that holds this state does not answer", stateFolder,
                   Retry::Later};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const std::string answer = textOf(answered);
  fs::remove(answered, failed);
  const auto json = record::OwnedValue::fromJson(answer);
  const Value count = json ? json->value().get("letters") : Value();
  if (count.isInt()) return count.asInt();
  return Error{"E-3703", "The run that holds this state refused: " + answer, stateFolder,
               Retry::Never};
}

Status serveRequests(const std::string& stateFolder, StateDb& db) {
  const fs::path folder = fs::path(stateFolder) / "requests";
  std::error_code failed;
  if (stateFolder.empty() || !fs::exists(folder, failed)) return {};
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const fs::path asked = entry.path();
    if (asked.extension() != kAsked) continue;
    fs::path answered = asked;
    answered.replace_extension(kAnswered);
    std::string answer;
    if (const auto request = fromText(textOf(asked)); !request) {
      record::writeJsonString(request.error().text(), answer);
    } else {
      const auto count = serve(*request, db);
      if (!count) return count.error();
      answer = "{\"letters\":" + std::to_string(*count) + '}';
    }
    if (auto status = pipeline::writeFileAtomically(answered.string(), answer); !status)
      return status;
    fs::remove(asked, failed);
  }
  return {};
}

}  // namespace freshet::runtime
