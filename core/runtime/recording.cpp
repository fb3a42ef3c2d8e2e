// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/recording.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/base/bytes.h"
#include "core/base/crc32.h"
#include "core/pipeline/files.h"

namespace freshet::runtime {
namespace {

constexpr std::string_view kMagic = "FRRC";
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kStart = 4 + 8;
constexpr std::size_t kBlockHead = 8 + 8;

Error refused(const std::string& path, std::string_view why) {
  return {"E-3801", "This recording cannot be used: " + std::string(why), path, Retry::Never};
}

void fillHead(std::string& block) {
  const std::string_view bytes = std::string_view(block).substr(kBlockHead);
  std::string head;
  putNumber(bytes.size(), head);
  putNumber(crc32(bytes), head);
  block.replace(0, kBlockHead, head);
}

std::string headBlock(const RecordingHead& head) {
  std::string out(kBlockHead, '\0');
  putShortText(head.pipelineFile, out);
  putShortText(head.logicHash, out);
  putNumber(head.seed, out);
  putShort(head.startedMs, out);
  putShort(static_cast<std::int64_t>(head.files.size()), out);
  for (const auto& [path, text] : head.files) {
    putShortText(path, out);
    putShortText(text, out);
  }
  fillHead(out);
  return out;
}

bool readHead(std::string_view bytes, RecordingHead& head) {
  ByteCursor in(bytes);
  head.pipelineFile = in.shortText();
  head.logicHash = in.shortText();
  head.seed = in.number();
  head.startedMs = in.shortNumber();
  for (std::int64_t left = in.shortNumber(); left > 0 && in.isGood(); --left) {
    std::string path(in.shortText());
    head.files[std::move(path)] = in.shortText();
  }
  return in.isGood() && in.isAtEnd();
}

}  // namespace

void putStep(RecordedStep::Kind kind, TimeMs atMs, std::string_view body, std::string& out) {
  out += static_cast<char>(kind);
  putShort(atMs, out);
  putShortText(body, out);
}

Result<std::shared_ptr<RecordingWriter>> RecordingWriter::create(const std::string& path,
                                                                 const RecordingHead& head) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) {
    return Error{"E-3802", "There is a file of that name already: a recording is not written over",
                 path, Retry::Fatal};
  }
  if (file < 0) {
    return Error{"E-3802", "The recording cannot be written: " + pipeline::reasonOf(errno), path,
                 Retry::Fatal};
  }
  std::shared_ptr<RecordingWriter> made(new RecordingWriter(file, path));
  std::string start(kMagic);
  putNumber(kVersion, start);
  if (auto status = made->write(start + headBlock(head)); !status) return status.error();
  return made;
}

RecordingWriter::~RecordingWriter() {
  ::close(m_file);
}

std::string RecordingWriter::beginBlock(int lane) {
  std::string block(kBlockHead, '\0');
  putShort(lane, block);
  return block;
}

Status RecordingWriter::append(std::string& block) {
  fillHead(block);
  return write(block);
}

Status RecordingWriter::write(std::string_view block) {
  const std::scoped_lock lock(m_mutex);
  while (!block.empty()) {
    const ssize_t written = ::write(m_file, block.data(), block.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return Error{"E-3802", "The recording cannot be written: " + pipeline::reasonOf(errno),
                   m_path, Retry::Fatal};
    }
    block.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::shared_ptr<const Recording>> Recording::open(const std::string& path) {
  std::shared_ptr<Recording> made(new Recording);
  if (auto status = made->read(path); !status) return status.error();
  return std::shared_ptr<const Recording>(std::move(made));
}

Recording::~Recording() {
  if (m_mapped) ::munmap(const_cast<char*>(m_mapped), m_size);
}

Status Recording::read(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Error{"E-1002", pipeline::reasonOf(errno), path, Retry::Never};
  struct stat info {};
  const bool isKnown = ::fstat(file, &info) == 0;
  m_size = isKnown ? static_cast<std::size_t>(info.st_size) : 0;
  void* mapped = m_size > 0 ? ::mmap(nullptr, m_size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
  ::close(file);
  if (mapped == MAP_FAILED) return refused(path, "it is empty");
  m_mapped = static_cast<const char*>(mapped);
  const std::string_view all(m_mapped, m_size);
  if (!all.starts_with(kMagic) || all.size() < kStart) return refused(path, "it is not one");
  if (const std::uint64_t version = ByteCursor(all.substr(kMagic.size())).number();
      version != kVersion)
    return refused(path, "its version is " + std::to_string(version));
  bool hasHead = false;
  std::size_t at = kStart;
  while (all.size() - at >= kBlockHead) {
    ByteCursor block(all.substr(at));
    const std::uint64_t size = block.number();
    const std::uint64_t crc = block.number();
    if (size > all.size() - at - kBlockHead) break;
    const std::string_view bytes = all.substr(at + kBlockHead, size);
    if (crc32(bytes) != crc) break;
    at += kBlockHead + size;
    if (!hasHead) {
      hasHead = readHead(bytes, m_head);
      if (!hasHead) break;
      continue;
    }
    ByteCursor steps(bytes);
    const auto lane = static_cast<int>(steps.shortNumber());
    while (steps.isGood() && !steps.isAtEnd()) {
      const std::string_view kind = steps.bytes(1);
      const TimeMs atMs = steps.shortNumber();
      m_steps.push_back({static_cast<RecordedStep::Kind>(kind[0]), lane, atMs, steps.shortText()});
    }
    if (!steps.isGood()) return refused(path, "a step in it is damaged");
  }
  if (!hasHead) return refused(path, "its head is damaged");
  m_cutBytes = all.size() - at;
  // A lane's clock never goes back in its own steps, so each keeps its order.
  std::ranges::stable_sort(m_steps, {}, &RecordedStep::atMs);
  return {};
}

}  // namespace freshet::runtime
