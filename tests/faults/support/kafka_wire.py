# SPDX-License-Identifier: GPL-3.0-or-later
"""Kafka as an oracle sees it: our own few requests for topics and offsets, kcat for records."""
import contextlib
import socket
import struct
import subprocess
import threading
from typing import NamedTuple


class Record(NamedTuple):
    partition: int
    offset: int
    timeMs: int
    key: str
    headers: str
    value: str


FORMAT = "%p\\t%o\\t%T\\t%k\\t%h\\t%s\\n"


def parseRecords(lines):
    for line in lines:
        fields = line.rstrip("\n").split("\t", 5)
        if len(fields) == 6:
            yield Record(int(fields[0]), int(fields[1]), int(fields[2]), *fields[3:])


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        values = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return values[0] if len(values) == 1 else values

    def text(self):
        size = self.take("h")
        self.at += max(size, 0)
        return self.data[self.at - size:self.at].decode() if size >= 0 else None

    def list(self, each):
        return [each() for _ in range(self.take("i"))]


def _text(words):
    data = words.encode()
    return struct.pack(">h", len(data)) + data


def _list(items):
    return struct.pack(">i", len(items)) + b"".join(items)


class KafkaWire:
    """One broker. Every call has a connection of its own and raises OSError if that fails."""

    def __init__(self, host, port):
        self.host, self.port = host, port

    def ask(self, api, version, body, seconds=30):
        request = struct.pack(">hhi", api, version, 7) + _text("oracle") + body
        with socket.create_connection((self.host, self.port), timeout=seconds) as link:
            link.sendall(struct.pack(">i", len(request)) + request)
            answer = link.makefile("rb")
            head = answer.read(4)
            if len(head) < 4:
                raise ConnectionError("the broker closed the connection")
            return _Reader(answer.read(struct.unpack(">i", head)[0])[4:])

    def createTopic(self, name, partitions, **settings):
        config = [_text(key.replace("_", ".")) + _text(str(value)) for key, value in settings.items()]
        topic = _text(name) + struct.pack(">ih", partitions, 1) + _list([]) + _list(config)
        answer = self.ask(19, 0, _list([topic]) + struct.pack(">i", 20000))
        answer.take("i")
        answer.text()
        code = answer.take("h")
        if code:
            raise RuntimeError(f"topic {name} was not made: error {code}")

    def topics(self):
        answer = self.ask(3, 1, struct.pack(">i", -1))
        answer.list(lambda: (answer.take("i"), answer.text(), answer.take("i"), answer.text()))
        answer.take("i")

        def each():
            answer.take("h")
            name = answer.text()
            answer.take("b")
            answer.list(lambda: (answer.take("hii"), answer.list(lambda: answer.take("i")),
                                 answer.list(lambda: answer.take("i"))))
            return name
        return answer.list(each)

    def deleteTopic(self, name):
        answer = self.ask(20, 0, _list([_text(name)]) + struct.pack(">i", 20000))
        answer.take("i")
        answer.text()
        code = answer.take("h")
        if code:
            raise RuntimeError(f"topic {name} was not deleted: error {code}")

    def deleteRecords(self, topic, before):
        """before: {partition: first offset that stays}, -1 for the end."""
        parts = [struct.pack(">iq", partition, offset) for partition, offset in before.items()]
        answer = self.ask(21, 0, _list([_text(topic) + _list(parts)]) + struct.pack(">i", 20000))
        answer.take("i")

        def each():
            answer.text()
            return answer.list(lambda: answer.take("iqh"))
        failed = [part for topic_ in answer.list(each) for part in topic_ if part[2]]
        if failed:
            raise RuntimeError(f"records of {topic} were not deleted: {failed}")

    def ends(self, topic, partitions, isolation=0):
        """{partition: end offset}; isolation 1: the last stable offset."""
        return self._offsets(topic, partitions, -1, isolation)

    def begins(self, topic, partitions):
        return self._offsets(topic, partitions, -2, 0)

    def _offsets(self, topic, partitions, time, isolation):
        parts = [struct.pack(">iq", partition, time) for partition in range(partitions)]
        answer = self.ask(2, 2, struct.pack(">ib", -1, isolation) + _list([_text(topic) + _list(parts)]))
        answer.take("i")
        found = {}

        def part():
            partition, code, _, offset = answer.take("ihqq")
            if not code:
                found[partition] = offset

        def each():
            answer.text()
            answer.list(part)
        answer.list(each)
        return found

    def committed(self, group, topic, partitions):
        """{partition: committed offset}, without those that have none."""
        parts = [struct.pack(">i", partition) for partition in range(partitions)]
        answer = self.ask(9, 1, _text(group) + _list([_text(topic) + _list(parts)]))
        found = {}

        def part():
            partition, offset = answer.take("iq")
            answer.text()
            if answer.take("h") == 0 and offset >= 0:
                found[partition] = offset

        def each():
            answer.text()
            answer.list(part)
        answer.list(each)
        return found

    def lag(self, group, topic, partitions):
        """Records the group has still to read, by its commits; None while it cannot be asked."""
        with contextlib.suppress(OSError, struct.error):
            ends, begins = self.ends(topic, partitions), self.begins(topic, partitions)
            done = self.committed(group, topic, partitions)
            return sum(end - done.get(part, begins.get(part, 0)) for part, end in ends.items())
        return None

    def groupState(self, group):
        """(state, [member ids])."""
        answer = self.ask(15, 0, _list([_text(group)]))

        def member():
            identity = answer.text()
            answer.text(), answer.text()
            for _ in range(2):
                size = answer.take("i")
                answer.at += max(size, 0)
            return identity

        def each():
            answer.take("h"), answer.text()
            state = answer.text()
            answer.text(), answer.text()
            return state, answer.list(member)
        return answer.list(each)[0]

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def produce(self, topic, path, *settings):
        """Every line KEY<tab>VALUE of a file; returns once all are acknowledged by all."""
        extra = [word for setting in ("acks=all", "linger.ms=20", "batch.size=1000000",
                                      "queue.buffering.max.messages=1000000", *settings)
                 for word in ("-X", setting)]
        with open(path, "rb") as lines:
            subprocess.run(["kcat", "-P", "-q", "-b", self.address, "-t", topic, "-K", "\t", *extra],
                           stdin=lines, check=True)

    def stream(self, topic, isCommitted=True):
        """All records now in a topic, one after another, each partition in order."""
        isolation = "read_committed" if isCommitted else "read_uncommitted"
        with subprocess.Popen(["kcat", "-C", "-q", "-e", "-b", self.address, "-t", topic, "-o", "beginning",
                               "-X", f"isolation.level={isolation}", "-X", "check.crcs=true", "-f", FORMAT],
                              stdout=subprocess.PIPE, encoding="utf-8", errors="replace") as process:
            yield from parseRecords(process.stdout)
        if process.returncode != 0:
            raise RuntimeError(f"kcat cannot read {topic}: {process.returncode}")

    def read(self, topic, isCommitted=True):
        return list(self.stream(topic, isCommitted))


class Tailer:
    """A read_committed reader that follows a topic while things break (O10); kcat ends when the
    broker does, and is started again."""

    def __init__(self, wire, topic):
        self.command = ["kcat", "-C", "-q", "-u", "-b", wire.address, "-t", topic, "-o", "beginning", "-X",
                        "isolation.level=read_committed", "-f", FORMAT]
        self.seen = []
        self._process = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self):
        while not self._stop.is_set():
            self._process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                             encoding="utf-8", errors="replace")
            self.seen.extend(parseRecords(self._process.stdout))
            self._process.wait()
            self._stop.wait(0.3)

    def records(self):
        self._stop.set()
        self._process.kill()
        self._thread.join()
        return self.seen
