#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`freshet run` as a person or a script meets it: how it ends, what it says, what it leaves."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

FRESHET = sys.argv.pop(1)
EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "resources" / "examples" / "abandoned-basket"
NAMES = ["in", "out", "filtered", "dead", "emitted", "errors"]


class RunTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="freshet-run."))
        self.addCleanup(shutil.rmtree, self.folder)
        self.project = self.folder / "p"
        shutil.copytree(EXAMPLE, self.project, ignore=shutil.ignore_patterns("outbox"))
        self.overlay({"your-website": {"type": None}})

    def overlay(self, nodes, connections=None):
        content = {"formatVersion": 1, "connections": connections or {}, "nodes": nodes}
        (self.project / "env" / "test.json").write_text(json.dumps(content))

    def command(self, *arguments, state="state"):
        return [FRESHET, "run", str(self.project), "--env", "test", "--state", str(self.folder / state),
                "--format", "json", *arguments]

    def run_(self, *arguments, code=0, state="state"):
        done = subprocess.run(self.command(*arguments, state=state), capture_output=True,
                              encoding="utf-8", timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        counts = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
        return counts, done.stderr

    def shop(self, limit, *arguments, **named):
        return self.run_("--speed", "max", "--limit", str(limit), *arguments, **named)

    def emails(self, project=None):
        return {path.name: path.read_bytes() for path in ((project or self.project) / "outbox").glob("*.eml")}

    def test_a_limit_counts_over_restarts(self):
        whole, _ = self.shop(6000, state="whole")
        emails = self.emails()
        for limit in (1000, 1000, 3500, 6000):
            counts, _ = self.shop(limit, "--fresh" if limit == 1000 else "--quiet")
            self.assertEqual(counts["in"], limit)
        self.assertEqual([counts[name] for name in NAMES], [whole[name] for name in NAMES])
        self.assertEqual(set(self.emails().values()), set(emails.values()))

    def test_fresh_forgets(self):
        first, _ = self.shop(3000)
        emails = self.emails()
        again, _ = self.shop(3000, "--fresh")
        self.assertEqual([first[name] for name in NAMES], [again[name] for name in NAMES])
        self.assertEqual(set(self.emails().values()), set(emails.values()))

    def test_a_dry_run_leaves_nothing(self):
        before = sorted(str(path) for path in self.folder.rglob("*"))
        counts, _ = self.shop(3000, "--dry-run")
        self.assertEqual(counts["in"], 3000)
        self.assertEqual(sorted(str(path) for path in self.folder.rglob("*")), before)

    def test_an_unknown_type_is_a_finding(self):
        self.overlay({"your-website": {"type": "no.such"}})
        _, said = self.run_(code=1)
        self.assertIn("no.such", said)
        self.assertIn("E-1103", said)

    def test_a_missing_broker_is_named(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.overlay({"your-website": {"type": None},
                      "shop-visitors": {"type": "kafka.source",
                                        "settings": {"connection": "kafka", "topic": "t", "group": "g"}}},
                     {"kafka": {"type": "kafka", "brokers": address}})
        _, said = self.run_("--quiet", code=4)
        self.assertEqual(len(said.strip().splitlines()), 1, said)
        self.assertIn(address, said)
        self.assertIn("shop-visitors", said)

    def test_an_interrupt_drains(self):
        run = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        deadline = time.monotonic() + 30
        while not (self.folder / "state" / "state.db-wal").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        run.send_signal(signal.SIGINT)
        out, said = run.communicate(timeout=30)
        self.assertEqual(run.returncode, 130, said)
        counts = json.loads(out)
        self.assertEqual(counts["in"], counts["out"] + counts["filtered"] + counts["dead"])
        self.assertGreater(counts["in"], 0)

    def test_two_runs_do_not_share_a_state(self):
        run = subprocess.Popen(self.command("--quiet"), stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 30
            while not (self.folder / "state" / "state.db-wal").exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            _, said = self.run_("--quiet", code=3)
            self.assertIn("already running", said)
            self.assertIn(str(self.folder / "state"), said)
            self.assertEqual(len(said.strip().splitlines()), 1, said)
        finally:
            run.send_signal(signal.SIGINT)
            run.wait(timeout=30)

    def test_a_full_disk_stops_it_and_loses_nothing(self):
        # A file system of its own in a name space of its own takes no root; root needs no user of its own (and
        # in a changed root directory cannot have one).
        own = ["-m", "--propagation", "unchanged"] if os.geteuid() == 0 else ["-rm"]
        run = " ".join(self.command("--speed", "max", "--limit", "50000", "--quiet", state="small/state"))
        small, out = self.folder / "small", self.folder / "out"
        small.mkdir()
        script = (f"set -e; mount -t tmpfs -o size=1m tmpfs {small}; code=0; {run} >{out}1 2>{out}2 || code=$?; "
                  f"mount -o remount,size=200m {small}; {run} >{out}3; umount {small}; exit $code")
        done = subprocess.run(["unshare", *own, "sh", "-c", script], capture_output=True, encoding="utf-8", timeout=120)
        said = (self.folder / "out2").read_text()
        self.assertEqual(done.returncode, 3, done.stderr + said)
        self.assertEqual(len(said.strip().splitlines()), 1, said)
        self.assertIn("disk is full", said)
        counts = json.loads((self.folder / "out3").read_text())
        emails = self.emails()
        calm, _ = self.shop(50000, state="calm")
        self.assertEqual([counts[name] for name in NAMES], [calm[name] for name in NAMES])
        self.assertEqual(set(emails.values()), set(self.emails().values()))


if __name__ == "__main__":
    unittest.main()
