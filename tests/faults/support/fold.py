# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipeline fold: profiles in Redis, and what they must be by the ledger."""
import json
import subprocess

from support import events


def profileIn(value):
    """The profile of "f1|applied|JSON", or of "f2|mark|size|before JSON" (plugins/redis/README.md)."""
    if value.startswith("f2|"):
        head, size = value[:107], int(value[96:106])
        return json.loads(value.encode()[len(head) + size:])
    return json.loads(value.split("|", 2)[2])


class FoldJob:
    """in → person → fold (pipelines/fold); `redis` is the server's address if it is not the farm's."""

    name = "fold"

    def __init__(self, case, count, keys=300, partitions=4, timeout="2 s", redis=None):
        self.case, self.keys, self.partitions = case, keys, partitions
        self.wire = case.farm.kafka().wire()
        self.redis = case.farm.redis() if redis is None else None
        self.wire.createTopic("in", partitions, message_timestamp_type="LogAppendTime")
        self.project = case.project("fold", TIMEOUT=timeout)
        self.made = []
        self.fill(count, case.seed)

    def fill(self, count, seed):
        path = self.case.folder / "events.txt"
        offset = {event["key"]: event["seq_in_key"] for event in self.made}
        made = list(events.make(count, self.keys, seed))
        for event in made:
            event["seq_in_key"] += offset.get(event["key"], 0)
        events.write(path, made)
        self.wire.produce("in", path)
        self.made += made
        self.case.figure(events=len(self.made))

    def expected(self):
        """What each key's events come to, one after the other."""
        people = {}
        for event in self.made:
            was = people.get(event["key"], {"count": 0, "hash": 0})
            people[event["key"]] = {"count": was["count"] + 1, "last": event["seq_in_key"],
                                    "hash": (was["hash"] * 31 + event["n"]) % 1000003}
        return people

    def stored(self):
        """Straight from the server."""
        keys = [f"k{number}" for number in range(self.keys)]
        done = subprocess.run(["redis-cli", "-u", self.redis.direct, "--raw", "MGET", *keys],
                              capture_output=True, text=True, check=True, timeout=60)
        lines = done.stdout.splitlines()
        return {key: profileIn(line) for key, line in zip(keys, lines) if line}

    def check(self):
        """Every profile is the fold of its events: none left out, none twice, in order."""
        expected, stored = self.expected(), self.stored()
        wrong = [key for key in expected if stored.get(key) != expected[key]]
        short = sum(expected[key]["count"] - stored.get(key, {"count": 0})["count"] for key in wrong)
        self.case.require(not wrong, f"{len(wrong)} of {len(expected)} profiles are not the fold of their events "
                                     f"({short} events too few); {wrong[:1]}: {stored.get((wrong or [''])[0])} "
                                     f"instead of {expected.get((wrong or [''])[0])}")
        self.case.figure(people=len(expected), wrong=0)

    def lag(self):
        return self.wire.lag(self.name, "in", self.partitions)

    def waitDone(self, seconds):
        self.case.waitFor(lambda: self.lag() == 0, seconds, "all events are read and committed")
