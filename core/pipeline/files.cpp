// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/files.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "core/pipeline/project.h"

namespace freshet::pipeline {

namespace fs = std::filesystem;

std::string reasonOf(int systemError) {
  switch (systemError) {
    case ENOENT:
      return "there is no such file";
    case EISDIR:
      return "it is a folder";
    case EACCES:
    case EPERM:
      return "this user may not";
    case EROFS:
      return "the file system is read-only";
    case ENOSPC:
    case EDQUOT:
      return "no space is left on the disk";
    case EFBIG:
      return "the file would be larger than allowed";
    default:
      return std::generic_category().message(systemError);
  }
}

Result<std::string> readFile(const std::string& path) {
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rbe"), close);
  if (!file) return Error{"E-1002", "cannot read " + path + ": " + reasonOf(errno), path};
  std::string bytes;
  char block[65536];
  while (const std::size_t got = std::fread(block, 1, sizeof block, file.get())) {
    bytes.append(block, got);
  }
  if (std::ferror(file.get())) {
    return Error{"E-1002", "cannot read " + path + ": " + reasonOf(errno), path};
  }
  return bytes;
}

Result<std::string> pathInProject(std::string_view folder, std::string_view path) {
  std::error_code ignored;
  const fs::path root = fs::weakly_canonical(fs::path(folder), ignored);
  const fs::path full = fs::weakly_canonical(root / fs::path(path), ignored);
  const fs::path inside = full.lexically_relative(root);
  if (fs::path(path).is_absolute() || inside.empty() || *inside.begin() == "..") {
    return Error{"E-1209", std::string(path) + " lies outside the project", std::string(path)};
  }
  return full.string();
}

Result<std::string> readProjectFile(std::string_view folder, std::string_view path) {
  auto full = pathInProject(folder, path);
  if (!full) return full.error();
  std::error_code ignored;
  if (!fs::is_regular_file(*full, ignored)) {
    const std::string name(path);
    return Error{"E-1208", "there is no file " + name + " in the project", name};
  }
  auto bytes = readFile(*full);
  if (bytes) return bytes;
  Error error = bytes.error();
  error.where = path;
  return error;
}

Result<std::string> readProjectFile(const Project& project, std::string_view path) {
  const auto edited = project.texts.find(fs::path(path).lexically_normal().string());
  if (edited != project.texts.end()) return edited->second;
  return readProjectFile(project.folder, path);
}

}  // namespace freshet::pipeline
