# SPDX-License-Identifier: GPL-3.0-or-later
"""T54: the state's database under SIGKILL at random times, and with its n-th write, sync or truncation
failing, for every n: the database is whole, the run stops instead of going on, the next one completes."""
import shutil
import sqlite3

from support import oracles
from support.case import fault, main
from support.jobs import LinesJob
from support.preload import IoFault

# A statement that fails, a disk that fills up, a write that falls short, a process that dies there.
KINDS = ("eio", "enospc", "short", "kill")


def integrity(case, worker):
    """Opening it recovers what a kill left; on a copy, so that the next run meets what was left."""
    if not (worker.state / "state.db").exists():  # killed before it came to that
        return
    copy = case.folder / "look"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(worker.state, copy)
    with sqlite3.connect(copy / "state.db") as db:
        found = db.execute("PRAGMA integrity_check").fetchall()
        case.require(found == [("ok",)], f"the database is damaged: {found[:3]}")
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        if "counter" in tables and "position" in tables:
            counts = dict(db.execute("SELECT name, value FROM counter"))
            read = db.execute("SELECT coalesce(sum(next), 0) FROM position").fetchone()[0]
            case.require(counts.get("in", 0) == read, f"half a checkpoint: {counts} but {read} read")


def killed(case, kills, count):
    job = LinesJob(case, count)
    worker = case.worker(job.project, arguments=["--speed", "max"])
    hit = 0
    for _ in range(kills):
        worker.start()
        try:
            worker.process.wait(timeout=case.random.uniform(0.02, 0.4))
        except Exception:  # subprocess.TimeoutExpired: it is alive, as it should be
            hit += worker.kill()
        integrity(case, worker)
    worker.finish()
    case.figure(kills=hit)
    case.require(hit >= kills / 2, f"only {hit} of {kills} kills hit a living run")
    job.judge()
    oracles.quietLog(case, worker)


def nthFails(case, count, choose):
    """Runs once to count the calls, then once a call and kind."""
    job = LinesJob(case, count)
    calm = case.worker(job.project, name="calm", arguments=["--speed", "max"],
                       preload=IoFault("state.db", log=case.folder / "calls"))
    calm.finish()
    job.judge()
    calls = calm.preload.calls()
    tried = stopped = 0
    for at, (call, path) in enumerate(calls, 1):
        for kind in KINDS:
            if (kind == "short" and "write" not in call) or not choose(call, kind):
                continue
            tried += 1
            job.output.unlink(missing_ok=True)
            worker = case.worker(job.project, name=f"{at}-{kind}", arguments=["--speed", "max"],
                                 preload=IoFault("state.db", at, kind))
            code = worker.start().wait(60)
            what = f"call {at}, {call} of {path.rsplit('/', 1)[-1]}, {kind}"
            integrity(case, worker)
            stopped += code != 0
            if call in ("fsync", "fdatasync") and kind == "eio":
                case.require(code != 0, f"{what}: the run went on as if the disk had it")
                case.require("E-36" in worker.said(), f"{what}: nothing says why it stopped")
            worker.preload = None
            worker.finish()
            try:
                job.judge()
            except Exception as failure:
                case.require(False, f"{what}: {failure}")
            worker.close()
            shutil.rmtree(worker.state)
            case.workers.remove(worker)
    case.figure(calls=len(calls), faults=tried, stopped=stopped)
    case.require(stopped > 0, "no fault was ever felt")


@fault("T54P", "P")
def state_database(case):
    killed(case, 25, 150_000)
    nthFails(case, 1_000, lambda call, kind: ("sync" in call and kind == "eio") or case.random.random() < 0.02)


@fault("T54", "N", timeout=2400)
def state_database_at_length(case):
    killed(case, 500, 2_000_000)
    nthFails(case, 1_000, lambda call, kind: True)


main()
