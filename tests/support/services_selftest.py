#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""services.py on a real Redis: it starts once, survives a crash, and stops only what it started."""
import hashlib
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from unittest import mock

import kafka_jars

SCRIPT = pathlib.Path(__file__).with_name("services.py")


class ServicesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name)
        self.addCleanup(self.call, "stop")

    def call(self, action, *command):
        return subprocess.run(
            [sys.executable, str(SCRIPT), action, "--data", str(self.data), "--only", "redis",
             *command], capture_output=True, text=True)

    def state(self):
        return json.loads((self.data / "redis" / "server.json").read_text())

    def say(self, text):
        with socket.create_connection(("127.0.0.1", self.state()["port"]), timeout=5) as link:
            link.sendall(text)
            return link.recv(1000)

    def testStartPrintsTheAddressAndIsIdempotent(self):
        first = self.call("start")
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertEqual(first.stdout, f"FRESHET_REDIS=redis://127.0.0.1:{self.state()['port']}\n")
        pid = self.state()["pid"]
        self.assertEqual(self.call("start").stdout, first.stdout)
        self.assertEqual(self.state()["pid"], pid)
        self.assertEqual(self.call("status").returncode, 0)

    def testDataAndAddressOutliveAStop(self):
        self.call("start")
        port = self.state()["port"]
        self.assertEqual(self.say(b"SET k v\r\n"), b"+OK\r\n")
        self.assertEqual(self.call("stop").returncode, 0)
        self.assertEqual(self.call("status").returncode, 1)
        self.call("start")
        self.assertEqual(self.state()["port"], port)
        self.assertEqual(self.say(b"GET k\r\n"), b"$1\r\nv\r\n")

    def testStartAfterACrash(self):
        self.call("start")
        pid = self.state()["pid"]
        os.kill(pid, signal.SIGKILL)
        self.assertEqual(self.call("start").returncode, 0)
        self.assertNotEqual(self.state()["pid"], pid)
        self.assertEqual(self.call("status").returncode, 0)

    def testAProcessThatReusedTheIdIsLeftAlone(self):
        self.call("start")
        state = self.state()
        bystander = subprocess.Popen(["sleep", "600"])
        self.addCleanup(bystander.wait)
        self.addCleanup(bystander.kill)
        os.kill(state["pid"], signal.SIGKILL)
        (self.data / "redis" / "server.json").write_text(json.dumps(state | {"pid": bystander.pid}))
        self.assertEqual(self.call("stop").returncode, 0)
        self.assertIsNone(bystander.poll())

    def testRunGivesTheAddressAndCleansUp(self):
        done = self.call("run", "--", "sh", "-c", "echo $FRESHET_REDIS; exit 7")
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertTrue(done.stdout.startswith("redis://127.0.0.1:"))
        self.assertFalse((self.data / "redis").exists())

    def testExecNeedsSomethingThatRuns(self):
        self.assertEqual(self.call("exec", "--", "true").returncode, 1)


class JarsTest(unittest.TestCase):
    """Fetching, against a repository on loopback."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        content = self.content = {"/maven/org/a/1/a-1.jar": b"the jar"}

        class Repository(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path in content else 404)
                self.end_headers()
                self.wfile.write(content.get(self.path, b""))

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Repository)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        (self.home / ".m2").mkdir()
        (self.home / ".m2" / "settings.xml").write_text(
            '<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0"><mirrors><mirror>'
            f"<mirrorOf>central</mirrorOf><url>http://127.0.0.1:{server.server_port}/maven/</url>"
            "</mirror></mirrors></settings>")
        self.list = self.home / "jars.txt"
        self.pin(b"the jar")
        for patch in (mock.patch.dict(os.environ, {"HOME": str(self.home), "XDG_CACHE_HOME": "",
                                                   "no_proxy": "127.0.0.1"}),
                      mock.patch.object(kafka_jars, "LIST", self.list),
                      mock.patch.object(kafka_jars, "ATTEMPTS", 1)):
            patch.start()
            self.addCleanup(patch.stop)

    def pin(self, content):
        self.list.write_text(f"# jars\n{hashlib.sha256(content).hexdigest()}  org/a/1/a-1.jar\n")

    def testFetchesFromTheMirrorAndKeeps(self):
        jar = self.home / ".cache/freshet" / f"kafka-{kafka_jars.VERSION}" / "a-1.jar"
        self.assertEqual(kafka_jars.fetch(), str(jar))
        self.assertEqual(jar.read_bytes(), b"the jar")
        self.content.clear()
        self.assertEqual(kafka_jars.fetch(), str(jar))

    def testRefusesAnotherContent(self):
        self.pin(b"the jar we checked")
        with self.assertRaisesRegex(RuntimeError, "expected"):
            kafka_jars.fetch()

    def testSaysWhatItCouldNotFetch(self):
        self.content.clear()
        with self.assertRaisesRegex(RuntimeError, "cannot fetch http://127.0.0.1:.*a-1.jar"):
            kafka_jars.fetch()


if __name__ == "__main__":
    unittest.main()
