# SPDX-License-Identifier: GPL-3.0-or-later
"""T22: three events each of which ends the whole process. Whoever starts it again need not look: after two crashes an
event is put aside as a dead letter that says `crash`, all others arrive once, and nothing good is put aside."""
import sqlite3

from support import oracles
from support.case import fault, main
from support.jobs import LinesJob


@fault("T22", "P")
def poison_pills(case):
    job = LinesJob(case, 60_000, invalid=0)
    wanted = [number for number, event in enumerate(job.ledger.values()) if event["kind"] != "skip"]
    pills = sorted(case.random.sample(wanted, 3))
    worker = case.worker(job.project, arguments=["--speed", "max"],
                         failpoints=",".join(f"in/0/{number}:abort" for number in pills))
    crashes = 0
    while worker.start().wait(60) != 0:
        crashes += 1
        case.require(worker.process.returncode == -6, f"it ended with {worker.process.returncode}, not by the pill")
        case.require(crashes <= 6, f"{crashes} crashes and no end of it")
    ids = list(job.ledger)
    for number in pills:
        del job.ledger[ids[number]]
    job.judge()
    with sqlite3.connect(worker.state / "state.db") as db:
        dead = db.execute("SELECT offset, code, message, original FROM dead ORDER BY offset").fetchall()
    case.figure(crashes=crashes, pills=len(pills), quarantined=len(dead))
    case.require([row[0] for row in dead] == pills, f"put aside is {[row[0] for row in dead]}, poison is {pills}")
    for number, code, message, original in dead:
        case.require(code == "E-3610" and message.startswith("crash"), f"nothing says crash: {code} {message}")
        case.require(ids[number].encode() in bytes(original), "the bytes of the event are not kept")
    counts = worker.counts()
    case.require(counts["in"] == 60_000 and counts["dead"] == 3, f"the counts do not add up: {counts}")

    # SIGKILL is nobody's fault: the same places, again and again, and nothing is put aside.
    kills = 0
    killed = case.worker(job.project, name="killed", arguments=["--speed", "max"])
    for _ in range(6):
        kills += killed.start(failpoints=f"in/0/{pills[0]}:kill").wait(60) == -9
    killed.finish()
    case.require(kills >= 1, "no kill hit")
    case.require(killed.counts()["dead"] == 0, "an event was put aside because somebody killed the process")
    oracles.quietLog(case, killed)
    case.figure(kills=kills)


main()
