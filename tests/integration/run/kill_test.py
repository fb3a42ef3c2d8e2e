#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills `freshet run` in the middle, again and again, and compares what it leaves with a run that
nobody disturbed: the counts and every e-mail, byte for byte, must be the same."""
import glob
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FRESHET, EXAMPLE, LIMIT, KILLS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
SETTINGS = [word for setting in sys.argv[5:] for word in ("--set", setting)]
SEED = int(os.environ.get("FRESHET_SEED", "1"))


def command(project, state):
    return [FRESHET, "run", project, "--env", "test", "--state", state, "--speed", "max", "--limit", LIMIT,
            "--format", "json"] + SETTINGS


def emails(folder):
    """The messages of an outbox by id, out of .eml files and mbox segments."""
    found = {}
    doubled = []

    def add(text):
        identity = re.search(r"^Message-ID: (\S+)", text, re.M).group(1)
        if identity in found:
            doubled.append(identity)
        found[identity] = text

    for path in glob.glob(folder + "/*.eml"):
        with open(path, newline="") as file:
            add(file.read().replace("\r\n", "\n"))
    for path in glob.glob(folder + "/*.mbox"):
        with open(path, newline="") as file:
            for message in re.split(r"(?m)^From freshet .*\n", file.read())[1:]:
                text = re.sub(r"(?m)^>(>*From )", r"\1", message)
                add(text[:-1])
    return found, doubled


def finish(project, state):
    done = subprocess.run(command(project, state), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main():
    draw = random.Random(SEED)
    work = tempfile.mkdtemp(prefix="freshet-kill-")
    try:
        calm, rough = work + "/calm", work + "/rough"
        for project in (calm, rough):
            shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("outbox"))
            # Without the source that listens: runs beside this one would want its port too.
            with open(project + "/env/test.json", "w") as file:
                json.dump({"formatVersion": 1, "nodes": {"your-website": {"type": None}}}, file)
        started = time.monotonic()
        expected = finish(calm, work + "/calm-state")
        span = time.monotonic() - started
        killed = 0
        for _ in range(KILLS):
            run = subprocess.Popen(command(rough, work + "/rough-state"), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            try:
                # Together less than a calm run takes, so that nearly all of them hit.
                run.wait(timeout=draw.uniform(0.05, 0.9 / KILLS) * span)
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                run.wait()
                killed += 1
        counted = finish(rough, work + "/rough-state")
        wanted, doubledCalm = emails(calm + "/outbox")
        got, doubled = emails(rough + "/outbox")
        names = ["in", "out", "filtered", "dead", "emitted", "errors"]
        same = [counted[name] for name in names] == [expected[name] for name in names]
        adds = counted["in"] == counted["out"] + counted["filtered"] + counted["dead"]
        changed = sum(1 for identity in wanted if got.get(identity) != wanted[identity])
        print(f"seed {SEED}: {expected['in']} events, {killed} kills, {len(wanted)} emails; "
              f"lost {len(wanted.keys() - got.keys())}, extra {len(got.keys() - wanted.keys())}, "
              f"doubled {len(doubled) + len(doubledCalm)}, changed {changed}")
        if not same:
            print(f"counts differ: {[counted[n] for n in names]} instead of {[expected[n] for n in names]}")
        ok = same and adds and killed >= KILLS / 2 and len(wanted) > 0 and not changed and not doubled
        ok = ok and got.keys() == wanted.keys() and not doubledCalm
        return 0 if ok else 1
    finally:
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
