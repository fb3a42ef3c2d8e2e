# SPDX-License-Identifier: GPL-3.0-or-later
"""T01E, T01S: a worker that is killed inside commits keeps counts in profiles. Exactly once means that each
event's count, as the topic has it, is its place among the events of its key: not one counted twice, none
forgotten, event by event. Lines in a file (the outbox) are each there once too. T01J: job J of the benches, killed and
with transactions whose end is cut off, against the reference of the benches."""
import collections
import json
import subprocess

from support import ROOT, oracles
from support.case import BUILD, fault, main
from support.fold import profileIn
from support.jobs import CopyJob
from support.proxy import END_TXN

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


def benchTool(case, name, *arguments):
    done = subprocess.run([BUILD / "testing" / "bin" / name, *map(str, arguments)], capture_output=True, text=True)
    case.require(done.returncode == 0, f"{name} says {done.stdout}{done.stderr}")
    return done.stdout


def jobJ(case, events, rounds):
    kafka, redis, proxy = case.farm.kafka(), case.farm.redis(), case.farm.proxy
    wire = kafka.wire()
    plan = ("--events", events, "--seed", case.seed, "--users", "zipf", "--invalid", 0.01)
    benchTool(case, "job_j_load", "--brokers", wire.address, "--partitions", 12, *plan)
    lag = lambda: wire.lag("job-j", "in", 12)
    worker = case.worker(ROOT / "tests" / "bench" / "job-j", arguments=["--slot", "0"],
                         settings={"events.delivery": "exactly-once", "events.commitEvery": '"100 ms"'})
    killed = severed = 0
    for number in range(rounds):
        place = PLACES[number % len(PLACES)]
        if number % 2:
            before = proxy.status("kafka")["injected"]
            proxy.frame("kafka", END_TXN, "sever")
            worker.start(failpoints=f"{place}:kill@{case.random.randint(3, 5)}")
            case.waitFor(lambda: not worker.isAlive() or proxy.status("kafka")["injected"] > before, 40,  # noqa: B023
                         "a transaction's end is cut off")
            severed += proxy.status("kafka")["injected"] > before
        else:
            worker.start(failpoints=f"{place}:kill@{case.random.randint(2, 3)}")
        case.waitFor(lambda: not worker.isAlive() or lag() == 0, 60, "it dies, or all is read")
        killed += not worker.isAlive()
        worker.kill()
        proxy.release("kafka")
    left = lag()
    case.require(left > 0, "all was read before the last start")
    worker.start(failpoints="")
    case.waitFor(lambda: lag() == 0, 120, "all events are read and committed")
    case.require(worker.stop() == 0, "it does not drain")
    case.figure(events=events, kills=killed, severed=severed, left_for_the_last=left)
    case.require(killed >= rounds * 3 // 4 and severed >= rounds // 4,
                 f"{killed} kills and {severed} cuts of {rounds}: too few were hit")
    outcome = json.loads(benchTool(case, "job_j_check", "--brokers", wire.address, "--redis", redis.direct, *plan))
    case.figure(**{name: outcome[name] for name in ("people", "missing", "twice", "wrongScore", "wrongProfile")})


@fault("T01J", "P")
def scores_of_job_j(case):
    jobJ(case, 1_500_000, 8)


@fault("T01JN", "N", timeout=900)
def scores_of_job_j_at_length(case):
    jobJ(case, 6_000_000, 40)


main()
