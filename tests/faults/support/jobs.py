# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines copy and split on a broker of the test's own: topics, events, what must come out."""
from support import events


class CopyJob:
    """in → check → wanted → out, what breaks the schema → dead (tests/faults/pipelines)."""

    def __init__(self, case, name="copy", count=20_000, keys=500, partitions=4, invalid=0.01, payload=16,
                 **kafka):
        self.case, self.name, self.count, self.partitions = case, name, count, partitions
        self.keys, self.invalid, self.payload = keys, invalid, payload
        self.kafka = case.farm.kafka(**kafka)
        self.wire = self.kafka.wire()
        for topic in ("in", "out", "dead"):
            self.wire.createTopic(topic, partitions, message_timestamp_type="LogAppendTime")
        self.project = case.project(name)
        self.ledger = {}

    def fill(self, count=None, seed=None):
        """Produces events and returns once the broker has them all."""
        number = self.count if count is None else count
        path = self.case.folder / "events.txt"
        made = events.write(path, events.make(number, self.keys, self.case.seed if seed is None else seed,
                                              self.invalid, self.payload))
        self.wire.produce("in", path)
        self.ledger |= made
        self.case.figure(events=len(self.ledger))
        return made

    def expectedOut(self):
        return {name: event for name, event in self.ledger.items() if events.isKept(event)}

    def expectedDead(self):
        return {name: event for name, event in self.ledger.items() if not events.isValid(event)}

    def lag(self):
        return self.wire.lag(self.name, "in", self.partitions)

    def waitDone(self, seconds):
        """Until the group has committed everything that was produced."""
        self.case.waitFor(lambda: self.lag() == 0, seconds, "all events are read and committed")
