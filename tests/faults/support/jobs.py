# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipeline copy on a broker of the test's own: topics, events, what must come out."""
import json

from support import events, oracles
from support.kafka_wire import Record


def sourceOf(record):
    """(partition, offset) of the input that an output says it comes from."""
    source = next(header for header in record.headers.split(",") if header.startswith("src="))
    _, partition, offset, _ = source.split("/")
    return int(partition), int(offset)


class CopyJob:
    """in → check → wanted → out, what breaks the schema → dead (pipelines/copy). `out` and `dead`
    name the way that each is written by: kafka, the source's own, or side."""

    name = "copy"

    def __init__(self, case, count=20_000, keys=500, partitions=4, invalid=0.01, payload=16, out="kafka",
                 dead="kafka", **kafka):
        self.case, self.count, self.partitions = case, count, partitions
        self.keys, self.invalid, self.payload = keys, invalid, payload
        self.kafka = case.farm.kafka(**kafka)
        self.wire = self.kafka.wire()
        for topic in ("in", "out", "dead"):
            self.wire.createTopic(topic, partitions, message_timestamp_type="LogAppendTime")
        self.project = case.project("copy", OUT=out, DEAD=dead)
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

    def acknowledged(self, *others):
        """For O4: when the broker had what each input record led to; 0 where it led to nothing."""
        times = {(partition, offset): 0 for partition, end in self.wire.ends("in", self.partitions).items()
                 for offset in range(end)}
        for records in (*others, self.wire.stream("out"), self.wire.stream("dead")):
            for record in records:
                place = sourceOf(record)
                times[place] = min(times[place] or record.timeMs, record.timeMs)
        return times

    def committed(self):
        return self.wire.committed(self.name, "in", self.partitions)

    def crew(self, count, **options):
        """So many workers of one group, each with its slot."""
        return [self.case.worker(self.project, name=f"worker-{slot}", arguments=["--slot", str(slot)], **options)
                for slot in range(count)]

    def judge(self, tailer):
        """O1, O2, O3, O10 over what readers of committed records see in the end."""
        for topic in ("out", "dead"):
            oracles.marker(self.case, self.wire, topic, self.partitions)
        out = self.wire.read("out")
        oracles.exactlyOnce(self.case, self.expectedDead(), self.wire.read("dead"), "dead")
        oracles.exactlyOnce(self.case, self.expectedOut(), out)
        oracles.order(self.case, out)
        oracles.tailed(self.case, tailer, out)

    def lag(self):
        return self.wire.lag(self.name, "in", self.partitions)

    def waitDone(self, seconds):
        """Until the group has committed everything that was produced."""
        self.case.waitFor(lambda: self.lag() == 0, seconds, "all events are read and committed")


class LinesJob:
    """in.ndjson → check → wanted → once → out.ndjson (pipelines/lines); no server."""

    def __init__(self, case, count, invalid=0.01, name="lines"):
        self.case, self.project = case, case.project(name)
        self.input, self.output = self.project / "in.ndjson", self.project / "out.ndjson"
        self.ledger = {}
        with open(self.input, "w") as file:
            for event in events.make(count, 100, case.seed, invalid):
                self.ledger[event["id"]] = event
                file.write(json.dumps(event, separators=(",", ":")) + "\n")
        case.figure(events=count)

    def judge(self):
        """The lines are those that must be there, once, in order; dead letters are kept elsewhere."""
        records = [Record(0, at, 0, "", "", line) for at, line in enumerate(self.output.read_text().splitlines())]
        expected = {name: event for name, event in self.ledger.items() if events.isKept(event)}
        oracles.exactlyOnce(self.case, expected, records)
        oracles.order(self.case, records)
