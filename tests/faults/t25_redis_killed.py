# SPDX-License-Identifier: GPL-3.0-or-later
"""T25: Redis and the worker are killed again and again; every profile is the fold of its events."""
from support import oracles
from support.case import fault, main
from support.fold import FoldJob

FAILPOINTS = ("before_profiles:kill@3", "before_flush:kill@2", "after_flush:kill@2", "before_produce:kill@3",
              "after_checkpoint:kill@2")


def killRedis(case, job, worker, fill):
    case.farm.kill(job.redis)
    fill()
    case.waitFor(lambda: "E-320" in (worker.health() or ""), 30, "the worker says that Redis is away")
    case.require(worker.isAlive(), "the worker ended with Redis")
    job.redis.start()


def killWorker(case, job, worker, fill):
    """Once at any time, once at a place between effect and commit. How often it hit."""
    fill()
    hits = int(worker.kill())
    worker.start(failpoints=case.random.choice(FAILPOINTS))
    case.waitFor(lambda: not worker.isAlive() or job.lag() == 0, 60, "the failpoint, or the end")
    hits += not worker.isAlive()
    worker.kill()
    worker.start()
    return hits


def storm(case, rounds, each):
    job = FoldJob(case, each)
    worker = case.worker(job.project).start()
    hits = 0
    for number in range(rounds):
        fill = lambda: job.fill(each, case.seed + 100 + number)  # noqa: B023
        case.waitFor(lambda: worker.readSoFar() > 0, 30, "events are read")
        if number % 2 == 0:
            killRedis(case, job, worker, fill)
        else:
            hits += killWorker(case, job, worker, fill)
        job.waitDone(120)
    job.check()
    case.require(hits >= rounds // 2, f"the worker was hit {hits} times only")
    case.require(worker.stop() == 0, "it does not drain")
    oracles.quietLog(case, worker, "E-3201", "E-3202", "E-3203")
    case.figure(kills_redis=(rounds + 1) // 2, kills_worker=hits)


@fault("T25P", "P")
def redis_and_worker_are_killed_twice(case):
    storm(case, 4, 5_000)


@fault("T25", "N", timeout=1800)
def redis_and_worker_are_killed_twenty_times(case):
    storm(case, 40, 7_500)


main()
