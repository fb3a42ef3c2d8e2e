# SPDX-License-Identifier: GPL-3.0-or-later
"""The n-th change of a file goes wrong (support/iofault.c)."""
from support.case import BUILD

LIBRARY = BUILD / "testing" / "bin" / "libiofault.so"


class IoFault:
    def __init__(self, path, at=0, kind="eio", only=(), log=None):
        self.path, self.at, self.kind, self.only, self.log = path, at, kind, only, log

    def environment(self):
        found = {"LD_PRELOAD": str(LIBRARY), "IOFAULT_PATH": str(self.path), "IOFAULT_AT": str(self.at),
                 "IOFAULT_KIND": self.kind}
        if self.only:
            found["IOFAULT_ONLY"] = ",".join(self.only)
        if self.log:
            found["IOFAULT_LOG"] = str(self.log)
        return found

    def calls(self):
        """[(name, path)] that the log has seen."""
        return [tuple(line.split(" ", 2)[1:]) for line in self.log.read_text().splitlines()]
