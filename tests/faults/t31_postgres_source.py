# SPDX-License-Identifier: GPL-3.0-or-later
"""T31: a table is read while it changes: equal times, transactions that commit late, rows updated
between pages, a clock that goes back, workers and connections killed. No row is skipped."""
import subprocess
import threading
import time

from support.case import fault, main

SCHEMA = """
CREATE TABLE origin(id int PRIMARY KEY, v int NOT NULL, at timestamptz NOT NULL);
CREATE INDEX ON origin(at);
CREATE TABLE seen(id int, v int);
CREATE TABLE copy(id int PRIMARY KEY, v int);
"""


class Writer(threading.Thread):
    """One session that changes the table until it has done so many transactions."""

    def __init__(self, case, server, name, transactions, lines):
        super().__init__(daemon=True)
        self.trouble = None
        self.text = "\n".join(lines(number) for number in range(transactions))
        self.command = [f"{server.programs}/psql", server.direct, "-qX", "-v", "ON_ERROR_STOP=1"]
        self.start()

    def run(self):
        done = subprocess.run(self.command, input=self.text, capture_output=True, text=True)
        if done.returncode != 0:
            self.trouble = done.stderr


def run(case, transactions, kills):
    server = case.farm.postgres()
    server.sql(SCHEMA)
    server.sql("INSERT INTO origin SELECT n, 1, '2026-01-05T08:00:00Z' FROM generate_series(1, 5000) n")
    draw = case.random

    def equal(number):  # many rows of one time
        first = 10_000 + number * 20
        return f"INSERT INTO origin SELECT n, 1, now() FROM generate_series({first}, {first + 19}) n;"

    def late(number):  # an old time, seen only now
        pause = draw.uniform(0.05, 0.3)
        return (f"BEGIN; INSERT INTO origin VALUES({100_000 + number}, 1, now()); SELECT pg_sleep({pause:.3f}) \\g /dev/null\n"
                f"UPDATE origin SET v = v + 1, at = now() WHERE id = {draw.randrange(1, 2500)}; COMMIT;")

    def update(number):  # rows of the pages that are being read
        first = draw.randrange(2501, 5000)
        return (f"UPDATE origin SET v = v + 1, at = clock_timestamp() WHERE id BETWEEN {first} AND {first + 30};"
                f" SELECT pg_sleep(0.005) \\g /dev/null\n")

    def back(number):  # the clock is an hour behind
        return f"INSERT INTO origin VALUES({200_000 + number}, 1, now() - interval '1 hour'); SELECT pg_sleep(0.01) \\g /dev/null\n"

    worker = case.worker(case.project("table")).start()
    writers = [Writer(case, server, name, count, lines) for name, count, lines in
               (("equal", transactions, equal), ("late", transactions // 10, late),
                ("update", transactions, update), ("back", transactions, back))]
    killed = cut = 0
    while any(writer.is_alive() for writer in writers):
        time.sleep(draw.uniform(0.3, 1.0))  # anywhere
        if killed < kills and killed <= cut:
            killed += worker.kill()
            worker.start()
        elif cut < kills:
            case.farm.proxy.reset("postgres")
            cut += 1
    for writer in writers:
        case.require(not writer.trouble, f"the test's own writer broke: {writer.trouble}")

    def isSame():
        return not server.sql("SELECT id FROM origin o WHERE NOT EXISTS"
                              " (SELECT FROM copy c WHERE c.id = o.id AND c.v = o.v) LIMIT 1")

    case.waitFor(isSame, 60, "the copy is as the table")
    case.require(worker.stop() == 0, "the run does not end with 0")
    rows = int(server.sql("SELECT count(*) FROM origin")[0][0])
    copied = int(server.sql("SELECT count(*) FROM copy")[0][0])
    missing = int(server.sql("SELECT count(*) FROM origin o WHERE NOT EXISTS"
                             " (SELECT FROM seen s WHERE s.id = o.id AND s.v = o.v)")[0][0])
    doubled = int(server.sql("SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) n FROM seen GROUP BY id, v) t")[0][0])
    seen = int(server.sql("SELECT count(*) FROM seen")[0][0])
    case.figure(rows=rows, versions_seen=seen, kills=killed, cuts=cut, lost=missing, dup=doubled)
    case.require(missing == 0, f"{missing} last versions were never seen")
    case.require(copied == rows, f"the copy has {copied} rows for {rows}")
    case.require(doubled == 0, f"{doubled} versions were added twice")
    case.require(killed > 0 and cut > 0, "nothing was killed or cut")


@fault("T31", "P")
def postgres_source_skips_no_row(case):
    run(case, transactions=200, kills=2)


@fault("T31N", "N", timeout=1800)
def postgres_source_skips_no_row_at_length(case):
    run(case, transactions=4000, kills=30)


main()
