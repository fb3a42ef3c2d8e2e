// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/projects.h"

#include <algorithm>
#include <filesystem>

namespace freshet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPipeline = ".pipeline.json";
constexpr std::string_view kBelow = "...";

bool isPipeline(const fs::path& path) {
  return path.filename().string().ends_with(kPipeline);
}

void addAllBelow(const fs::path& folder, std::vector<std::string>& files) {
  std::error_code failed;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied,
                                      failed);
  for (; at != fs::recursive_directory_iterator(); at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (at->is_directory(failed)) {
      if (name == "build" || name.starts_with('.')) at.disable_recursion_pending();
    } else if (isPipeline(at->path())) {
      files.push_back(at->path().lexically_normal().string());
    }
  }
}

}  // namespace

Result<std::vector<std::string>> pipelineFiles(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths.empty() ? std::vector<std::string>{"."} : paths) {
    std::error_code failed;
    const bool isBelow = path.ends_with(kBelow);
    fs::path start(isBelow ? path.substr(0, path.size() - kBelow.size()) : path);
    if (start.empty()) start = ".";
    if (!fs::exists(start, failed)) {
      return Error{"E-1002", "there is no file or folder " + start.string(), path};
    }
    const std::size_t before = files.size();
    if (isBelow) {
      addAllBelow(start, files);
    } else if (fs::is_directory(start, failed)) {
      for (const auto& entry : fs::directory_iterator(start, failed)) {
        if (isPipeline(entry.path())) files.push_back(entry.path().lexically_normal().string());
      }
    } else {
      files.push_back(start.lexically_normal().string());
    }
    if (files.size() == before) {
      return Error{"E-1002", "there is no *.pipeline.json here (name a project, or end with /...)",
                   path};
    }
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
  }
  return files;
}

std::string shownPath(const std::string& folder, const std::string& file) {
  std::error_code failed;
  const fs::path full = fs::path(folder) / file;
  const fs::path near = full.lexically_relative(fs::current_path(failed));
  return near.empty() || *near.begin() == ".." ? full.string() : near.string();
}

}  // namespace freshet::cli
