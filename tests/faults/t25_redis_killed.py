# SPDX-License-Identifier: GPL-3.0-or-later
"""T25: Redis and the worker are killed again and again; every profile is the fold of its events."""
from support import oracles
from support.case import fault, main
from support.fold import FoldJob

ROUNDS = 4
EACH = 5_000


@fault("T25", "P")
def redis_and_worker_are_killed(case):
    job = FoldJob(case, EACH)
    worker = case.worker(job.project).start()
    kills = restarts = 0
    for number in range(ROUNDS):
        case.waitFor(lambda: worker.readSoFar() > 0, 30, "events are read")
        if number % 2 == 0:
            case.farm.kill(job.redis)
            kills += 1
            job.fill(EACH, case.seed + 100 + number)
            case.waitFor(lambda: "E-320" in (worker.health() or ""), 20, "the worker says that Redis is away")
            case.require(worker.isAlive(), "the worker ended with Redis")
            job.redis.start()
        else:
            job.fill(EACH, case.seed + 100 + number)
            case.require(worker.kill(), "the worker had ended")
            restarts += 1
            worker.start(failpoints=case.random.choice(
                ["before_flush:kill@2", "after_flush:kill@2", "before_produce:kill@3", "after_checkpoint:kill@2"]))
            case.waitFor(lambda: not worker.isAlive() or job.lag() == 0, 60, "the failpoint, or the end")
            restarts += not worker.isAlive()
            worker.kill()
            worker.start()
        job.waitDone(60)
    job.check()
    case.require(worker.stop() == 0, "it does not drain")
    oracles.quietLog(case, worker, "E-3201", "E-3202")
    case.figure(kills_redis=kills, kills_worker=restarts)


main()
