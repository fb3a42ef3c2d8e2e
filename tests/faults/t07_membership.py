# SPDX-License-Identifier: GPL-3.0-or-later
"""T07: workers come and go while events flow. Whoever gives up a partition has finished and committed what it
read of it, so that even sinks that cannot join a transaction get nothing twice."""
import time

from support import oracles
from support.case import fault, main
from support.jobs import CopyJob


def change(case, sizes, part, way):
    job = CopyJob(case, partitions=12, keys=1000, out=way, dead=way)
    crew = job.crew(max(sizes))
    case.farm.proxy.slice("kafka", 16_384, 20_000)  # so that there is something under way at each change
    changes = slowest = 0
    for number, size in enumerate(sizes):
        job.fill(part, seed=case.seed * 1000 + number)
        before = job.lag()
        for at, worker in enumerate(crew):
            if at < size and not worker.isAlive():
                worker.start()
                changes += 1
            elif at >= size and worker.isAlive():
                case.require(worker.stop() == 0, f"{worker.name} does not drain")
                changes += 1
        began = time.monotonic()
        case.waitFor(lambda: job.lag() < before, 60, "the group goes on")
        slowest = max(slowest, time.monotonic() - began)
    case.farm.proxy.heal("kafka")
    job.waitDone(120)
    for worker in crew:
        if worker.isAlive():
            case.require(worker.stop() == 0, f"{worker.name} does not drain")
        oracles.quietLog(case, worker)
    case.figure(changes=changes, slowest_s=slowest)
    out = job.wire.read("out")
    oracles.exactlyOnce(case, job.expectedDead(), job.wire.read("dead"), "dead")
    oracles.exactlyOnce(case, job.expectedOut(), out)
    oracles.order(case, out)


@fault("T07P", "P")
def workers_come_and_go(case):
    change(case, (1, 3, 1, 2), 15_000, "side")


@fault("T07", "N", timeout=1200)
def workers_come_and_go_at_length(case):
    change(case, (1, 6, 2, 4) * 5, 40_000, "side")


@fault("T07T", "N", timeout=1200)
def workers_come_and_go_in_transactions(case):
    change(case, (1, 6, 2, 4) * 5, 40_000, "kafka")


main()
