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

// One person's e-mail: made by the running pipeline, or rendered here for a persona of the project.
struct Email {
  std::string person;  // the record's key; of a persona, its id
  QString name;        // never empty: name, address or key
  QString interest;    // a number on the profile worth showing; may be empty
  QString from, subject, preheader;
  std::string html;
  std::int64_t sentMs = 0;  // 0: a persona, nothing was sent
  QString problem;          // why it could not be rendered
};

// From the sections of a record that left an e-mail step.
Email emailOf(const record::Value& sections, std::string_view key, std::int64_t atMs);

// The personas of the project (personas/*.json), each rendered by the e-mail step `node`, in the
// order of their files.
std::vector<Email> emailsOfPersonas(const pipeline::Project& project, const pipeline::Node& node,
                                    std::int64_t nowMs);

}  // namespace freshet::studio
