# SPDX-License-Identifier: GPL-3.0-or-later
"""T21: a backlog in front of a sink that takes nearly nothing: memory stays bounded, the group keeps its
members, and when the sink is back everything arrives, once."""
import os
import time

from support import oracles
from support.case import fault, main
from support.jobs import CopyJob

CAP_MB = 512
LANES = min(4, os.cpu_count())  # of four partitions; one lane a core


def slowSink(case, count, slowSeconds, doneSeconds):
    job = CopyJob(case, count=count, payload=10_000, invalid=0, partitions=4, out="side", dead="side")
    job.fill()
    case.say(f"{count} events of 10 KB are there")
    worker = case.worker(job.project)
    case.farm.proxy.slice("side", 10_000, 1_000_000)  # about one event a second
    worker.start()
    def isWhole():
        state, members = job.wire.groupState(job.name)
        return state == "Stable" and len(members) == LANES

    case.waitFor(isWhole, 30, f"{LANES} lanes have joined the group")
    members = job.wire.groupState(job.name)
    until = time.monotonic() + slowSeconds
    while time.monotonic() < until:
        case.require(worker.isAlive(), "the worker ended while its sink was slow")
        case.require(worker.peakMb <= CAP_MB, f"{worker.peakMb} MB while the sink was slow, more than {CAP_MB}")
        time.sleep(0.2)
    case.require(job.wire.groupState(job.name) == members, "the group rebalanced while the sink was slow")
    case.figure(slow_rss_mb=worker.residentMb(), committed_while_slow=sum(job.committed().values()))
    case.require(job.lag() > count / 2, "the sink was not slow")
    case.farm.proxy.heal("side")
    began = time.monotonic()
    job.waitDone(doneSeconds)
    case.figure(rate_after=job.lag() == 0 and count / (time.monotonic() - began))
    case.require(worker.stop() == 0, "it does not drain")
    oracles.exactlyOnce(case, job.expectedOut(), job.wire.stream("out"))
    case.require(worker.peakMb <= CAP_MB, f"{worker.peakMb} MB, more than {CAP_MB}")


@fault("T21P", "P")
def back_pressure(case):
    slowSink(case, 20_000, 10, 60)


@fault("T21", "N", timeout=1800)
def back_pressure_for_ten_minutes(case):
    slowSink(case, 300_000, 600, 300)


main()
