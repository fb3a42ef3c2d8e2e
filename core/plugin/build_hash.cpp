// SPDX-License-Identifier: GPL-3.0-or-later
#include <build_hash.h>

#include "core/plugin/registry.h"

namespace freshet::plugin {

std::string_view buildHash() {
  return FRESHET_BUILD_HASH;
}

}  // namespace freshet::plugin
