# SPDX-License-Identifier: GPL-3.0-or-later
"""T26: Redis comes back from an older copy of its log, or empty: what it had acknowledged is gone although the group has
committed it. The worker ends and says so, a restarted one refuses too; once the events were applied again by a backfill
it goes on, and every profile is the fold of its events."""
import os
import shutil
import subprocess
import time

from support.case import BUILD, fault, main
from support.fold import FoldJob

EACH = 5_000


def endsByLoss(case, worker, seconds):
    """How long until it ended, saying E-3207."""
    began = time.monotonic()
    case.require(worker.wait(seconds) != 0, "the worker ended well")
    case.require("E-3207" in worker.log.read_text(), "the worker does not say that writes are lost")
    return time.monotonic() - began


def rebuild(case, job):
    """The backfill that the error names, in a state of its own."""
    done = subprocess.run([BUILD / "bin" / "freshet", "run", job.project, "--backfill", "--fresh", "--until-idle", "3s",
                           "--quiet", "--state", case.folder / "backfill"], env=os.environ | case.farm.environment(),
                          capture_output=True, text=True, timeout=120)
    case.require(done.returncode == 0, f"the backfill failed: {done.stderr}")


@fault("T26P", "P")
def redis_comes_back_without_what_it_had(case):
    job = FoldJob(case, EACH)
    log, copy = job.redis.folder / "appendonlydir", case.folder / "copy"
    worker = case.worker(job.project).start()
    slowest = 0
    for number, isEmpty in enumerate((False, True)):
        job.waitDone(60)
        shutil.copytree(log, copy, dirs_exist_ok=True)
        job.fill(EACH, case.seed + 10 * number + 1)
        job.waitDone(60)
        case.farm.kill(job.redis)
        shutil.rmtree(log)
        if not isEmpty:
            shutil.copytree(copy, log)
        job.redis.start()
        job.fill(EACH, case.seed + 10 * number + 2)
        slowest = max(slowest, endsByLoss(case, worker, 15))
        endsByLoss(case, worker.start(), 30)
        rebuild(case, job)
        worker.start()
        job.waitDone(60)
        job.check()
    case.figure(losses=2, noticed_s=slowest)
    case.require(worker.stop() == 0, "it does not drain")


main()
