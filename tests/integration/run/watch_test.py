#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`freshet run --watch`: the pipeline is saved again and again while events come in. Each accepted event is
written once, no sender is ever turned away, what did not change keeps its state, and a pipeline that
cannot run leaves the one before at work."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from waiting import free_port, wait_for

FRESHET = sys.argv.pop(1)
SENDERS = 3
RELOADS = int(os.environ.get("FRESHET_RELOADS", "12"))


class WatchTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="freshet-watch."))
        self.addCleanup(shutil.rmtree, self.folder)
        self.port = free_port()
        self.accepted, self.turned_away, self.gap = [], [], 0.0
        self.stop = threading.Event()
        self.errors = ""
        self.save(0)
        self.process = subprocess.Popen(
            [FRESHET, "run", str(self.folder), "--watch", "--state", str(self.folder / ".state"), "--format", "json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        self.reader = threading.Thread(target=self.read_errors)
        self.reader.start()
        self.assertTrue(wait_for(lambda: self.post({"userId": "probe", "event": "probe", "messageId": "probe"})))

    def tearDown(self):
        self.stop.set()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()

    def read_errors(self):
        for line in self.process.stderr:
            self.errors += line

    def document(self, version, **changes):
        nodes = [
            {"id": "website", "type": "http.collect", "settings": {"listen": f"127.0.0.1:{self.port}"}},
            {"id": "stamp", "type": "map", "settings": {"set": {"stamp.version": str(version)}}},
            {"id": "events", "type": "file.sink", "settings": {
                "path": changes.get("path", "out/events.log"), "include": ["stamp"]}},
            {"id": "left", "type": "wait", "settings": {
                "key": "{{ event.userId }}", "until": "event.event == 'basket'", "for": "1 s"}},
            {"id": "reminders", "type": "file.sink", "settings": {"path": "out/reminders.log"}}]
        return {"formatVersion": 1, "name": "watched", "nodes": nodes,
                "edges": ["website -> stamp", "stamp -> events", "website -> left", "left -> reminders"]}

    def write(self, text):
        """As editors save: a new file takes the place of the old one."""
        fresh = self.folder / ".saving"
        fresh.write_text(text, encoding="utf-8")
        fresh.rename(self.folder / "watched.pipeline.json")

    def save(self, version, **changes):
        self.write(json.dumps(self.document(version, **changes), indent=1))

    def post(self, event, connection=None):
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            own.request("POST", "/v1/track", json.dumps(event))
            answer = own.getresponse()
            answer.read()
            return answer.status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            if not connection:
                own.close()

    def send(self, sender):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        number = 0
        while not self.stop.is_set():
            message = f"{sender}-{number}"
            number += 1
            began = time.monotonic()
            if self.post({"userId": f"u{sender}", "event": "view", "messageId": message}, connection):
                self.accepted.append(message)
            else:
                self.turned_away.append(message)
                connection.close()
            self.gap = max(self.gap, time.monotonic() - began)
        connection.close()

    def lines(self, name="events"):
        path = self.folder / "out" / f"{name}.log"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return [json.loads(line) for line in text.splitlines() if line.endswith("}")]

    def has_version(self, version):
        return any(line.get("stamp") == {"version": str(version)} for line in self.lines()[-500:])

    def test_it_swaps_between_two_batches(self):
        senders = [threading.Thread(target=self.send, args=(i,)) for i in range(SENDERS)]
        for sender in senders:
            sender.start()
        baskets = 0
        for version in range(1, RELOADS + 1):
            basket = {"userId": f"basket{version}", "event": "basket", "messageId": f"basket{version}"}
            self.assertTrue(self.post(basket))
            baskets += 1
            if version % 4 == 1:
                self.write("{\"nodes\": [")
                self.assertTrue(wait_for(lambda: self.errors.count("goes on") > version // 4), self.errors)
            if version % 4 == 2:  # lints clean, and cannot be opened
                before = self.errors.count("goes on")
                self.save(version, path="/proc/here/events.log")
                self.assertTrue(wait_for(lambda: self.errors.count("goes on") > before), self.errors)
                self.assertIn("/proc/here", self.errors)
                goal = len(self.accepted) + 20
                self.assertTrue(wait_for(lambda: len(self.accepted) > goal))
            self.save(version)
            self.assertTrue(wait_for(lambda: self.has_version(version)), f"version {version}: {self.errors}")
        self.stop.set()
        for sender in senders:
            sender.join()
        self.assertTrue(wait_for(lambda: len(self.lines("reminders")) >= baskets), self.errors)
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)
        self.assertEqual(self.process.returncode, 130, self.errors)
        counts = json.loads(self.process.stdout.read())

        written = [line["messageId"] for line in self.lines()]
        wanted = ["probe"] + self.accepted + [f"basket{i}" for i in range(1, baskets + 1)]
        lost = len(set(wanted) - set(written))
        print(f"{len(wanted)} events, {RELOADS} reloads: lost {lost}, doubled {len(written) - len(set(written))}, "
              f"turned away {len(self.turned_away)}, longest answer {self.gap * 1000:.0f} ms", file=sys.stderr)
        self.assertEqual(sorted(written), sorted(wanted))
        self.assertEqual(self.turned_away, [])
        reminded = sorted(line["userId"] for line in self.lines("reminders"))
        self.assertEqual(reminded, sorted(f"basket{i}" for i in range(1, baskets + 1)))
        self.assertEqual(counts["in"], len(wanted))
        self.assertEqual(counts["emitted"], baskets)


if __name__ == "__main__":
    unittest.main()
