# SPDX-License-Identifier: GPL-3.0-or-later
"""T56: a save that dies, fails or falls short at each of its system calls leaves the old file or the new one,
whole; the next save leaves nothing else behind. The file and its folder are synced around the rename."""
import json
import os
import shutil
import subprocess

from support.case import BUILD, fault, main
from support.preload import IoFault

SAVE = BUILD / "testing" / "bin" / "save_once"


def outcome(case, folder, command, content, plan):
    return subprocess.run(command, input=content, capture_output=True, text=True, cwd=folder, timeout=60,
                          env=os.environ | (plan.environment() if plan else {})).returncode


def everyCall(case, words, prepare, command, content, old, new, name):
    """prepare() makes the folder anew; `old` and `new` are what the file may hold."""
    folder = prepare()
    log = case.folder / "calls"
    log.unlink(missing_ok=True)
    case.require(outcome(case, folder, command(folder), content, IoFault(folder, log=log)) == 0,
                 f"{words}: it cannot save at all")
    target = folder / name
    case.require(target.read_text() == new, f"{words}: what was saved is not what was meant")
    plan = IoFault(folder, log=log).calls()
    names = [call for call, _ in plan]
    rename = names.index("rename")
    case.require({"fsync", "fdatasync"} & set(names[:rename]), f"{words}: no sync before the rename: {names}")
    case.require(("fsync", str(folder)) in plan[rename:], f"{words}: the folder is not synced: {plan[rename:]}")
    faults = 0
    for at in range(1, len(plan) + 1):
        for kind in ("kill", "eio", "enospc", "short"):
            folder = prepare()
            before = sorted(os.listdir(folder))
            code = outcome(case, folder, command(folder), content, IoFault(folder, at, kind))
            what = f"{words}: call {at} ({names[at - 1]}), {kind}"
            faults += 1
            found = target.read_text() if target.exists() else None
            case.require(found in (old, new), f"{what}: the file is neither old nor new: {str(found)[:60]!r}")
            if kind == "short":
                case.require(code == 0 and found == new, f"{what}: a short write is not gone on with")
            elif kind != "kill":
                case.require(code != 0 or found == new, f"{what}: it says saved, and is not")
                case.require(code != 0 or "sync" not in names[at - 1], f"{what}: it says saved, and may not be")
                litter = set(os.listdir(folder)) - set(before) - {name}
                # What cannot be unlinked stays until the next save.
                case.require(not litter or names[at - 1] == "unlink", f"{what}: it leaves {litter}")
            case.require(outcome(case, folder, command(folder), content, None) == 0, f"{what}: no save after it")
            case.require(target.read_text() == new, f"{what}: the next save saves something else")
            litter = set(os.listdir(folder)) - set(before) - {name}
            case.require(not litter, f"{what}: {litter} is still there after the next save")
    return faults


@fault("T56", "P")
def save_at_every_call(case):
    old, new = "old\n" * 10_000, "new, longer\n" * 20_000

    def bare(has):
        def prepare():
            folder = case.folder / "bare"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            if has:
                (folder / "a.json").write_text(old)
            return folder
        return prepare

    def save(folder):
        return [str(SAVE), str(folder / "a.json")]

    faults = everyCall(case, "new file", bare(False), save, new, None, new, "a.json")
    faults += everyCall(case, "existing file", bare(True), save, new, old, new, "a.json")

    original = json.dumps(json.loads((case.project("lines") / "lines.pipeline.json").read_text()))
    program = str(BUILD / "bin" / "freshet")

    def prepare():
        folder = case.project("lines")
        (folder / "lines.pipeline.json").write_text(original)
        for left in folder.glob(".*"):
            left.unlink()
        return folder

    def fmt(folder):
        return [program, "fmt", "--write", str(folder)]

    folder = prepare()
    subprocess.run(fmt(folder), check=True, stdout=subprocess.DEVNULL)
    canonical = (folder / "lines.pipeline.json").read_text()
    case.require(canonical != original, "the file was canonical before")
    faults += everyCall(case, "fmt --write", prepare, fmt, "", original, canonical, "lines.pipeline.json")
    case.figure(faults=faults)


main()
