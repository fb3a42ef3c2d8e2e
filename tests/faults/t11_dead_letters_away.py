# SPDX-License-Identifier: GPL-3.0-or-later
"""T11: where dead letters go is cut off, then gone: no offset moves past one, nothing is dropped."""
import time

from support import oracles
from support.case import fault, main
from support.jobs import CopyJob


def frozen(case, job, worker, code):
    """While it lasts, commits stand still, intake ends, and the worker says why."""
    case.waitFor(lambda: code in (worker.health() or ""), 40, f"the worker reports {code}")
    before, read = job.committed(), worker.readSoFar()
    time.sleep(3)  # the promise is about a span of time
    case.require(job.committed() == before, f"{code}: offsets moved on while a dead letter had no place")
    case.require(worker.isAlive(), f"{code}: the worker ended")
    case.require(job.lag() > 0, f"{code}: everything counts as read")
    return worker.readSoFar() - read


@fault("T11", "P")
def dead_letters_have_no_place(case):
    job = CopyJob(case, dead="side")
    job.fill(20_000)
    watch = oracles.CommitWatch(job.wire, job.name, "in", job.partitions)
    case.farm.proxy.cut("side")
    worker = case.worker(job.project).start()
    frozen(case, job, worker, "E-3101")
    case.farm.proxy.heal("side")
    job.waitDone(60)

    dead = job.wire.read("dead")
    job.wire.deleteTopic("dead")
    job.fill(20_000, seed=case.seed + 1000)
    grown = frozen(case, job, worker, "E-3102")
    case.require(grown < 10_000, f"no back-pressure: {grown} events were read while nothing could move")
    job.wire.createTopic("dead", job.partitions, message_timestamp_type="LogAppendTime")
    job.waitDone(60)
    case.require(worker.stop() == 0, "it does not drain")

    watch.finish()
    out = job.wire.read("out")
    dead += job.wire.read("dead")
    oracles.exactlyOnce(case, job.expectedDead(), dead, "dead")
    oracles.exactlyOnce(case, job.expectedOut(), out)
    oracles.order(case, out, isDoubledAllowed=True)
    watch.check(case, job.acknowledged(dead))
    oracles.quietLog(case, worker, "E-3101", "E-3102", "E-3108")


main()
