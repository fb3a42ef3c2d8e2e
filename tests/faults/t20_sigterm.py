# SPDX-License-Identifier: GPL-3.0-or-later
"""T20: SIGTERM under load with a slow sink drains; a second one gives up; nothing is lost by either."""
import signal
import time

from support import oracles
from support.case import fault, main
from support.jobs import CopyJob


@fault("T20", "P")
def sigterm_under_load(case):
    job = CopyJob(case, count=60_000, out="side", dead="side")
    job.fill()
    proxy = case.farm.proxy
    worker = case.worker(job.project)

    proxy.latency("side", 1500)  # there and back: 3 s
    worker.start()
    case.waitFor(lambda: worker.readSoFar() > 0, 30, "the first events are read")
    worker.signal(signal.SIGTERM)
    began = time.monotonic()
    time.sleep(0.1)  # the promise itself: intake stops within 100 ms
    read = worker.readSoFar()
    code = worker.wait(30)
    drained = time.monotonic() - began
    case.require(code == 0, f"a drained run ends with {code}, not with 0")
    after = worker.counts()["in"] - read
    case.require(after == 0, f"{after} events were read more than 100 ms behind SIGTERM")
    case.require(job.lag() > 0, "everything was read before SIGTERM: nothing was tested")
    case.figure(drained_s=drained, read_before=read)

    worker.start()
    case.waitFor(lambda: worker.readSoFar() > 0, 30, "the next events are read")
    for _ in range(2):
        worker.signal(signal.SIGTERM)
        time.sleep(0.2)
    began = time.monotonic()
    worker.wait(1.5)
    case.figure(second_s=time.monotonic() - began)

    # What never left is in no commit either.
    worker.start()
    case.waitFor(lambda: worker.readSoFar() > 0, 30, "more events are read")
    proxy.cut("side")
    for _ in range(2):
        worker.signal(signal.SIGTERM)
        time.sleep(0.2)
    worker.wait(5)

    proxy.heal("side")
    worker.start()
    job.waitDone(60)
    case.require(worker.stop() == 0, "the last run does not end with 0")
    out = job.wire.read("out")
    _, doubled = oracles.delivery(case, job.expectedOut(), out)
    oracles.delivery(case, job.expectedDead(), job.wire.read("dead"), "dead")
    oracles.order(case, out, isDoubledAllowed=True)
    first = sum(1 for record in out if record.value)
    case.figure(lost=0, dup=len(doubled), out=first)
    oracles.quietLog(case, worker, "E-3101", "E-3108")


main()
