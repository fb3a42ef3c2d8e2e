# SPDX-License-Identifier: GPL-3.0-or-later
"""T27: Redis refuses for a while (full, read-only, busy), forgets its scripts, then asks for a password: it is tried
again, said so, and nothing is lost; what a person has to mend ends the run, and the next one goes on."""
import subprocess

from support import oracles
from support.case import fault, main
from support.fold import FoldJob

EACH = 4_000


def refused(case, job, worker, words, begin, end):
    begin()
    job.fill(EACH, case.seed + len(job.made))
    case.waitFor(lambda: words in (worker.health() or ""), 30, f"the worker passes on \"{words}\"")
    case.require(worker.isAlive() and job.lag() > 0, f"{words}: it went on without Redis")
    end()
    job.waitDone(60)
    case.say(f"{words}: over, all events read")


@fault("T27", "P")
def redis_refuses_for_a_while(case):
    job = FoldJob(case, EACH)
    redis = job.redis
    worker = case.worker(job.project).start()
    job.waitDone(60)
    set_ = lambda name, value: redis.command("CONFIG", "SET", name, value)
    refused(case, job, worker, "OOM", lambda: set_("maxmemory", "1"), lambda: set_("maxmemory", "0"))
    refused(case, job, worker, "READONLY", lambda: redis.command("REPLICAOF", "127.0.0.1", "1"),
            lambda: redis.command("REPLICAOF", "NO", "ONE"))

    set_("busy-reply-threshold", "50")
    busy = []
    refused(case, job, worker, "BUSY",
            lambda: busy.append(subprocess.Popen(["redis-cli", "-u", redis.direct, "EVAL", "while true do end", "0"],
                                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)),
            lambda: redis.command("SCRIPT", "KILL"))
    busy[0].wait(20)

    redis.command("SCRIPT", "FLUSH")
    job.fill(EACH, case.seed + 500)
    job.waitDone(60)

    set_("requirepass", "secret")
    case.farm.proxy.reset("redis")  # who is in stays in
    job.fill(EACH, case.seed + 600)
    case.require(worker.wait(40) != 0, "a run that is not let in ends well")
    case.require("E-3204" in worker.said() and "NOAUTH" in worker.said(), "it does not say that it is not let in")
    subprocess.run(["redis-cli", "-u", redis.direct, "-a", "secret", "--no-auth-warning", "CONFIG", "SET",
                    "requirepass", ""], check=True, capture_output=True)
    worker.start()
    job.waitDone(60)
    job.check()
    case.require(worker.stop() == 0, "it does not drain")
    oracles.quietLog(case, worker, "E-3202", "E-3203", "E-3204")
    case.figure(refusals=4, lost=0)


main()
