// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <vector>

#include "core/spec/catalog.h"

namespace freshet::bridge {

// Types that answer a search, best first: the start of a word of the title, then of a synonym, then
// letters in order, then the summary. An empty query gives all of them by family. Case and accents
// do not count. Pure.
std::vector<const spec::NodeSpec*> searchNodes(const spec::SpecCatalog& catalog,
                                               const QString& query);
// How well `text` answers `query`; 0: not at all. For lists of other things.
int matchScore(const QString& text, const QString& query);

}  // namespace freshet::bridge
