# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DID=… -DVERSION=… -DHASH=<file> -DOUT=<file> -P manifest.cmake
file(STRINGS ${HASH} hash LIMIT_COUNT 1)
file(WRITE ${OUT} "{\"id\": \"${ID}\", \"version\": \"${VERSION}\", \"buildHash\": \"${hash}\"}\n")
