// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/liquid/standard.h"
#include "core/liquid/time.h"

namespace freshet::liquid {
namespace {

Value date(FilterCall& call) {
  const std::string_view format = call.argText(0);
  if (format.empty()) return call.input;
  Moment moment;
  if (!readMoment(call.input, call.scratch.nowMs, call.scratch.timeZone, moment)) return call.input;
  Scratch::Builder builder(call.scratch);
  if (!appendMoment(builder.raw(), format, moment, call.scratch.remaining()))
    return call.fail("this date format is too long");
  return builder.done();
}

}  // namespace

void addDateFilters(TemplateEnvironment& environment) {
  environment.addFilter({"date", date, 1, 1, false, true});
}

}  // namespace freshet::liquid
