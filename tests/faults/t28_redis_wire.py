# SPDX-License-Identifier: GPL-3.0-or-later
"""T28: answers come byte by byte, break off in the middle, or too late: no answer is ever taken for another's, so every
profile is still the fold of its events."""
from support import oracles
from support.case import fault, main
from support.fold import FoldJob

EACH = 5_000
RESETS = 12


@fault("T28", "P")
def answers_break_off_or_come_late(case):
    job = FoldJob(case, EACH, timeout="400 ms")
    proxy = case.farm.proxy
    worker = case.worker(job.project).start()
    job.waitDone(60)

    proxy.slice("redis", 1)
    job.fill(300, case.seed + 1)
    job.waitDone(90)
    proxy.heal("redis")

    for number in range(RESETS):
        proxy.resetAfter("redis", case.random.randrange(1, 20_000))
        job.fill(1_000, case.seed + 10 + number)
        job.waitDone(60)
    cuts = proxy.status("redis")["injected"]
    case.require(cuts >= RESETS // 2, f"only {cuts} answers were broken off")

    proxy.latency("redis", 700)
    job.fill(EACH, case.seed + 50)
    case.waitFor(lambda: "E-3202" in (worker.health() or ""), 30, "the worker says that answers come too late")
    proxy.heal("redis")
    job.waitDone(60)

    proxy.stall("redis")
    job.fill(EACH, case.seed + 60)
    case.waitFor(lambda: "E-3202" in (worker.health() or ""), 30, "the worker says that answers do not come")
    proxy.heal("redis")
    job.waitDone(60)

    job.check()
    case.require(worker.stop() == 0, "it does not drain")
    oracles.quietLog(case, worker, "E-3201", "E-3202")
    case.figure(broken_off=cuts, connections=proxy.status("redis")["connections"], wrong_profiles=0)


main()
