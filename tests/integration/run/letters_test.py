#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`freshet dlq` as a person meets it, on the example: a template that fails, mended; what would reach people is
withheld until it is armed; what other steps had done is not done twice. And a backfill, which sends nothing."""
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

FRESHET = sys.argv.pop(1)
EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "resources" / "examples" / "abandoned-basket"


class LettersTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="freshet-letters."))
        self.addCleanup(shutil.rmtree, self.folder)
        self.project = self.folder / "p"
        shutil.copytree(EXAMPLE, self.project, ignore=shutil.ignore_patterns("outbox"))
        (self.project / "env" / "test.json").write_text('{"formatVersion":1,"nodes":{"your-website":{"type":null}}}')
        self.subject = self.project / "templates" / "partials" / "subject.liquid"
        self.good = self.subject.read_text()
        self.state = self.folder / "state"

    def freshet(self, *arguments, code=0):
        done = subprocess.run([FRESHET, *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=200)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def shop(self, *arguments, state=None, limit=20000, project=None):
        done = self.freshet("run", project or self.project, "--env", "test", "--state", state or self.state, "--speed",
                            "max", "--limit", limit, "--format", "json", *arguments)
        return json.loads(done.stdout.splitlines()[-1])

    def dlq(self, what, *arguments, code=0):
        return self.freshet("dlq", what, "--project", self.project, "--env", "test", "--state", self.state, *arguments,
                            code=code)

    def letters(self, *arguments):
        done = self.dlq("list", "--limit", 1000000, "--format", "json", *arguments)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def emails(self, project=None):
        return {path.read_bytes() for path in ((project or self.project) / "outbox").glob("*.eml")
}

    def people(self, state=None):
        keys = [f"u{number:08}" for number in range(1, 1000)]
        done = subprocess.run([FRESHET, "profiles", "get", self.project, "--env", "test", "--state", state or self.state,
                               *keys], capture_output=True, encoding="utf-8")
        return done.stdout

    def test_a_mended_template_sends_each_email_once_when_armed(self):
        calm = self.folder / "calm"
        shutil.copytree(self.project, calm)
        self.shop(state=self.folder / "calm-state", project=calm)
        wanted = self.emails(calm)
        self.assertGreater(len(wanted), 20)
        self.subject.write_text(self.good + "{{ 1 | divided_by: 0 }}")
        self.shop()
        self.assertEqual(self.emails(), set())
        before = self.people()
        failed = self.letters("--node", "basket-reminder")
        self.assertEqual(len(failed), len(wanted))
        self.assertEqual({letter["code"] for letter in failed}, {"E-2401"})
        one = failed[0]
        shown = self.dlq("show", one["id"]).stdout
        self.assertIn("basket-reminder", shown)
        self.assertIn(json.loads(one["bytes"])["messageId"], shown)
        self.dlq("retry", one["id"], code=1)
        self.assertEqual(self.letters("--node", "basket-reminder")[0]["attempts"], 2)

        self.subject.write_text(self.good)
        said = self.dlq("retry", "--node", "basket-reminder", code=1).stderr
        self.assertIn("would reach people", said)
        self.assertEqual(self.emails(), set())
        self.assertEqual({letter["code"] for letter in self.letters("--node", "outbox")}, {"E-3701"})
        self.assertIn(f"{len(wanted)} letters landed", self.dlq("retry", "--node", "outbox", "--arm").stderr)
        self.assertEqual(self.emails(), wanted)
        self.assertEqual(self.people(), before)
        self.assertIn("no such letter", self.dlq("retry", "--node", "outbox", "--arm").stderr)
        self.assertEqual(self.emails(), wanted)
        rest = self.letters()
        self.assertEqual({letter["node"] for letter in rest}, {"check-events", "shop-visitors"})
#They are as bad as before, and say so again.
        self.dlq("retry", "--all", code=1)
        again = self.letters()
        self.assertEqual([letter["id"] for letter in again], [letter["id"] for letter in rest])
        self.assertEqual({letter["attempts"] for letter in again}, {2})
        self.assertEqual([letter["first"] for letter in again], [letter["first"] for letter in rest])
        self.dlq("drop", "--node", "check-events")
        self.assertEqual({letter["node"] for letter in self.letters()}, {"shop-visitors"})
        self.dlq("drop", "--all")
        self.assertEqual(self.letters(), [])

    def test_a_step_that_is_gone_says_what_to_do(self):
        self.shop()
        file = self.project / "abandoned-basket.pipeline.json"
        file.write_text(file.read_text().replace('"check-events', '"check').replace("-> check-events", "-> check"))
        self.dlq("retry", "--node", "check-events", code=1)
        left = self.letters("--node", "check-events")
        self.assertEqual({letter["code"] for letter in left}, {"E-3702"})
        self.assertIn("--from-source", left[0]["message"])
        self.dlq("retry", left[0]["id"], "--from-source", code=1)
        self.assertEqual({letter["node"] for letter in self.letters() if letter["id"] == left[0]["id"]}, {"check"})

    def test_a_run_that_holds_the_state_takes_requests(self):
        self.shop()
        count = len(self.letters("--node", "check-events"))
        run = subprocess.Popen([FRESHET, "run", self.project, "--env", "test", "--state", self.state, "--quiet"])
        try:
            deadline = time.monotonic() + 30
            while not (self.state / "state.db-wal").exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            said = self.dlq("retry", "--node", "check-events").stderr
            self.assertRegex(said, r"^\d+ letters on the way again, in the run that holds this state")
            while any(letter["isWaiting"] for letter in self.letters()) and time.monotonic() < deadline:
                time.sleep(0.05)
            twice = [letter for letter in self.letters("--node", "check-events") if letter["attempts"] == 2]
            self.assertGreaterEqual(len(twice), count)
            self.assertIn("dropped", self.dlq("drop", "--node", "check-events").stderr)
        finally:
            run.send_signal(signal.SIGINT)
            run.wait(timeout=30)

    def test_a_backfill_sends_nothing_and_counts_the_same(self):
        counts = self.shop("--backfill")
        self.assertEqual(self.emails(), set())
        self.assertNotIn("E-3701", {letter["code"] for letter in self.letters()})
        normal = self.shop(state=self.folder / "normal")
        self.assertGreater(len(self.emails()), 20)
        for name in ("in", "dead", "emitted"):
            self.assertEqual(counts[name], normal[name], name)
        self.assertEqual(self.people(), self.people(self.folder / "normal"))


if __name__ == "__main__":
    unittest.main()
