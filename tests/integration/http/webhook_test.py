#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs `freshet run` from a file to webhooks and looks at what the receiver got: keys, arrays, signatures, certificates."""
import base64
import collections
import hashlib
import hmac
import json
import pathlib
import shutil
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from http_receiver import Answer, Receiver  # noqa: E402

FRESHET = sys.argv.pop(1)
SECRET = "whsec_" + base64.b64encode(b"a key of twenty-four byte").decode()


class WebhookTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="freshet-webhook."))
        self.addCleanup(shutil.rmtree, self.folder)
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.receiver.port}{path}"

    def write(self, events, settings, *, beside=(), edges=("in -> hook",)):
        (self.folder / "in.ndjson").write_text("".join(json.dumps(event) + "\n" for event in events))
        nodes = [{"id": "in", "type": "file.source", "settings": {"path": "in.ndjson", "key": "{{ event.key }}"}},
                 {"id": "hook", "type": "http.sink", "settings": {"url": self.url(), "allow": ["127.0.0.1"]} | settings},
                 *beside]
        document = {"formatVersion": 1, "name": "hooks", "nodes": nodes, "edges": list(edges)}
        (self.folder / "hooks.pipeline.json").write_text(json.dumps(document))

    def call(self, *arguments):
        return subprocess.run([FRESHET, *arguments], capture_output=True, encoding="utf-8", timeout=60,
                              env={"PATH": "/usr/bin:/bin", "FRESHET_SECRET_HOOK": SECRET})

    def run_(self, *arguments):
        done = self.call("run", str(self.folder), "--state", str(self.folder / "state"), "--fresh", "--format", "json",
                         *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout.splitlines()[0])

    def dead(self):
        with sqlite3.connect(self.folder / "state" / "state.db") as base:
            return base.execute("SELECT code, message, original FROM dead ORDER BY id").fetchall()

    def testKeysAreTheSameInEveryRunAndDifferForEachEvent(self):
        events = [{"number": number, "key": f"k{number % 3}"} for number in range(50)]
        self.write(events, {})
        keys = []
        for _ in range(2):
            self.receiver.requests.clear()
            self.assertEqual(self.run_()["out"], 50)
            keys.append({request.key: json.loads(request.body)["number"] for request in self.receiver.requests})
        self.assertEqual(keys[0], keys[1])
        self.assertEqual(sorted(keys[0].values()), list(range(50)))
        self.assertTrue(all(len(key) == 64 for key in keys[0]))
        self.write([{"number": 1, "key": "k", "id": "one"}, {"number": 2, "key": "k", "id": "one"}],
                   {"eventId": "{{ event.id }}"})
        self.receiver.requests.clear()
        self.run_()
        self.assertEqual(len({request.key for request in self.receiver.requests}), 1)

    def testTheRecordsOfOneEventAreToldApart(self):
        half = {"id": "half", "type": "map", "settings": {"set": {"half": "true"}}}
        self.write([{"number": number, "key": "k"} for number in range(20)], {},
                   beside=[half], edges=["in -> hook", "in -> half", "half -> hook"])
        self.run_()
        self.assertEqual(len(self.receiver.requests), 40)
        self.assertEqual(len({request.key for request in self.receiver.requests}), 40)

    def testArraysHoldEachEventOnceAndInOrder(self):
        self.write([{"number": number, "key": f"k{number % 7}"} for number in range(500)], {"together": 10, "window": 8})
        self.run_()
        arrays = [json.loads(request.body) for request in self.receiver.requests]
        self.assertTrue(all(1 <= len(array) <= 10 for array in arrays))
        self.assertLess(len(arrays), 100)
        byKey = collections.defaultdict(list)
        for event in (event for array in arrays for event in array):
            byKey[event["key"]].append(event["number"])
        self.assertEqual(sorted(sum(byKey.values(), [])), list(range(500)))
        for numbers in byKey.values():
            self.assertEqual(numbers, sorted(numbers))
        self.assertEqual(len({request.key for request in self.receiver.requests}), len(arrays))

    def testEachRequestIsSigned(self):
        self.write([{"number": 1, "key": "k"}], {"signingKey": "${secret:HOOK}"})
        self.run_()
        [request] = self.receiver.requests
        self.assertEqual(request.headers["webhook-id"], request.key)
        at = request.headers["webhook-timestamp"]
        self.assertLess(abs(time.time() - int(at)), 60)
        text = f"{request.key}.{at}.".encode() + request.body
        expected = base64.b64encode(hmac.new(base64.b64decode(SECRET[6:]), text, hashlib.sha256).digest()).decode()
        self.assertEqual(request.headers["webhook-signature"], "v1," + expected)

    def testMethodHeadersBodyAndAddressAreMadeOfTheEvent(self):
        self.write([{"number": 1, "key": "a b/c", "total": 9.5}, {"number": 2, "key": "x\r\nInjected: yes", "total": 1},
                    {"number": 3, "key": "c"}],
                   {"url": self.url("/people/{{ event.key | url_encode }}"), "method": "PUT",
                    "body": "{{ event.total }}", "headers": {"X-Key": "{{ event.key }}", "Content-Type": "text/plain",
                                                             "Authorization": "Bearer ${secret:HOOK}"}})
        counts = self.run_()
        [request] = self.receiver.requests
        self.assertEqual((request.method, request.path, request.body), ("PUT", "/people/a+b%2Fc", b"9.5"))
        self.assertEqual(request.headers["x-key"], "a b/c")
        self.assertEqual(request.headers["content-type"], "text/plain")
        self.assertEqual(request.headers["authorization"], "Bearer " + SECRET)
        self.assertEqual([code for code, _, _ in self.dead()], ["E-3412", "E-3413"])
        self.assertEqual((counts["out"], counts["dead"]), (1, 2))
        self.assertNotIn(SECRET, json.dumps([message for _, message, _ in self.dead()]))

    def testADryRunSendsNothing(self):
        self.write([{"number": number, "key": "k"} for number in range(100)], {})
        counts = self.run_("--dry-run")
        self.assertEqual(counts["out"], 100)
        self.assertEqual(self.receiver.connections, 0)

    def testWhatAlwaysFailsIsKeptAndTheRestGoesOn(self):
        self.receiver.script = lambda request: Answer(500 if json.loads(request.body)["number"] == 3 else 200, b"no, you")
        self.write([{"number": number, "key": f"k{number}"} for number in range(10)], {"attempts": 3})
        counts = self.run_()
        self.assertEqual((counts["out"], counts["dead"]), (9, 1))
        [(code, message, original)] = self.dead()
        self.assertEqual((code, json.loads(original)["number"]), ("E-3423", 3))
        self.assertIn("has answered 5xx 3 times, at last 500", message)
        self.assertIn("no, you", message)

    def testCertificatesAreVerified(self):
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=self.folder)
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        with Receiver(tls=context) as receiver:
            url = f"https://127.0.0.1:{receiver.port}/"
            self.write([{"number": 1, "key": "k"}], {"url": url, "caFile": "cert.pem"})
            self.assertEqual(self.run_()["out"], 1)
            self.assertEqual(len(receiver.requests), 1)
            receiver.requests.clear()
            self.write([{"number": 1, "key": "k"}], {"url": url})
            with subprocess.Popen([FRESHET, "run", str(self.folder), "--state", str(self.folder / "other")],
                                  stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding="utf-8") as run:
                said = run.stderr.readline()
                run.kill()
            self.assertIn("E-3430", said)
            self.assertIn("certificate", said)
            self.assertEqual(receiver.requests, [])

    def testLintSaysWhereAnAddressIsWrong(self):
        for url, words in (("ftp://example.com/", "http:// or https://"), ("https://u:p@example.com/", "user name"),
                           ("https://{{ event.host }}/", "could choose who gets it")):
            self.write([{}], {"url": url})
            done = self.call("lint", str(self.folder))
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            self.assertIn("E-3410", done.stdout + done.stderr)
            self.assertIn(words, done.stdout + done.stderr)
        self.write([{}], {"url": "https://{{ event.host }}/", "hosts": ["*.example.com"]})
        self.assertEqual(self.call("lint", str(self.folder)).returncode, 0)


if __name__ == "__main__":
    unittest.main()
