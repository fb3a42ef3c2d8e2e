# SPDX-License-Identifier: GPL-3.0-or-later
"""T01: three workers of one group, copied exactly once from topic to topic; one after the other is
killed, half of them at a named place inside a commit. T02: stopped for longer than the group waits.
T12: stopped for longer than a transaction may last. T14: killed with a transaction open."""
import json
import time

from support import oracles
from support.case import fault, main
from support.jobs import CopyJob
from support.kafka_wire import Tailer

PLACES = ("before_produce", "after_produce", "after_flush", "after_prepare", "after_send_offsets",
          "after_transaction", "after_checkpoint")
PARTITIONS = 12


def workers(case, job, count, settings=None):
    return [case.worker(job.project, name=f"worker-{slot}", arguments=["--slot", str(slot)], settings=settings)
            for slot in range(count)]


def ordered(case, records):
    """O2 over several fills: of each key, the fill rises and the sequence within it."""
    last = {}
    for record in records:
        value = json.loads(record.value)
        place = (int(value["id"][1:].split("-")[0]), value["seq_in_key"])
        case.require(place > last.get(value["key"], (0, 0)),
                     f"O2: {value['key']} has {place} behind {last.get(value['key'])} "
                     f"at {record.partition}/{record.offset}")
        last[value["key"]] = place


def judge(case, job, tailer):
    """O1, O2, O3, O10 over what readers of committed records see in the end."""
    for topic in ("out", "dead"):
        oracles.marker(case, job.wire, topic, PARTITIONS)
    out = job.wire.read("out")
    oracles.exactlyOnce(case, job.expectedOut(), out)
    oracles.exactlyOnce(case, job.expectedDead(), job.wire.read("dead"), "dead")
    ordered(case, out)
    oracles.tailed(case, tailer, out)
    oracles.stall(case, out)


def storm(case, events, kills, seconds):
    job = CopyJob(case, count=events, partitions=PARTITIONS, keys=10_000 if events > 100_000 else 500)
    tailer = Tailer(job.wire, "out")
    crew = workers(case, job, 3)
    for worker in crew:
        worker.start()
    died = {"anywhere": 0}
    part = events // (kills + 1)
    for number in range(kills):
        victim = case.random.choice(crew)
        place = case.random.choice(PLACES) if number % 2 else None
        if place:
            victim.kill()
            victim.start(failpoints=f"{place}:kill@{case.random.randint(2, 6)}")
        job.fill(part, seed=case.seed * 1000 + number)
        if place:
            # Fewer events than it takes to get there go to other workers: then it is killed anyway.
            until = time.monotonic() + 10
            while victim.isAlive() and time.monotonic() < until:
                time.sleep(0.02)
            hit = place if not victim.isAlive() else "anywhere"
        else:
            time.sleep(case.random.uniform(0.05, seconds))
            hit = "anywhere"
        victim.kill()
        died[hit] = died.get(hit, 0) + 1
        victim.start()
    job.fill(events - part * kills, seed=case.seed * 1000 + kills)
    began = time.monotonic()
    job.waitDone(60)
    case.figure(kills=kills, places=len(died) - 1, last_drain_s=time.monotonic() - began)
    for worker in crew:
        case.require(worker.stop() == 0, f"{worker.name} does not drain")
    case.require(kills < 2 or len(died) > 1, f"no kill hit a named place: {died}")
    judge(case, job, tailer)


@fault("T01", "P")
def sigkill_of_workers(case):
    storm(case, 60_000, 6, 0.5)


@fault("T01N", "N", timeout=1800)
def sigkill_of_workers_at_length(case):
    storm(case, 1_000_000, 50, 2)


def zombie(case, events, pauseSeconds, times, settings=None):
    job = CopyJob(case, count=events, partitions=PARTITIONS)
    tailer = Tailer(job.wire, "out")
    crew = workers(case, job, 2, settings)
    for worker in crew:
        worker.start()
    part = events // (2 * times)
    for number in range(times):
        job.fill(part, seed=case.seed * 1000 + 2 * number)
        case.waitFor(lambda: job.lag() < part, 60, "the events are read")
        crew[number % 2].pause()
        job.fill(part, seed=case.seed * 1000 + 2 * number + 1)
        time.sleep(pauseSeconds)  # what is tested is the time itself
        crew[number % 2].resume()
        began = time.monotonic()
        job.waitDone(60)
        case.figure(recovered_s=time.monotonic() - began)
    for worker in crew:
        case.require(worker.stop() == 0, f"{worker.name} does not drain")
    case.figure(pauses=times)
    for topic in ("out", "dead"):
        oracles.marker(case, job.wire, topic, PARTITIONS)
    out = job.wire.read("out")
    oracles.exactlyOnce(case, job.expectedOut(), out)
    ordered(case, out)
    oracles.tailed(case, tailer, out)


@fault("T02", "N", timeout=1800)
def stopped_beyond_the_session(case):
    zombie(case, 200_000, 70, 10)


@fault("T02P", "P")
def stopped_beyond_the_session_once(case):
    zombie(case, 20_000, 14, 1)


@fault("T12", "N", timeout=900)
def stopped_beyond_the_transaction(case):
    zombie(case, 20_000, 90, 2)


@fault("T12P", "P")
def stopped_beyond_a_short_transaction(case):
    zombie(case, 20_000, 13, 1, {"in.transactionTimeout": '"8 s"'})


@fault("T14", "N")
def an_orphan_transaction_ends(case):
    job = CopyJob(case, count=5_000, partitions=PARTITIONS)
    seconds = 15
    worker = workers(case, job, 1, {"in.transactionTimeout": f'"{seconds} s"'})[0]
    worker.start(failpoints="after_send_offsets:kill@2")
    job.fill()
    case.waitFor(lambda: not worker.isAlive(), 60, "it is killed with a transaction open")
    began = time.monotonic()
    oracles.marker(case, job.wire, "out", PARTITIONS, seconds + 10)
    case.figure(unblocked_s=time.monotonic() - began)
    worker.start(failpoints="")
    job.waitDone(60)
    case.require(worker.stop() == 0, "it does not drain")
    oracles.exactlyOnce(case, job.expectedOut(), job.wire.read("out"))


main()
