#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`freshet run --record`, `freshet replay` and `freshet test` as a person meets them: the example is recorded and
replayed, twice and in other batches, to the same bytes; a changed pipeline says what would differ."""
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

FRESHET = sys.argv.pop(1)
EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "resources" / "examples" / "abandoned-basket"
LIMIT = 30000


def freshet(*arguments, code=0):
    done = subprocess.run([FRESHET, *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=200)
    if done.returncode != code:
        raise AssertionError(f"{arguments} ended with {done.returncode}, not {code}:\n{done.stdout}{done.stderr}")
    return done


class ReplayTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="freshet-replay."))
        cls.project = cls.folder / "p"
        shutil.copytree(EXAMPLE, cls.project, ignore=shutil.ignore_patterns("outbox"))
        (cls.project / "env" / "test.json").write_text('{"formatVersion":1,"nodes":{"your-website":{"type":null}}}')
        cls.recording = cls.folder / "run.frrc"
        # In two runs: the second starts with the state that the first has left.
        for limit, file in ((LIMIT // 2, "first"), (LIMIT, "run.frrc")):
            done = freshet("run", cls.project, "--env", "test", "--state", cls.folder / "state", "--speed", "max",
                           "--limit", limit, "--record", cls.folder / file, "--format", "json")
            cls.counts = json.loads(done.stdout.splitlines()[-1])

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def outcome(self, name, *arguments, code=0, recording=None):
        out = self.folder / name
        freshet("replay", recording or self.recording, *arguments, "--out", out, "--quiet", code=code)
        return out.read_bytes()

    def test_twice_and_in_other_batches_it_is_the_same(self):
        once = self.outcome("once")
        self.assertGreater(len(once), 100_000)
        self.assertEqual(self.outcome("twice"), once)
        for batch in (1, 7, 100_000):
            self.assertEqual(hashlib.sha256(self.outcome("batches", "--batch", str(batch))).digest(),
                             hashlib.sha256(once).digest(), batch)

    def test_it_is_what_the_run_did(self):
        lines = [json.loads(line) for line in self.outcome("same").splitlines()]
        emails = {line["record"]["body"] for line in lines if line.get("sink") == "outbox"}
        first = [json.loads(line) for line in self.outcome("first.out", recording=self.folder / "first").splitlines()]
        emails |= {line["record"]["body"] for line in first if line.get("sink") == "outbox"}
        sent = {path.read_bytes().decode() for path in (self.project / "outbox").glob("*.eml")}
        self.assertGreater(len(sent), 20)
        self.assertEqual({text.replace("\r\n", "\n") for text in sent}, {text.replace("\r\n", "\n") for text in emails})
        for name in ("in", "out", "filtered", "dead", "emitted"):
            total = lines[-1]["counts"][name] + first[-1]["counts"][name]
            self.assertEqual(total, self.counts[name], name)

    def test_a_torn_tail_is_cut(self):
        whole = self.recording.read_bytes()
        torn = self.folder / "torn"
        torn.write_bytes(whole[:len(whole) * 2 // 3])
        said = freshet("replay", torn).stderr
        self.assertIn("torn off", said)
        torn.write_bytes(b"no recording")
        self.assertIn("E-3801", freshet("replay", torn, code=2).stderr)

    def test_a_recording_is_not_written_over(self):
        done = freshet("run", self.project, "--env", "test", "--state", self.folder / "other", "--limit", "10", "--speed",
                       "max", "--record", self.recording, code=3)
        self.assertIn("E-3802 There is a file of that name already", done.stderr)

    def test_another_pipeline_says_what_would_differ(self):
        self.assertEqual(freshet("replay", self.recording, self.project, "--env", "test").stdout, "")
        done = freshet("replay", self.recording, self.project, "--env", "test", "--set",
                       "basket-reminder.subject=Come back, {{ profile.first_name }}", "--set", "basket-left.for=45 min",
                       "--format", "json", code=1)
        diff = json.loads(done.stdout)
        parts = {part["name"]: part for part in diff["parts"]}
        self.assertFalse(diff["same"])
        self.assertIn("basket-left -> basket-reminder", [route["edge"] for route in diff["routes"]])
        self.assertGreater(parts["emails"]["removed"] + parts["emails"]["added"] + parts["emails"]["changed"], 0)
        self.assertEqual(parts["profiles"]["changed"], 0)
        text = freshet("replay", self.recording, self.project, "--env", "test", "--set",
                       "basket-reminder.subject=Come back, {{ profile.first_name }}", code=1).stdout
        self.assertRegex(text, r"email/subject: \".* is still in your basket\" → \"Come back, ")
        self.assertNotIn("wire", text)

    def test_a_pipeline_of_scores_differs_in_profiles(self):
        done = freshet("replay", self.recording, self.project, "--env", "test", "--set", "buying-interest.points.page_view=2",
                       "--format", "json", code=1)
        parts = {part["name"]: part for part in json.loads(done.stdout)["parts"]}
        self.assertGreater(parts["profiles"]["changed"], 100)
        self.assertEqual(parts["dead letters"]["changed"] + parts["dead letters"]["added"], 0)


class TestTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="freshet-test."))
        self.addCleanup(shutil.rmtree, self.folder)
        self.project = self.folder / "p"
        shutil.copytree(EXAMPLE, self.project, ignore=shutil.ignore_patterns("outbox"))
        self.case = self.project / "tests" / "reminder.test.json"

    def test_the_example_passes_and_junit_reads_it(self):
        junit = self.folder / "out.xml"
        done = freshet("test", self.project, "--junit", junit)
        suite = xml.etree.ElementTree.parse(junit).getroot()[0]
        self.assertGreaterEqual(int(suite.get("tests")), 5)
        self.assertEqual(suite.get("failures"), "0")
        self.assertIn("0 failed", done.stderr)

    def test_a_changed_template_fails_with_the_line_and_update_mends_it(self):
        template = self.project / "templates" / "basket_reminder.liquid"
        template.write_text(template.read_text().replace("Finish your order", "Go on"))
        junit = self.folder / "out.xml"
        said = freshet("test", self.project, "--junit", junit, code=1).stdout
        self.assertIn("golden/reminder.html: line", said)
        self.assertIn("Go on", said)
        failures = xml.etree.ElementTree.parse(junit).getroot().iter("failure")
        self.assertEqual(len(list(failures)), 1)
        before = self.case.read_text()
        freshet("test", self.project, "--update")
        self.assertEqual(self.case.read_text(), before)
        freshet("test", self.project)

    def test_update_keeps_the_shape_and_a_filter_chooses(self):
        content = json.loads(self.case.read_text())
        content["expect"]["emails"][0]["subject"] = "another"
        content["expect"]["profiles"]["people"]["u00000001"]["interest"] = 1
        self.case.write_text(json.dumps(content))
        said = freshet("test", self.project, code=1).stdout
        self.assertIn('expect/emails/0/subject is "Zoë, your linen duvet is still in your basket" instead of "another"', said)
        freshet("test", self.project, "--filter", "currency")
        freshet("test", self.case, code=1)
        freshet("test", self.case, "--update")
        self.assertEqual(json.loads(self.case.read_text()), json.loads((EXAMPLE / "tests" / "reminder.test.json").read_text()))

    def test_a_dead_letter_that_nobody_expects_fails(self):
        content = json.loads(self.case.read_text())
        content["events"].append({"source": "shop-visitors", "bytes": "{no json"})
        self.case.write_text(json.dumps(content))
        self.assertIn("expect/dead: 1 instead of 0", freshet("test", self.case, code=1).stdout)

    def test_what_is_wrong_in_a_test_is_found_by_lint(self):
        self.case.write_text('{\n  "events": [{"source": "shop-visitor"}],\n  "expct": {}\n}')
        said = freshet("lint", self.project, code=1).stdout
        self.assertIn("tests/reminder.test.json:2:", said)
        self.assertIn("did you mean shop-visitors?", said)
        self.assertIn("did you mean expect?", said)
        self.assertIn("E-1402", freshet("test", self.case, code=1).stdout)

    def test_no_tests_is_usage(self):
        shutil.rmtree(self.project / "tests")
        freshet("test", self.project, code=2)


if __name__ == "__main__":
    unittest.main()
