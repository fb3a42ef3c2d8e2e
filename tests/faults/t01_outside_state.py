# SPDX-License-Identifier: GPL-3.0-or-later
"""T01S: a worker that is killed inside commits keeps counts in profiles. Exactly once means that each
event's count, as the topic has it, is its place among the events of its key: not one counted twice, none
forgotten, event by event. Lines in a file (the outbox) are each there once too."""
import collections
import json

from support import oracles
from support.case import fault, main
from support.fold import profileIn
from support.jobs import CopyJob

PLACES = ("before_profiles", "before_produce", "after_produce", "after_flush", "after_prepare",
          "after_send_offsets", "after_transaction", "after_checkpoint")


class ScoresJob(CopyJob):
    name = "scores"


def counted(case, job, store):
    job.project = case.project("scores", STORE=store, SLOT="0")
    settings = {"connections.people.url": '"${env:FRESHET_REDIS}"'} if store == "redis" else {}
    worker = case.worker(job.project, arguments=["--slot", "0"], settings=settings)
    kills = 0
    places = collections.Counter()
    part = job.count // 12
    for number in range(11):
        place = PLACES[number % len(PLACES)]
        worker.start(failpoints=f"{place}:kill@{case.random.randint(1, 3)}")
        job.fill(part, seed=case.seed * 1000 + number)
        case.waitFor(lambda: not worker.isAlive() or job.lag() == 0, 40, "the events are read, or it dies")
        if not worker.isAlive():
            places[place] += 1
        kills += worker.kill() or not worker.isAlive()
    worker.start(failpoints="")
    job.fill(job.count - 11 * part, seed=case.seed * 1000 + 11)
    job.waitDone(60)
    case.require(worker.stop() == 0, "it does not drain")
    case.require(len(places) >= 4, f"too few kills hit a named place: {dict(places)}")
    case.figure(kills=kills, places=len(places))


def judge(case, job):
    for topic in ("out",):
        oracles.marker(case, job.wire, topic, job.partitions)
    out = job.wire.read("out")
    oracles.exactlyOnce(case, job.ledger, out)
    last = collections.Counter()
    for record in out:  # each partition in order, and a key stays in its partition
        value = json.loads(record.value)
        last[value["key"]] += 1
        case.require(value["count"] == last[value["key"]],
                     f"{value['id']} has count {value['count']}, and is number {last[value['key']]} of "
                     f"{value['key']} at {record.partition}/{record.offset}")
    lines = collections.Counter(json.loads(line)["id"] for line in
                                (job.project / "lines-0.ndjson").read_text().splitlines())
    case.require(set(lines) == set(job.ledger), f"{len(lines)} of {len(job.ledger)} lines are in the file")
    doubled = [name for name, count in lines.items() if count > 1]
    case.require(not doubled, f"{len(doubled)} lines are doubled, such as {doubled[:3]}")
    return last


@fault("T01E", "P")
def counts_in_embedded_profiles(case):
    job = ScoresJob(case, count=12_000, invalid=0)
    counted(case, job, "embedded")
    judge(case, job)


@fault("T01S", "P")
def counts_in_redis(case):
    redis = case.farm.redis()
    job = ScoresJob(case, count=12_000, invalid=0)
    counted(case, job, "redis")
    for key, count in judge(case, job).items():
        profile = profileIn(redis.command("GET", f"p:{key}"))
        case.require(profile["count"] == count, f"the profile of {key} has {profile}, and {count} events")


main()
