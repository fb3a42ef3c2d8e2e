# SPDX-License-Identifier: GPL-3.0-or-later
"""T52: a log file that is followed while it is renamed and begun anew, emptied, compressed, away for a while and
given the inode of its forerunner, with half lines, a line without end, and SIGKILL: every complete line once."""
import gzip
import json
import os

from support import events, oracles
from support.case import fault, main
from support.jobs import LinesJob
from support.kafka_wire import Record


class Log:
    """Who writes the file: whole lines, or halves of them, into whatever file has the name now."""

    def __init__(self, job, maker):
        self.job, self.maker, self.path = job, maker, job.input
        self.rotations = 0
        self.file = open(self.path, "a")

    def write(self, count):
        for _ in range(count):
            event = next(self.maker)
            self.job.ledger[event["id"]] = event
            self.file.write(json.dumps(event, separators=(",", ":")) + "\n")
        self.file.flush()

    def rotate(self, isLate=False, compress=False):
        """Renames the file; whoever writes goes on with the old one for a moment if it is late."""
        self.rotations += 1
        old = self.path.with_name(f"{self.path.name}.{self.rotations}")
        self.path.rename(old)
        if isLate:
            self.write(20)
        self.file.close()
        if compress:
            with open(old, "rb") as plain, gzip.open(f"{old}.gz", "wb") as packed:
                packed.write(plain.read())
            os.utime(f"{old}.gz", ns=(old.stat().st_atime_ns, old.stat().st_mtime_ns))
            old.unlink()
        self.file = open(self.path, "a")


def lines(job):
    return job.output.read_text().count("\n") if job.output.exists() else 0


def follow(case, kills, most):
    job = LinesJob(case, 0)
    log = Log(job, events.make(10_000_000, 100, case.seed, 0.0))
    worker = case.worker(job.project, settings={"in.follow": "true"})

    def arrives(seconds=30):
        wanted = sum(1 for event in job.ledger.values() if events.isKept(event))
        case.waitFor(lambda: lines(job) == wanted, seconds, f"{wanted} lines arrive ({lines(job)} have)")

    log.write(500)
    worker.start()
    arrives()
    for late in (False, True):
        log.rotate(isLate=late)
        log.write(100)
        arrives()
    case.say("rotated, also with a writer that notices late")

    event = next(log.maker)
    half = json.dumps(event)
    log.file.write(half[:40])
    log.file.flush()
    arrives()
    read = worker.readSoFar()
    case.waitFor(lambda: worker.readSoFar() == read, 5, "half a line waits")
    log.file.write(half[40:] + "\n")
    job.ledger[event["id"]] = event
    log.write(10)
    arrives()

    log.file.close()
    os.truncate(job.input, 0)  # read to its end before: nothing is lost by it
    log.file = open(job.input, "a")
    log.write(50)
    arrives()
    away = job.input.with_name("elsewhere")
    log.write(30)
    job.input.rename(away)
    log.write(30)
    away.rename(job.input)
    log.write(30)
    arrives()
    case.say("emptied, away and back")

    worker.stop()
    before = job.input.stat().st_ino
    log.write(100)
    log.rotate(compress=True)  # unread lines are in a compressed file now
    log.write(100)
    log.rotate()
    log.write(100)
    worker.start()
    arrives()
    case.say(f"rotated and compressed while nobody read; inode {before} then {job.input.stat().st_ino} now")

    log.file.write('{"id":"' + "x" * most + '"}\n')
    log.write(100)
    arrives(60)
    case.figure(long_line_mb=most >> 20)
    case.require(worker.peakMb < 256, f"a long line takes {worker.peakMb} MB")

    for _ in range(kills):
        act = case.random.choice(["write", "write", "rotate", "late"])
        log.write(case.random.randrange(200, 2000))
        if act != "write":
            log.rotate(isLate=act == "late")
            log.write(50)
        case.waitFor(lambda: not case.random.randrange(20), 10, "a moment")
        case.require(worker.kill(), "the worker was dead already")
        if case.random.random() < 0.5:
            log.rotate()
        worker.start()
    log.write(100)
    arrives(60)
    worker.stop()
    case.figure(events=len(job.ledger), kills=kills, rotations=log.rotations)
    records = [Record(0, at, 0, "", "", line) for at, line in enumerate(job.output.read_text().splitlines())]
    expected = {name: event for name, event in job.ledger.items() if events.isKept(event)}
    oracles.exactlyOnce(case, expected, records)
    oracles.order(case, records)
    dead = worker.counts()["dead"]
    case.require(dead == 1, f"{dead} dead letters, not the one line that is too long")
    oracles.quietLog(case, worker)


@fault("T52P", "P")
def followed_files(case):
    follow(case, 5, 32 << 20)


@fault("T52", "N", timeout=900)
def followed_files_at_length(case):
    follow(case, 30, 1 << 30)


main()
