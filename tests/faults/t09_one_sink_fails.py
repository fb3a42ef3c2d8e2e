# SPDX-License-Identifier: GPL-3.0-or-later
"""T09: one of two sinks fails while the other succeeds, and the worker is killed meanwhile: commits never pass
what has not arrived, nothing is lost, and what is doubled stays within what was not committed at the kill."""
import itertools

from support import oracles
from support.case import fault, main
from support.jobs import CopyJob, sourceOf


def window(job):
    """What a kill now may double: records that have arrived beyond the commits."""
    committed = job.committed()
    arrived = itertools.chain(job.wire.stream("out"), job.wire.stream("dead"))
    return len({place for place in map(sourceOf, arrived) if place[1] >= committed.get(place[0], 0)})


@fault("T09", "P")
def one_sink_fails_for_a_while(case):
    job = CopyJob(case, count=40_000, invalid=0.1, dead="side")
    job.fill()
    watch = oracles.CommitWatch(job.wire, job.name, "in", job.partitions)
    worker = case.worker(job.project)
    allowed = kills = 0
    case.farm.proxy.slice("kafka", 16_384, 20_000)  # so that it does not end before it is hit
    for place in ("outage", "after_produce", "after_flush"):
        lag = job.lag()
        if place == "outage":
            worker.start()
            case.waitFor(lambda: job.lag() < lag, 30, "something is committed")
            case.farm.proxy.cut("side")
            case.waitFor(lambda: "E-3101" in (worker.health() or ""), 30, "the worker reports the outage")
            case.require(worker.kill(), "the worker was dead already")
        else:
            worker.start(failpoints=f"{place}:kill@{case.random.randrange(2, 8)}")
            case.waitFor(lambda: not worker.isAlive(), 30, f"{place} comes and kills")
        kills += 1
        case.require(job.lag() > 0, "everything was committed before the kill")
        allowed += window(job)
        case.farm.proxy.heal("side")
    case.farm.proxy.heal("kafka")
    worker.start()
    job.waitDone(60)
    case.require(worker.stop() == 0, "it does not drain")
    watch.finish()
    out = job.wire.read("out")
    _, doubled = oracles.delivery(case, job.expectedOut(), out)
    twice = case.figures["dup"]
    oracles.delivery(case, job.expectedDead(), job.wire.read("dead"), "dead")
    twice += case.figures["dup"]
    case.figure(kills=kills, dup=twice, window=allowed)
    case.require(twice <= allowed, f"{twice} are doubled, but only {allowed} stood beyond the commits")
    oracles.order(case, out, isDoubledAllowed=True)
    watch.check(case, job.acknowledged())


main()
