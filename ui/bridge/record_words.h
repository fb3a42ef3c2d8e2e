// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <vector>

#include "core/host/pipeline_host.h"

namespace freshet::bridge {

// How a record that passed is called and read. Pure.

// The person's name where a section knows it, else the record's key.
QString personOf(const host::TappedRecord& record);
QString clockTime(TimeMs timeMs);                // "14:05:10"
QString shortValue(const record::Value& value);  // one line
bool mentions(const host::TappedRecord& record, const QString& words);

// "profile.first_name" as its parts.
using FieldPath = std::vector<std::string>;
record::Value valueAt(const host::TappedRecord& record, const FieldPath& path);
// What tells these records apart, best first: what the event is, its properties, then what steps
// added; single values only.
std::vector<FieldPath> tellingFields(const std::vector<host::TappedRecord>& records,
                                     std::size_t most);

}  // namespace freshet::bridge
