// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/project.h"
#include "core/record/owned_value.h"

namespace freshet::studio {

// One person's e-mail: made by the running pipeline, or rendered here by the texts as they are now.
struct Email {
  std::string person;           // the record's key; of a persona, its id
  QString name;                 // never empty: name, address or key
  QString interest;             // a number on the profile worth showing; may be empty
  record::OwnedValue sections;  // what it was made from
  QString from, subject, preheader;
  std::string html, text;
  std::int64_t atMs = 0;    // what the templates take for now
  std::int64_t sentMs = 0;  // 0: a persona, nothing was sent
  bool isOutdated = false;  // the texts would make another one now, or none was made yet
  QString problem;          // why it could not be rendered
};

// Who it is for, and nothing of the e-mail yet.
Email personOf(const record::OwnedValue& sections, std::string person);
// From the sections of a record that left an e-mail step.
Email emailOf(const record::OwnedValue& sections, std::string person, std::int64_t atMs);

// The personas of the project (personas/*.json) in the order of their files; no e-mail was made.
std::vector<Email> personasOf(const pipeline::Project& project, std::int64_t nowMs);

}  // namespace freshet::studio
