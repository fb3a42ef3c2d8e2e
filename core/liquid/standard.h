// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/liquid/environment.h"

namespace freshet::liquid {

void addStringFilters(TemplateEnvironment& environment);
void addEncodingFilters(TemplateEnvironment& environment);
void addNumberFilters(TemplateEnvironment& environment);
void addArrayFilters(TemplateEnvironment& environment);
void addDateFilters(TemplateEnvironment& environment);

}  // namespace freshet::liquid
