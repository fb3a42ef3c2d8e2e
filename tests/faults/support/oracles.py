# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges that know nothing of our code: they compare what went in with what came out."""
import collections
import contextlib
import json
import re
import struct
import threading
import time

from support import events as maker


def delivery(case, expected, records, wordsFor="out", identity=lambda value: value["id"]):
    """O1: every expected id once and unchanged. Returns (lost, doubled) after noting them."""
    seen = collections.Counter()
    broken = []
    for record in records:
        value = json.loads(record.value)
        seen[identity(value)] += 1
        original = expected.get(identity(value))
        if original is not None and "crc" in value and maker.checksum(value) != original["crc"]:
            broken.append(value["id"])
    lost = [name for name in expected if name not in seen]
    extra = [name for name in seen if name not in expected]
    doubled = [name for name, count in seen.items() if count > 1]
    case.figure(lost=len(lost), dup=sum(seen[name] - 1 for name in doubled))
    case.require(not lost, f"O1 {wordsFor}: lost {len(lost)} of {len(expected)}, such as {lost[:5]}")
    case.require(not extra, f"O1 {wordsFor}: {len(extra)} that should not be there, such as {extra[:5]}")
    case.require(not broken, f"O1 {wordsFor}: {len(broken)} changed on the way, such as {broken[:5]}")
    return lost, doubled


def exactlyOnce(case, expected, records, wordsFor="out"):
    _, doubled = delivery(case, expected, records, wordsFor)
    case.require(not doubled, f"O1 {wordsFor}: {len(doubled)} doubled, such as {doubled[:5]}")


def order(case, records, isDoubledAllowed=False):
    """O2: of each key, the fill (e7-… is of fill 7) rises, and seq_in_key within it; where repeats are
    allowed, first sights rise."""
    last = {}
    for record in records:  # each partition in order, and a key stays in its partition
        value = json.loads(record.value)
        place = (int(value["id"][1:].partition("-")[0]), value["seq_in_key"])
        before = last.get(value["key"], (0, 0))
        if place > before:
            last[value["key"]] = place
        elif not isDoubledAllowed:
            case.require(False, f"O2: {value['key']} has {place} behind {before} "
                                f"at {record.partition}/{record.offset}")


def marker(case, wire, topic, partitions, seconds=30):
    """O3: no open transaction holds readers back: a new record is readable on every partition."""
    wanted = {partition: wire.ends(topic, partitions)[partition] for partition in range(partitions)}
    case.waitFor(lambda: all(wire.ends(topic, partitions, isolation=1).get(partition, -1) >= offset
                             for partition, offset in wanted.items()),
                 seconds, f"O3: readers of committed records see the end of {topic}")


def tailed(case, tailer, final):
    """O10: a reader that was there all the time saw nothing that is not in the end there."""
    there = {(record.partition, record.offset): record.value for record in final}
    torn = [(record.partition, record.offset) for record in tailer.records()
            if there.get((record.partition, record.offset)) != record.value]
    case.require(not torn, f"O10: {len(torn)} records were read that do not stand, such as {torn[:5]}")


def stall(case, records, limit=30, outages=()):
    """O8: the longest time between two outputs, less what was injected [(from, to) in ms]."""
    times = sorted(record.timeMs for record in records)
    worst = 0
    for before, after in zip(times, times[1:]):
        injected = sum(max(0, min(after, end) - max(before, begin)) for begin, end in outages)
        worst = max(worst, after - before - injected)
    case.figure(max_stall_s=worst / 1000)
    case.require(worst <= limit * 1000, f"O8: nothing came out for {worst / 1000:.1f} s")


def quietLog(case, worker, *allowed):
    """O9: no complaint in a worker's log but those that the fault explains."""
    complaint = re.compile(r"\b(E-\d{4}|ERROR|FATAL|runtime error|Sanitizer|terminate called|Assertion)")
    bad = [line for line in worker.said().splitlines()
           if complaint.search(line) and not any(word in line for word in allowed)]
    case.require(not bad, f"O9: {worker.name} says {bad[:3]}")


class CommitWatch:
    """O4: samples the group's commits; `check` proves none was ahead of what a sink had."""

    def __init__(self, wire, group, topic, partitions):
        self.samples = []
        self._ask = lambda: wire.committed(group, topic, partitions)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(0.1):
            with contextlib.suppress(OSError, struct.error):
                commits = self._ask()
                # Read after the commits were: what was committed then was acknowledged before now.
                self.samples.append((time.time() * 1000, commits))

    def finish(self):
        self._stop.set()
        self._thread.join()
        return self

    def check(self, case, acknowledged, slackMs=5):
        """acknowledged: {(partition, offset): ms at which the sink had it}, of all offsets."""
        case.require(self.samples, "O4: no commit was ever sampled")
        byPartition = collections.defaultdict(list)
        for (partition, offset), at in acknowledged.items():
            byPartition[partition].append((offset, at))
        worst = {}
        for partition, entries in byPartition.items():
            latest, ladder = 0, []
            for offset, at in sorted(entries):
                latest = max(latest, at)
                ladder.append((offset, latest))
            worst[partition] = dict(ladder)
        for sampledAt, commits in self.samples:
            for partition, offset in commits.items():
                had = worst.get(partition, {}).get(offset - 1)
                case.require(had is not None or offset == 0,
                             f"O4: {partition}/{offset - 1} was committed but never acknowledged")
                case.require(had is None or had <= sampledAt + slackMs,
                             f"O4: {partition}/{offset - 1} was committed {had - sampledAt:.0f} ms "
                             "before all up to it was acknowledged" if had else "")
        case.figure(commit_samples=len(self.samples))
