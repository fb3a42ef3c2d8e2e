// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

#include "core/pipeline/diagnostic.h"
#include "core/spec/field_spec.h"

namespace freshet::inspector {

// Between what a person types and what a setting holds. Pure.

// "10k" as 10000 where a number is wanted; what is no number yet stays text, for lint to judge.
record::OwnedValue valueOf(const QString& typed, const spec::FieldSpec& field);
QString wordsOf(const record::Value& value);
// As it is stored: "90min" → "90 min". What cannot be read stays as it is.
QString normalised(const QString& typed, const spec::FieldSpec& field);
// A finding as one or two sentences.
QString sentence(const pipeline::Diagnostic& finding);

}  // namespace freshet::inspector
