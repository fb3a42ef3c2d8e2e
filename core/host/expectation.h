// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/record/owned_value.h"

namespace freshet::host {

/// Compares what came with what a test expects. Of an object only the members that are named count;
/// lists are as long as they say; a number instead of a list is its length; {"file": path} is the
/// text of a file beside the test, {"contains": text or texts} a part of it. Updating, what came
/// takes the place of what was expected, in files too.
class Expectation {
 public:
  /// `folder` is where the test lies.
  Expectation(std::string folder, bool isUpdating)
      : m_folder(std::move(folder)), m_isUpdating(isUpdating) {}

  /// What is to be expected from now on: `expected` itself unless updating. In `arena`.
  record::Value compare(const std::string& place, const record::Value& expected,
                        const record::Value& actual, Arena& arena);
  /// A difference found elsewhere.
  void add(std::string failure) { m_failures.push_back(std::move(failure)); }
  std::vector<std::string>& failures() { return m_failures; }

 private:
  record::Value list(const std::string& place, const record::Value& expected,
                     const record::Value& actual, Arena& arena);
  record::Value members(const std::string& place, const record::Value& expected,
                        const record::Value& actual, Arena& arena);
  void golden(const std::string& place, std::string_view path, std::string_view actual);
  void contains(const std::string& place, const record::Value& parts, std::string_view actual);

  std::string m_folder;
  bool m_isUpdating;
  std::vector<std::string> m_failures;
};

}  // namespace freshet::host
