# SPDX-License-Identifier: GPL-3.0-or-later
"""T34: the look-up of people is away, then slow, then answers with 5 MB: events wait, in order, the run says why within
its patience, and nobody gets another's profile."""
import json
import subprocess
import time

from support import oracles
from support.case import fault, main
from support.fold import FoldJob

PATIENCE_S = 0.5


def waits(case, job, worker, words, count):
    """What is sent meanwhile is neither lost nor passed on without its person."""
    job.fill(count, case.seed + len(job.made))
    began = time.monotonic()
    case.waitFor(lambda: words in (worker.health() or ""), 15, f"the run says {words}")
    took = time.monotonic() - began
    case.require(worker.isAlive() and job.lag() > 0, f"{words}: events went on without their people")
    return took


@fault("T34", "P")
def the_lookup_is_away_or_slow(case):
    job = FoldJob(case, 3_000, timeout=f"{int(PATIENCE_S * 1000)} ms")
    proxy = case.farm.proxy
    worker = case.worker(job.project).start()
    job.waitDone(60)

    proxy.cut("redis")
    away = waits(case, job, worker, "E-320", 2_000)
    proxy.heal("redis")
    job.waitDone(60)

    proxy.latency("redis", 5_000)
    slow = waits(case, job, worker, "E-3202", 2_000)
    proxy.heal("redis")
    job.waitDone(60)
    case.require(max(away, slow) < PATIENCE_S + 3, f"it said so after {away:.1f} and {slow:.1f} s only")

    # A person of 5 MB: what `fold` does not name stays as it was.
    was = job.redis.command("GET", "k0")
    applied, _, profile = was[3:].partition("|")
    large = json.loads(profile) | {"diary": "x" * (5 << 20)}
    subprocess.run(["redis-cli", "-u", job.redis.direct, "-x", "SET", "k0"], check=True, capture_output=True,
                   input=f"f1|{applied}|{json.dumps(large, separators=(',', ':'))}", text=True)
    job.fill(600, case.seed + 900)
    job.waitDone(60)
    stored = json.loads(job.redis.command("GET", "k0").split("|", 2)[2])
    case.require(len(stored.get("diary", "")) == 5 << 20, "the large profile was not kept whole")
    case.require(all("diary" not in profile for key, profile in job.stored().items() if key != "k0"),
                 "somebody else got the large profile")
    job.redis.command("SET", "k0", f"f1|{applied}|" + json.dumps({name: stored[name] for name in ("count", "hash", "last")}))

    job.check()
    case.require(worker.stop() == 0, "it does not drain")
    oracles.quietLog(case, worker, "E-3201", "E-3202")
    case.figure(said_after_s=max(away, slow), lost=0)


main()
