// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/liquid/template.h"

namespace freshet::liquid {

/// Something a template mentions, and where.
struct Mention {
  std::string name;
  std::string file;
  Place place;
};

struct PartialMention {
  Mention at;
  bool isRender = false;
  bool isFound = false;
};

/// One way through a template: "if", "elsif", "else", "unless", "when", "for".
struct Branch {
  Mention at;
};

/// What a template is made of, partials included, without rendering it; in reading order.
struct Analysis {
  std::vector<VariablePath> variables;
  std::vector<Mention> filters;
  std::vector<PartialMention> partials;
  std::vector<Branch> branches;
};

Analysis analyse(const Template& source);

}  // namespace freshet::liquid
