// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "app/cli/shell.h"

namespace freshet::cli {

enum class RenderForm { Html, Text, Message };

struct RenderArguments {
  std::string file;
  std::string person;    ///< a persona: an object of sections, or a profile alone
  std::string data;      ///< an object of sections, over the person's
  std::string partials;  ///< a folder; empty: templates/partials of the template's project
  RenderForm form = RenderForm::Html;  ///< Text: what comes from data is not escaped
  std::string from, to, subject;       ///< of a message, over those of the project's email step
  bool isStrict = false;               ///< a variable or filter that does not exist is an error
  bool isAnalysis = false;             ///< what the template reads, instead of what it gives
  bool isExplained = false;            ///< which path gave which text, instead of the text
  Format format = Format::Text;
};

/// `freshet render`: 0, 1 where the template fails or, if strict, misses something, 2 usage.
int render(const RenderArguments& arguments, const Shell& shell);

}  // namespace freshet::cli
