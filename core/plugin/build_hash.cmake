# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DROOT=… -DCOMPILER=… -DOUT=… -P build_hash.cmake
# The build hash: compiler, flags and every header a plugin may include. Two builds with the same hash
# agree on the layout of everything that crosses the boundary; no ABI is promised beyond that.
set(text "${COMPILER}\n")
foreach(folder base record spec stage profile plugin)
  file(GLOB headers ${ROOT}/core/${folder}/*.h)
  list(SORT headers)
  foreach(header IN LISTS headers)
    file(SHA256 ${header} digest)
    file(RELATIVE_PATH name ${ROOT} ${header})
    string(APPEND text "${name} ${digest}\n")
  endforeach()
endforeach()
string(SHA256 hash "${text}")
string(SUBSTRING ${hash} 0 32 hash)
file(CONFIGURE OUTPUT ${OUT}.txt CONTENT "${hash}\n")
file(CONFIGURE OUTPUT ${OUT}.h CONTENT [[// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#define FRESHET_BUILD_HASH "@hash@"
]] @ONLY)
