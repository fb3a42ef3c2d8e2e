// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/codes.h"

#include <algorithm>

namespace freshet::pipeline {
namespace {

constexpr Code kCodes[] = {
    // The files of a project.
    {"E-1001", "A project file is not JSON, or has a name twice."},
    {"E-1002", "A file or folder cannot be read."},
    {"E-1003", "The file was written by a newer Freshet."},
    {"E-1004", "Something in the file has the wrong shape."},
    {"E-1005", "A wire is not written as \"from -> to\" or \"from.port -> to\"."},
    {"E-1006", "The folder holds several pipelines."},
    {"E-1007", "An environment does not exist, or names a step that the pipeline does not have."},
    {"E-1008", "A --set option cannot be applied."},
    {"E-1009", "A file could not be saved; it is as it was."},
    {"E-1010", "An environment variable or a secret is not set."},
    // The graph.
    {"E-1101", "A step's id is missing or has characters it may not have."},
    {"E-1102", "Two steps have the same id."},
    {"E-1103", "The type of a step is not known; a plug-in may be missing."},
    {"E-1104", "A wire starts at or leads to a step that is not there."},
    {"E-1105", "A wire starts at an output that the step does not have."},
    {"E-1106", "Steps form a loop."},
    {"E-1107", "A wire leads to a source, which takes nothing in."},
    {"E-1108", "A wire starts at a step that gives nothing out."},
    {"E-1109", "The pipeline has no name."},
    {"W-1110", "The same wire is drawn twice."},
    {"W-1111", "A step is not connected to anything."},
    {"W-1112", "No source leads to a step: it never gets an event."},
    {"W-1113", "A source leads nowhere."},
    {"W-1114", "The pipeline has no source."},
    {"E-1115", "A step promises exactly once, and another cannot keep it."},
    // Settings.
    {"E-1201", "The step's type has no such setting."},
    {"E-1202", "A setting has the wrong type."},
    {"E-1203", "A setting that is needed is empty."},
    {"E-1204", "A number is out of its range."},
    {"E-1205", "A setting is not one of its choices."},
    {"E-1206", "A time is not written as one (30 s, 1.5 h, 7 d)."},
    {"E-1207", "A size is not written as one (64 KiB, 5 MiB)."},
    {"E-1208", "A file that a setting names is not there."},
    {"E-1209", "A path leads out of the project."},
    {"E-1210", "A connection is not defined in this pipeline."},
    {"E-1211", "A connection is of another kind than the step needs."},
    {"E-1212", "A secret is written in clear."},
    {"E-1213", "The step refuses its settings."},
    {"E-1214", "The type of a connection is not known; a plug-in may be missing."},
    {"E-1215", "The cases of a branch are not in order."},
    {"W-1216", "No step uses a connection."},
    {"W-1217", "What a step keeps does not follow a partition to another worker."},
    {"E-1301", "An expression reads a section that no step before it adds."},
    // Tests.
    {"E-1401", "A test is not written as one."},
    {"E-1402", "A test names a step, a wire or a connection that the pipeline does not have."},
    // Liquid in settings and template files.
    {"E-4001", "Liquid: the template cannot be read here."},
    {"E-4002", "Liquid: a tag is unknown, not closed or out of place."},
    {"E-4003", "Liquid: a filter is unknown."},
    {"E-4004", "Liquid: a partial is missing or cannot be read."},
    {"E-4005", "Liquid: a filter or a tag has the wrong arguments."},
    {"E-4006", "Liquid: the template is too large."},
};

}  // namespace

std::span<const Code> codes() {
  return kCodes;
}

std::string_view meaningOf(std::string_view code) {
  const auto found = std::ranges::find(kCodes, code, &Code::code);
  return found == std::end(kCodes) ? std::string_view() : found->meaning;
}

}  // namespace freshet::pipeline
