# SPDX-License-Identifier: GPL-3.0-or-later
"""Website events: a run that collects them, and senders that know which of their events were accepted."""
import json
import socket
import threading
import time

import services


class CollectorJob:
    """http.collect → file.sink, and what else `beside` names ({id: node})."""

    def __init__(self, case, settings=None, beside=None):
        self.case = case
        self.port = services.freePort()
        self.project = case.folder / "website"
        self.project.mkdir()
        nodes = [{"id": "website", "type": "http.collect",
                  "settings": {"listen": f"127.0.0.1:{self.port}"} | (settings or {})},
                 {"id": "events", "type": "file.sink", "settings": {"path": "events.ndjson"}}]
        nodes += [{"id": identity} | node for identity, node in (beside or {}).items()]
        document = {"formatVersion": 1, "name": "website", "nodes": nodes,
                    "edges": [f"website -> {node['id']}" for node in nodes[1:]]}
        (self.project / "website.pipeline.json").write_text(json.dumps(document))

    def isUp(self):
        return Connection(self.port).ask(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")[0] == 200

    def stored(self):
        """The messageIds that the file has, in order."""
        path = self.project / "events.ndjson"
        if not path.exists():
            return []
        return [json.loads(line)["messageId"] for line in path.read_text().splitlines() if line.endswith("}")]


class Connection:
    """One kept connection; opened anew when it broke. (0, {}) is no answer."""

    def __init__(self, port, address="127.0.0.1", source=None):
        self.port, self.address, self.source = port, address, source
        self.socket = None
        self.rest = b""

    def post(self, event):
        body = json.dumps(event).encode()
        return self.ask(b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        % len(body) + body)

    def ask(self, request):
        try:
            if not self.socket:
                self.socket = socket.create_connection((self.address, self.port), timeout=10,
                                                       source_address=self.source)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.rest = b""
            self.socket.sendall(request)
            return self._answer()
        except OSError:
            self.close()
            return 0, {}

    def _answer(self):
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        while len(self.rest) < int(headers.get("content-length", 0)):
            self._more()
        self.rest = self.rest[int(headers.get("content-length", 0)):]
        if headers.get("connection") == "close":
            self.close()
        return int(lines[0].split()[1]), headers

    def _more(self):
        found = self.socket.recv(65536)
        if not found:
            raise ConnectionError
        self.rest += found

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None


class Senders:
    """So many connections that each send one event after another, and each again until it is accepted."""

    def __init__(self, port, connections, each=None, seconds=None, isRepeating=True):
        self.port, self.each, self.isRepeating = port, each, isRepeating
        self.accepted = []          # messageIds
        self.times = []             # seconds that an accepted request took
        self.refused = {}           # status: count
        self.withoutRetryAfter = 0
        self.sent = 0
        self.lock = threading.Lock()
        self.deadline = time.monotonic() + seconds if seconds else None
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(connections)]
        for thread in self.threads:
            thread.start()

    def _run(self, sender):
        connection = Connection(self.port)
        number = 0
        while not self.stopping.is_set() and (self.each is None or number < self.each) and \
                (self.deadline is None or time.monotonic() < self.deadline):
            name = f"{sender}-{number}"
            began = time.monotonic()
            status, headers = connection.post({"userId": f"u{sender}", "event": "page_view", "messageId": name})
            with self.lock:
                self.sent += 1
                if status == 200:
                    self.accepted.append(name)
                    self.times.append(time.monotonic() - began)
                elif status:
                    self.refused[status] = self.refused.get(status, 0) + 1
                    self.withoutRetryAfter += status in (429, 503) and "retry-after" not in headers
            if status == 200 or not self.isRepeating:
                number += 1
            elif status == 0:
                time.sleep(0.02)
        connection.close()

    def isDone(self):
        return not any(thread.is_alive() for thread in self.threads)

    def join(self):
        for thread in self.threads:
            thread.join()

    def stop(self):
        self.stopping.set()
        self.join()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
