// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/analysis.h"

#include "core/liquid/program.h"

namespace freshet::liquid {
namespace {

Mention mention(const Unit& unit, const Note& note) {
  return {note.name, unit.name, placeOf(unit.source, note.place, note.length)};
}

}  // namespace

Analysis analyse(const Template& source) {
  Analysis analysis;
  const Program& program = source.program();
  for (const Unit& unit : program.units) {
    for (const Read& read : unit.reads) {
      analysis.variables.push_back({std::string(program.names[read.name]), read.path, unit.name,
                                    placeOf(unit.source, read.place, read.length), read.isGuarded});
    }
    for (const Note& note : unit.filterNotes) analysis.filters.push_back(mention(unit, note));
    for (const Note& note : unit.branchNotes) analysis.branches.push_back({mention(unit, note)});
    for (const Note& note : unit.partialNotes) {
      PartialMention partial{mention(unit, note), note.isRender, note.unit != UINT32_MAX};
      if (partial.isFound) partial.isFound = !program.units[note.unit].isBroken;
      analysis.partials.push_back(std::move(partial));
    }
  }
  return analysis;
}

}  // namespace freshet::liquid
