# SPDX-License-Identifier: GPL-3.0-or-later
"""T08: a webhook takes seconds for each answer and the partitions are wanted elsewhere: what is under way gets up to 5 s
and is committed; a receiver that is slower than that is given up, and the events are read again."""
import json
import time

from support import events, oracles
from support.case import fault, main
from support.webhook import WebhookJob
from http_receiver import Answer, Receiver

PARTITIONS = 4
WINDOW = 64
GROUP = "webhooks"
# Seconds that an answer takes; whether what is under way can be finished.
ROUNDS = {"patient": (2, True), "given up": (9, False)}


class Stream:
    """Events that come all the time, so that a batch is small."""

    def __init__(self, case, wire):
        self.case, self.wire, self.made = case, wire, {}

    def produce(self, count):
        path = self.case.folder / "events.txt"
        self.made |= events.write(path, events.make(count, 200, self.case.seed * 1000 + len(self.made)))
        self.wire.produce("in", path)


def members(wire):
    return len(wire.groupState(GROUP)[1])


@fault("T08", "N", timeout=400)
def slow_sink_is_revoked(case):
    kafka = case.farm.kafka()
    wire = kafka.wire()
    wire.createTopic("in", PARTITIONS, message_timestamp_type="LogAppendTime")
    latency, acknowledged = [2], {}
    epoch = time.time() - time.monotonic()

    def script(request):
        return Answer(delay=latency[0])

    with Receiver(script) as receiver:
        source = {"id": "in", "type": "kafka.source",
                  "settings": {"connection": "kafka", "topic": "in", "group": GROUP}}
        url = f"http://127.0.0.1:{receiver.port}/{{{{ meta.partition }}}}/{{{{ meta.offset }}}}"
        job = WebhookJob(case, {"hook": {"url": url, "window": WINDOW, "timeout": "20 s"}}, [], source=source,
                         connections={"kafka": {"type": "kafka", "brokers": "${env:FRESHET_KAFKA}"}})
        for name, (seconds, canFinish) in ROUNDS.items():
            latency[0] = 0
            stream = Stream(case, wire)
            watch = oracles.CommitWatch(wire, GROUP, "in", PARTITIONS)
            first = case.worker(job.project, name=f"{name}-1".replace(" ", "-"), arguments=["--slot", "1"]).start()
            before = len(receiver.requests)
            stream.produce(40)
            case.waitFor(lambda: len(receiver.requests) >= before + 40, 60, "the first worker sends")
            case.waitFor(lambda: wire.lag(GROUP, "in", PARTITIONS) == 0, 30, "and commits")
            latency[0] = seconds
            stream.produce(40)
            case.waitFor(lambda: receiver.open > 0, 20, "requests are under way")
            underWay, alone = receiver.open, members(wire)
            began = time.monotonic()
            second = case.worker(job.project, name=f"{name}-2".replace(" ", "-"), arguments=["--slot", "2"]).start()
            case.waitFor(lambda: members(wire) > alone and wire.groupState(GROUP)[0] == "Stable", 40,
                         "both are in the group")
            rebalanced = time.monotonic() - began
            case.waitFor(lambda: wire.lag(GROUP, "in", PARTITIONS) == 0, 90, "all is committed")
            watch.finish()
            for worker in (first, second):
                case.require(worker.stop() == 0, f"{worker.name} does not drain")
            came = receiver.requests[before:]
            for request in came:
                place = tuple(int(each) for each in request.path[1:].split("/"))
                if request.answered and place not in acknowledged:
                    acknowledged[place] = (request.answered + epoch) * 1000
            watch.check(case, acknowledged, slackMs=50)
            seen = {json.loads(request.body)["id"] for request in came}
            case.require(set(stream.made) <= seen, f"{name}: {len(set(stream.made) - seen)} events were never sent")
            doubled = len(came) - len({request.path for request in came})
            case.require(len({request.path for request in came}) == len({request.key for request in came}),
                         f"{name}: an event that came again has another key")
            case.require(doubled <= WINDOW, f"{name}: {doubled} events came twice in a window of {WINDOW}")
            if canFinish:
                case.require(doubled == 0, f"{name}: {doubled} events came twice although there was time to finish")
            else:
                case.require(doubled > 0, f"{name}: nothing was given up: nothing was tested")
            case.require(rebalanced <= 12, f"{name}: the partitions were handed over after {rebalanced:.1f} s")
            word = name.replace(" ", "_")
            case.figure(**{f"{word}_under_way": underWay, f"{word}_dup": doubled, f"{word}_handed_over_s": rebalanced})


main()
