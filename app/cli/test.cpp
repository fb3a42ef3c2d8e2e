// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/test.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "app/cli/projects.h"
#include "core/host/project_tests.h"
#include "core/pipeline/project.h"
#include "core/record/json.h"

namespace freshet::cli {
namespace {

namespace fs = std::filesystem;
using host::TestResult;

constexpr std::string_view kEnding = ".test.json";

struct Suite {
  std::string folder;  ///< as shown
  std::string name;
  std::vector<TestResult> results;
};

/// What is to be run: projects, each with all its tests or the files named.
Result<std::map<std::string, std::vector<std::string>>> chosen(
    const std::vector<std::string>& paths) {
  std::map<std::string, std::vector<std::string>> projects;
  std::vector<std::string> others;
  for (const std::string& path : paths) {
    if (!path.ends_with(kEnding)) {
      others.push_back(path);
      continue;
    }
    const fs::path file = fs::path(path).lexically_normal();
    const fs::path folder = fs::absolute(file).parent_path().parent_path();
    const auto found = pipelineFiles({folder.string()});
    if (!found) return found.error();
    projects[found->front()].push_back("tests/" + file.filename().string());
  }
  if (!others.empty() || paths.empty()) {
    const auto found = pipelineFiles(others);
    if (!found) return found.error();
    for (const std::string& file : *found) projects[file];
  }
  return projects;
}

bool matches(const std::string& filter, const std::string& file, const std::string& name) {
  return filter.empty() || file.find(filter) != std::string::npos ||
         name.find(filter) != std::string::npos;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        // XML has no way to write other control characters.
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string decimals(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

std::string toJunit(const std::vector<Suite>& suites) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const Suite& suite : suites) {
    double seconds = 0;
    std::size_t failed = 0;
    for (const TestResult& result : suite.results) {
      seconds += result.seconds;
      failed += result.isPassed() ? 0 : 1;
    }
    out += "  <testsuite name=\"" + escaped(suite.name) + "\" tests=\"" +
           std::to_string(suite.results.size()) + "\" failures=\"" + std::to_string(failed) +
           "\" errors=\"0\" skipped=\"0\" time=\"" + decimals(seconds) + "\">\n";
    for (const TestResult& result : suite.results) {
      out += "    <testcase classname=\"" + escaped(suite.name) + "\" name=\"" +
             escaped(result.name) + "\" file=\"" + escaped(suite.folder + '/' + result.file) +
             "\" time=\"" + decimals(result.seconds) + '"';
      if (result.isPassed()) {
        out += "/>\n";
        continue;
      }
      std::string all;
      for (const std::string& failure : result.failures) all += failure + '\n';
      out += ">\n      <failure message=\"" + escaped(result.failures.front()) + "\">" +
             escaped(all) + "</failure>\n    </testcase>\n";
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

void printJson(const std::vector<Suite>& suites, const Shell& shell) {
  for (const Suite& suite : suites) {
    for (const TestResult& result : suite.results) {
      std::string out = "{\"project\":";
      record::writeJsonString(suite.name, out);
      out += ",\"file\":";
      record::writeJsonString(result.file, out);
      out += ",\"name\":";
      record::writeJsonString(result.name, out);
      out += std::string(",\"passed\":") + (result.isPassed() ? "true" : "false");
      out += ",\"seconds\":" + decimals(result.seconds) + ",\"failures\":[";
      for (std::size_t i = 0; i < result.failures.size(); ++i) {
        if (i > 0) out += ',';
        record::writeJsonString(result.failures[i], out);
      }
      shell.print(out + "]}\n");
    }
  }
}

void printText(const std::vector<Suite>& suites, const Shell& shell) {
  for (const Suite& suite : suites) {
    for (const TestResult& result : suite.results) {
      if (result.isUpdated) shell.note("updated  " + result.name);
      if (result.isPassed()) {
        shell.detail("passed   " + result.name);
        continue;
      }
      shell.print("failed   " + result.name + "  (" + suite.folder + '/' + result.file + ")\n");
      for (const std::string& failure : result.failures) shell.print("  " + failure + '\n');
    }
  }
}

}  // namespace

int test(const TestArguments& arguments, const plugin::Registry& registry, const Shell& shell) {
  const auto projects = chosen(arguments.paths);
  if (!projects) {
    shell.error(projects.error());
    return kUsage;
  }
  std::vector<Suite> suites;
  std::size_t passed = 0, failed = 0;
  double seconds = 0;
  for (const auto& [file, named] : *projects) {
    const auto project = pipeline::loadProject(file);
    if (!project) {
      shell.error(project.error());
      return kUsage;
    }
    host::ProjectTests tests(*project, registry);
    Suite suite{shownPath(project->folder, ""), project->pipeline.name, {}};
    while (suite.folder.size() > 1 && suite.folder.ends_with('/')) suite.folder.pop_back();
    for (const std::string& each : named.empty() ? tests.files() : named) {
      if (!matches(arguments.filter, each, tests.nameOf(each))) continue;
      TestResult result = tests.run(each, arguments.isUpdating);
      seconds += result.seconds;
      ++(result.isPassed() ? passed : failed);
      suite.results.push_back(std::move(result));
    }
    suites.push_back(std::move(suite));
  }
  if (!arguments.junit.empty()) {
    const Status written = pipeline::writeFileAtomically(arguments.junit, toJunit(suites));
    if (!written) {
      shell.error(written.error());
      return kUsage;
    }
  }
  if (arguments.format == Format::Json) {
    printJson(suites, shell);
  } else {
    printText(suites, shell);
  }
  if (passed + failed == 0) {
    shell.error(arguments.filter.empty() ? "there are no tests/*.test.json here"
                                         : "no test has \"" + arguments.filter + "\" in its name");
    return kUsage;
  }
  shell.note(std::to_string(passed) + " passed, " + std::to_string(failed) + " failed, " +
             decimals(seconds) + " s");
  return failed == 0 ? kOk : kFindings;
}

}  // namespace freshet::cli
