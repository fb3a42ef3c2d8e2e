# SPDX-License-Identifier: GPL-3.0-or-later
"""T23: workers, broker, Redis and PostgreSQL are killed all at once and started again in any order. Each event is once
in the topic and once in the table, both times with its place among the events of its key, and counted once in its profile."""
import collections
import json
import time

from support import oracles
from support.case import fault, main
from support.fold import profileIn
from support.jobs import CopyJob
from support.kafka_wire import Tailer


class AllJob(CopyJob):
    name = "all"


def storm(case, events, times):
    redis, database = case.farm.redis(), case.farm.postgres()
    database.sql("CREATE TABLE counted(id text, count int)")
    job = AllJob(case, count=events, partitions=12, invalid=0)
    job.project = case.project("all")
    tailer = Tailer(job.wire, "out")
    crew = job.crew(3)
    for worker in crew:
        worker.start()
    slowest = hits = 0
    for number in range(times):
        job.fill(events // times, seed=case.seed * 1000 + number)
        time.sleep(case.random.uniform(0, 1.5))
        hits += sum(worker.kill() for worker in crew)
        servers = [job.kafka, redis, database]
        for server in servers:
            case.farm.kill(server)
        began = time.monotonic()
        everyone = [*servers, *crew]
        case.random.shuffle(everyone)
        for one in everyone:
            one.start()

        def isGreen():
            for worker in crew:  # a supervisor starts again what found no broker
                if not worker.isAlive():
                    worker.start()
            return job.lag() == 0
        case.waitFor(isGreen, 90, f"kill {number} is overcome")
        slowest = max(slowest, time.monotonic() - began)
    case.figure(kills=hits + 3 * times, slowest_green_s=slowest)
    case.require(hits >= 2 * times, f"only {hits} workers were hit")
    case.require(slowest <= 60, f"{slowest:.0f} s until all was read")
    for worker in crew:
        case.require(worker.stop() == 0, f"{worker.name} does not drain")
    judge(case, job, tailer, redis, database)


def judge(case, job, tailer, redis, database):
    oracles.marker(case, job.wire, "out", job.partitions)
    out = job.wire.read("out")
    oracles.exactlyOnce(case, job.ledger, out)
    oracles.tailed(case, tailer, out)
    rows = database.sql("SELECT id, count FROM counted")
    counted = {name: int(count) for name, count in rows}
    case.require(len(rows) == len(counted), f"{len(rows) - len(counted)} rows are there twice")
    case.require(counted.keys() == job.ledger.keys(), f"{len(counted)} of {len(job.ledger)} rows are in the table")
    last = collections.Counter()
    for record in out:  # each partition in order, and a key stays in its partition
        value = json.loads(record.value)
        last[value["key"]] += 1
        found = (value["count"], counted[value["id"]])
        case.require(found == (last[value["key"]],) * 2,
                     f"{value['id']} is number {last[value['key']]} of {value['key']}; topic and table say {found}")
    for key, count in last.items():
        profile = profileIn(redis.command("GET", f"p:{key}"))
        case.require(profile["count"] == count, f"the profile of {key} has {profile}, and {count} events")
    case.figure(rows=len(rows), people=len(last))


@fault("T23P", "P")
def everything_is_killed_at_once_twice(case):
    storm(case, 12_000, 2)


@fault("T23", "N", timeout=1800)
def everything_is_killed_at_once(case):
    storm(case, 200_000, 20)


main()
