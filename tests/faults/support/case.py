# SPDX-License-Identifier: GPL-3.0-or-later
"""One fault test: its seed, its folder, its servers, its figures, and why it failed.

    @fault("T20", "P")
    def sigterm_under_load(case): ...

    main()
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback

from support import ROOT
from support.farm import Farm
from support.worker import Worker

BUILD = pathlib.Path(os.environ.get("FRESHET_BUILD", ROOT / "build" / "release"))
_tests = {}


class Failure(Exception):
    """The product broke a promise; the text says which, for a person."""


def fault(identity, tier, timeout=180):  # CMake reads the timeout
    """Tier P: every ./dev test, under a minute. N: ./dev test faults."""
    def register(function):
        _tests[identity] = (function, tier)
        return function
    return register


class Case:
    def __init__(self, identity, tier, seed):
        self.identity, self.tier, self.seed = identity, tier, seed
        self.random = random.Random(f"{identity}/{seed}")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"freshet-{identity}."))
        self.figures = {"seed": seed}
        self.began = time.monotonic()
        self.farm = Farm(self.folder / "farm", BUILD)
        self.workers = []

    def figure(self, **figures):
        """What the report prints: events, kills, lost, dup, max_stall_s, rss_mb …"""
        self.figures.update(figures)

    def require(self, isTrue, words):
        if not isTrue:
            raise Failure(words)

    def say(self, words):
        print(f"  {time.monotonic() - self.began:6.1f} s  {words}", flush=True)

    def project(self, name, **replacements):
        """A copy of tests/faults/pipelines/NAME; each word @NAME@ in it is replaced."""
        copy = self.folder / name
        if not copy.exists():
            shutil.copytree(ROOT / "tests" / "faults" / "pipelines" / name, copy)
            for path in copy.rglob("*.json"):
                text = path.read_text()
                for word, value in replacements.items():
                    text = text.replace(f"@{word}@", str(value))
                path.write_text(text)
        return copy

    def worker(self, project, **options):
        made = Worker(self, BUILD / "bin" / "freshet", project, **options)
        self.workers.append(made)
        return made

    def waitFor(self, condition, seconds, words):
        """What the condition returns once it is true; a Failure with the words if it never is."""
        deadline = time.monotonic() + seconds
        while True:
            found = condition()
            if found:
                return found
            if time.monotonic() > deadline:
                raise Failure(f"not within {seconds} s: {words}")
            time.sleep(0.02)

    def close(self):
        for worker in self.workers:
            worker.close()
        self.farm.close()


def _line(case, verdict):
    words = ", ".join(f"{name} {value:.1f}" if isinstance(value, float) else f"{name} {value}"
                      for name, value in case.figures.items())
    return f"{case.identity} {case.tier} {verdict}: {words}"


def _run(identity, seed, keep):
    function, tier = _tests[identity]
    case = Case(identity, tier, seed)
    print(f"{identity} {function.__name__.replace('_', ' ')}: seed {seed}, {case.folder}", flush=True)
    why = None
    try:
        function(case)
    except Failure as failure:
        why = str(failure)
    except BaseException:  # an interrupt too must end the servers
        why = "the test itself broke:\n" + traceback.format_exc()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        case.close()
    case.figure(rss_mb=max([worker.peakMb for worker in case.workers], default=0),
                seconds=time.monotonic() - case.began)
    print(_line(case, "failed" if why else "passed"), flush=True)
    if why:
        print(f"\nWHY: {why}\n\nagain: FRESHET_SEED={seed} ./dev test faults {identity}")
        for worker in case.workers:
            worker.printLastWords()
        print(f"logs, topics and states are in {case.folder}")
    if not why and not keep:
        shutil.rmtree(case.folder, ignore_errors=True)
    return 1 if why else 0


def _regressionSeeds(identity):
    for line in (ROOT / "tests" / "faults" / "regression_seeds.txt").read_text().splitlines():
        name, _, seed = line.partition(" ")
        if name == identity:
            yield int(seed)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("identity", choices=sorted(_tests))
    parser.add_argument("--seed", type=int, default=os.environ.get("FRESHET_SEED"))
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ctest's timeout: clean up all the same
    if arguments.seed is not None:
        seeds = [int(arguments.seed)]
    elif _tests[arguments.identity][1] == "P":
        seeds = [1, *_regressionSeeds(arguments.identity)]
    else:
        seeds = [random.SystemRandom().randrange(1, 1_000_000), *_regressionSeeds(arguments.identity)]
    sys.exit(max(_run(arguments.identity, seed, arguments.keep) for seed in seeds))
