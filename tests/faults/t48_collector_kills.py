# SPDX-License-Identifier: GPL-3.0-or-later
"""T48: many connections send events, each again until it is accepted, while the collector is killed again and again:
every accepted event is there, and none twice although its sender had to repeat it."""
from support.case import fault, main
from support.collector import CollectorJob, Senders, percentile
from support.worker import Storm

# tier: connections, events of each, kills
SIZES = {"T48": (64, 1563, 30), "T48P": (16, 400, 4)}


def kills(case):
    connections, each, times = SIZES[case.identity]
    job = CollectorJob(case)
    worker = case.worker(job.project).start()
    case.waitFor(job.isUp, 20, "the collector answers")
    senders = Senders(job.port, connections, each)

    def kill():
        before = len(senders.accepted)
        worker.kill()
        worker.start()
        case.waitFor(job.isUp, 20, "the collector answers again")
        case.waitFor(lambda: len(senders.accepted) > before or senders.isDone(), 20, "events are accepted again")

    storm = Storm(case, kill, 0.1, 0.4, times)
    case.waitFor(lambda: storm.isDone() or senders.isDone(), 300, "the storm is over")
    storm.finish()
    senders.join()
    total = connections * each
    case.require(storm.done >= times // 2, f"only {storm.done} kills hit")
    case.require(len(senders.accepted) == total, f"{len(senders.accepted)} of {total} were accepted in the end")
    case.waitFor(lambda: len(job.stored()) >= total, 60, "all accepted events are written")
    case.require(worker.stop() == 0, "it does not drain")
    stored = job.stored()
    lost = set(senders.accepted) - set(stored)
    doubled = len(stored) - len(set(stored))
    case.figure(events=total, connections=connections, kills=storm.done, repeated=senders.sent - total, lost=len(lost),
                dup=doubled, p50_ms=percentile(senders.times, 0.5) * 1000, p99_ms=percentile(senders.times, 0.99) * 1000)
    case.require(not lost, f"{len(lost)} accepted events are not there: {sorted(lost)[:5]}")
    case.require(doubled == 0, f"{doubled} events are there twice")
    for sender in range(connections):
        numbers = [int(name.split("-")[1]) for name in stored if name.startswith(f"{sender}-")]
        case.require(numbers == sorted(numbers), f"the events of u{sender} changed their order")


@fault("T48", "N", timeout=900)
def collector_is_killed_thirty_times(case):
    kills(case)


@fault("T48P", "P")
def collector_is_killed(case):
    kills(case)


main()
