# SPDX-License-Identifier: GPL-3.0-or-later
"""T30: backends and the server killed, deadlocks, rolled back transactions, statements that take too
long, workers killed, and COMMITs whose answer is lost: every row is there once, and positions agree."""
import json
import subprocess
import time

from support.case import fault, main

SCHEMA = """
CREATE TABLE added(id int, n int);
CREATE TABLE last(key text PRIMARY KEY, n int CHECK (n % 997 <> 13));
CREATE SEQUENCE trouble;
CREATE TABLE plan(at bigint PRIMARY KEY, what text);
CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE due text;
BEGIN
  SELECT what INTO due FROM plan WHERE at = nextval('trouble');
  IF due = 'serialization' THEN
    RAISE EXCEPTION 'could not serialize access' USING ERRCODE = 'serialization_failure';
  ELSIF due = 'slow' THEN
    PERFORM pg_sleep(30);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER trouble BEFORE INSERT ON added FOR EACH STATEMENT EXECUTE FUNCTION trouble();
"""
# At COMMIT, so that there is a moment to cut the line in.
SLOW_COMMIT = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.12); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON freshet_offset DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION slow();
"""
AWAIT_COMMIT = """DO $$ BEGIN FOR i IN 1..2000 LOOP
  IF EXISTS (SELECT FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'
             AND application_name = 'freshet') THEN RETURN; END IF;
  PERFORM pg_sleep(0.002); PERFORM pg_stat_clear_snapshot(); END LOOP; RAISE 'no COMMIT is under way'; END $$"""
DEADLOCK = """BEGIN; UPDATE last SET n = n WHERE key = 'k1'; SELECT pg_sleep(0.5);
  UPDATE last SET n = n WHERE key = 'k0'; COMMIT"""


class Feed:
    """The file that the pipeline follows, growing line by line."""

    def __init__(self, case, path):
        self.case, self.path, self.count = case, path, 0
        self.last = {}
        path.write_text("")

    def add(self, lines):
        with open(self.path, "a") as file:
            for _ in range(lines):
                # One that is refused has a key of its own: a later row of its batch would stand for it.
                isRefused = self.count % 997 == 13
                key = f"bad{self.count}" if isRefused else f"k{self.case.random.randrange(300)}"
                file.write(json.dumps({"id": self.count, "key": key, "n": self.count}) + "\n")
                if not isRefused:
                    self.last[key] = self.count
                self.count += 1


def run(case, kills, cuts):
    server = case.farm.postgres()
    server.sql(SCHEMA)
    server.sql("INSERT INTO plan SELECT 5 + i * 17, CASE WHEN i % 4 = 3 THEN 'slow' ELSE 'serialization' END"
               f" FROM generate_series(0, {kills}) i")
    project = case.project("rows")
    feed = Feed(case, project / "events.ndjson")
    feed.add(200)
    worker = case.worker(project).start()

    def written():
        try:
            return int(server.sql("SELECT count(*) FROM added")[0][0])
        except (RuntimeError, subprocess.TimeoutExpired):
            return -1

    def caughtUp():
        # 1 of 997 rows of `last` is refused; its line is in `added` all the same.
        return written() >= feed.count

    case.waitFor(caughtUp, 40, "the first rows are written")
    server.sql(SLOW_COMMIT)
    hits = dict.fromkeys(("backend", "server", "deadlock", "cut", "worker"), 0)

    for _ in range(cuts):
        feed.add(60)
        try:
            server.sql(AWAIT_COMMIT)
        except RuntimeError:
            continue
        case.farm.proxy.reset("postgres")
        hits["cut"] += 1
    case.waitFor(caughtUp, 60, "all is written after the cuts")
    server.sql("DROP TRIGGER slow ON freshet_offset")

    for number in range(kills):
        feed.add(400)
        time.sleep(case.random.uniform(0, 0.2))  # anywhere in a transaction
        what = ("backend", "worker", "deadlock", "server")[number % 4]
        if what == "backend":
            found = server.sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                               " WHERE application_name = 'freshet'")
            hits[what] += int(found[0][0]) > 0
        elif what == "worker":
            hits[what] += worker.kill()
            worker.start()
        elif what == "deadlock":
            blocker = subprocess.Popen([f"{server.programs}/psql", server.direct, "-qc", DEADLOCK],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(6):
                feed.add(300)
                time.sleep(0.15)  # rows of both keys meet the blocker's
            blocker.wait()
            hits[what] += 1
        else:
            case.farm.kill(server)
            server.start()
            hits[what] += 1
        case.waitFor(caughtUp, 60, f"all is written after {what}")

    case.require(worker.stop() == 0, "the run does not end with 0")
    ids = [int(row[0]) for row in server.sql("SELECT id FROM added")]
    doubled = len(ids) - len(set(ids))
    lost = feed.count - len(set(ids))
    last = {key: int(n) for key, n in server.sql("SELECT key, n FROM last")}
    positions = dict(server.sql("SELECT sink, next FROM freshet_offset"))
    failed = worker.counts()
    refused = sum(1 for n in range(feed.count) if n % 997 == 13)
    case.figure(events=feed.count, **hits, lost=lost, dup=doubled, refused=refused)
    case.require(lost == 0 and doubled == 0, f"{lost} rows are lost, {doubled} are there twice")
    wrong = [key for key, n in feed.last.items() if last.get(key) != n]
    case.require(not wrong, f"{len(wrong)} keys do not hold their last row, as {wrong[:3]}")
    case.require(set(positions.values()) == {str(feed.count)},
                 f"positions {positions} do not say {feed.count}")
    # The other sink has them, so they are out; a letter is kept of each.
    case.require((failed["errors"], failed["dead"]) == (refused, 0),
                 f"{failed['errors']} errors and {failed['dead']} dead for {refused} refused rows")
    case.require(hits["cut"] >= cuts * 0.8, f"only {hits['cut']} COMMITs of {cuts} were cut")


@fault("T30", "P")
def postgres_sink_loses_and_doubles_nothing(case):
    run(case, kills=4, cuts=6)


@fault("T30N", "N", timeout=1800)
def postgres_sink_loses_and_doubles_nothing_at_length(case):
    run(case, kills=80, cuts=50)


main()
