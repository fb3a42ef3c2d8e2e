// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/record/value.h"

namespace freshet::pipeline {

class PlacedJson;

inline constexpr int kFormatVersion = 1;
inline constexpr std::string_view kPipelineSuffix = ".pipeline.json";
inline constexpr std::string_view kLayoutSuffix = ".layout.json";

/// "a.pipeline.json" → "a.layout.json"
std::string layoutFileOf(std::string_view pipelineFile);
/// That the root of a file is an object of a format we know.
Status checkFormat(const PlacedJson& file, const record::Value& root, std::string_view what);

}  // namespace freshet::pipeline
