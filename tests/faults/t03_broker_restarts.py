# SPDX-License-Identifier: GPL-3.0-or-later
"""T03: the broker, which leads everything, is restarted under load, by SIGTERM and by SIGKILL: nothing lost,
nothing doubled, and it goes on within a minute."""
import time

from support import oracles
from support.case import fault, main
from support.jobs import CopyJob
from support.kafka_wire import Tailer


def feed(job, count, number):
    """While the workers read: the broker is up now, so all of it arrives."""
    job.fill(count, seed=job.case.seed * 1000 + number)


def restarts(case, events, bounces):
    job = CopyJob(case, count=events, partitions=12)
    tailer = Tailer(job.wire, "out")
    crew = job.crew(2)
    for worker in crew:
        worker.start()
    slowest = 0
    outages = []
    for number in range(bounces):
        feed(job, events // bounces, number)
        case.waitFor(lambda: job.lag() < sum(job.wire.ends("in", job.partitions).values()), 60,
                     "something is committed")
        isHard = number % 2 == 1
        down = time.time() * 1000
        if isHard:
            case.farm.kill(job.kafka)
        else:
            job.kafka.stop()
        time.sleep(case.random.uniform(0, 3))
        job.kafka.start()
        outages.append((down, time.time() * 1000))
        began = time.monotonic()
        case.waitFor(lambda: job.lag() == 0, 60, f"bounce {number} ({'hard' if isHard else 'clean'}) is overcome")
        slowest = max(slowest, time.monotonic() - began)
    case.figure(bounces=bounces, slowest_recovery_s=slowest)
    for worker in crew:
        case.require(worker.starts == 1 and worker.isAlive(), f"{worker.name} ended while the broker was away")
        case.require(worker.stop() == 0, f"{worker.name} does not drain")
    job.judge(tailer)


@fault("T03P", "P")
def broker_restarts_under_load(case):
    restarts(case, 40_000, 2)


@fault("T03", "N", timeout=900)
def broker_restarts_under_load_five_times(case):
    restarts(case, 400_000, 5)


main()
