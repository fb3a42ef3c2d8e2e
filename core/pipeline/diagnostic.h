// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace freshet::pipeline {

enum class Severity { Error, Warning, Hint };

/// A finding of design time: stable code, place, words, and what to do about it.
/// `line` and `column` count from 1; 0 where there is no file. `node` and `field` are empty where
/// the finding concerns the whole pipeline.
struct Diagnostic {
  Severity severity = Severity::Error;
  std::string code;
  std::string message;
  std::string hint;
  std::string node;
  std::string field;
  std::string file;
  int line = 0;
  int column = 0;

  /// "abandoned-basket.pipeline.json:14:9: E-1203 topic is empty (set settings.topic)"
  std::string text() const;
};

bool hasErrors(const std::vector<Diagnostic>& diagnostics);

}  // namespace freshet::pipeline
