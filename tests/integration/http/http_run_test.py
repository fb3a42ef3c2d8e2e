#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs `freshet run` from website events to a file: kills it while events come in and counts what is there."""
import base64
import contextlib
import http.client
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from waiting import free_port, wait_for

FRESHET = sys.argv.pop(1)
SENDERS = 4


class HttpRunTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="freshet-http."))
        self.addCleanup(shutil.rmtree, self.folder)
        self.port, self.metrics = free_port(), free_port()
        self.out = self.folder / "events.ndjson"
        self.write("website", [
            {"id": "website", "type": "http.collect", "settings": {"listen": f"127.0.0.1:{self.port}"}},
            {"id": "events", "type": "file.sink", "settings": {"path": "events.ndjson"}}], ["website -> events"])
        self.process = None

    def tearDown(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def write(self, name, nodes, edges):
        for old in self.folder.glob("*.pipeline.json"):
            old.unlink()
        document = {"formatVersion": 1, "name": name, "nodes": nodes, "edges": edges}
        (self.folder / f"{name}.pipeline.json").write_text(json.dumps(document), encoding="utf-8")

    def start(self, *arguments):
        self.process = subprocess.Popen([FRESHET, "run", str(self.folder), "--state", str(self.folder / "state"),
                                     "--format", "json", *arguments],
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        self.assertTrue(wait_for(lambda: self.status(self.port, "/healthz") == 200 or self.process.poll() is not None))
        if self.process.poll() is not None:
            self.fail(self.process.stderr.read())

    def finish(self):
        self.process.send_signal(signal.SIGINT)
        out, errors = self.process.communicate(timeout=60)
        self.assertEqual(self.process.returncode, 130, errors)
        return json.loads(out)

    @staticmethod
    def status(port, path):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def send(self, sender, accepted, stop):
        """Calls until told to stop; a connection that breaks is a call that was not accepted."""
        number = 0
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        key = base64.b64encode(b"any:").decode()
        while not stop.is_set():
            message = f"{sender}-{number}"
            number += 1
            body = json.dumps({"userId": f"u{sender}", "event": "page_view", "messageId": message})
            try:
                connection.request("POST", "/v1/track", body, {"Authorization": f"Basic {key}"})
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    accepted.append(message)
            except (OSError, http.client.HTTPException):
                connection.close()
                time.sleep(0.01)
        connection.close()

    def lines(self):
        text = self.out.read_text(encoding="utf-8") if self.out.exists() else ""
        return [json.loads(line) for line in text.splitlines() if line.endswith("}")]

    def testEachAcceptedEventIsWrittenOnceAcrossKills(self):
        accepted, stop = [], threading.Event()
        self.start()
        senders = [threading.Thread(target=self.send, args=(i, accepted, stop)) for i in range(SENDERS)]
        for sender in senders:
            sender.start()
        for kill in range(3):
            goal = len(accepted) + 150
            self.assertTrue(wait_for(lambda: len(accepted) >= goal), f"kill {kill}: {len(accepted)} accepted")
            self.process.kill()
            self.process.communicate()
            self.start()
        stop.set()
        for sender in senders:
            sender.join()
        wait_for(lambda: len(self.lines()) >= len(accepted))
        total = self.finish()
        ids = [event["messageId"] for event in self.lines()]
        self.assertEqual(len(ids), len(set(ids)), "an event was written twice")
        self.assertFalse(set(accepted) - set(ids), "an accepted event is not there")
        # At a kill each sender has one call under way: it may be stored without having been answered.
        self.assertLessEqual(len(ids), len(accepted) + 3 * SENDERS)
        self.assertEqual(total["in"], len(ids))
        self.assertEqual(total["in"], total["out"] + total["filtered"] + total["dead"])
        for sender in range(SENDERS):
            numbers = [int(name.split("-")[1]) for name in ids if name.startswith(f"{sender}-")]
            self.assertEqual(numbers, sorted(numbers), "one person's events changed their order")

    def testMetricsAreServed(self):
        self.start("--metrics", f"127.0.0.1:{self.metrics}")
        accepted, stop = [], threading.Event()
        sender = threading.Thread(target=self.send, args=(0, accepted, stop))
        sender.start()
        self.assertTrue(wait_for(lambda: len(accepted) >= 10))
        stop.set()
        sender.join()

        def text():
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.metrics, timeout=5)) as connection:
                connection.request("GET", "/metrics")
                answer = connection.getresponse()
                self.assertEqual(answer.status, 200)
                self.assertTrue(answer.getheader("Content-Type").startswith("text/plain; version=0.0.4"))
                return answer.read().decode()

        def count():
            for line in text().splitlines():
                if line.startswith("freshet_records_in_total"):
                    return float(line.split()[-1])
            return None

        self.assertTrue(wait_for(lambda: count() == len(accepted)), text())
        self.assertEqual(self.status(self.metrics, "/healthz"), 200)
        self.assertEqual(self.status(self.metrics, "/nothing"), 404)
        self.finish()

    def testTakenAddressIsToldAtTheStart(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", self.port))
            other.listen()
            done = subprocess.run([FRESHET, "run", str(self.folder), "--state", str(self.folder / "state")],
                                  capture_output=True, encoding="utf-8", timeout=60)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn("website/listen: E-3402", done.stderr)
            metrics = subprocess.run([FRESHET, "run", str(self.folder), "--metrics", f"127.0.0.1:{self.port}"],
                                     capture_output=True, encoding="utf-8", timeout=60)
            self.assertEqual(metrics.returncode, 2, metrics.stderr)

    def testAFileIsReplayedIntoAFileOnceAcrossAKill(self):
        count = 200_000
        with open(self.folder / "in.ndjson", "w", encoding="utf-8") as file:
            for number in range(count):
                file.write('{"n":%d,"timestamp":"2026-01-05T08:00:00Z"}\n' % number)
        self.write("replay", [{"id": "in", "type": "file.source", "settings": {"path": "in.ndjson"}},
                              {"id": "events", "type": "file.sink", "settings": {"path": "events.ndjson"}}],
                   ["in -> events"])
        command = [FRESHET, "run", str(self.folder), "--speed", "max", "--state", str(self.folder / "state"),
                   "--format", "json"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: (self.out.exists() and self.out.stat().st_size > 0) or self.process.poll() is not None)
        self.process.kill()
        self.process.wait()
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["in"], count)
        self.assertEqual(self.out.read_bytes(), (self.folder / "in.ndjson").read_bytes())


if __name__ == "__main__":
    unittest.main()
