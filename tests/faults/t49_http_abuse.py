# SPDX-License-Identifier: GPL-3.0-or-later
"""T49: what is not plainly one request ends in an error and a closed connection, never in two answers and never in an
event; thousands of slow connections, endless heads and bombs cost little memory, and honest senders hardly notice."""
import gzip
import resource
import socket
import threading
import time

from support.case import fault, main
from support.collector import CollectorJob, Connection, percentile

EVENT = b'{"userId":"u","event":"smuggled","messageId":"smuggled"}'
HIDDEN = (b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(EVENT)
          + EVENT)
POST = b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
MEGABYTE = 1 << 20
SLOW = 10_000


def vectors():
    """(name, bytes, how much filler follows, the status allowed)"""
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    yield "length and chunks", POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN, 0, 400
    yield "chunks and length", POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + HIDDEN, 0, 400
    yield "two lengths", POST + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN, 0, 400
    yield "negative length", POST + b"Content-Length: -1\r\n\r\n" + HIDDEN, 0, 400
    yield "word for a length", POST + b"Content-Length: ten\r\n\r\n" + HIDDEN, 0, 400
    yield "length beyond numbers", POST + b"Content-Length: 99999999999999999999999\r\n\r\n" + HIDDEN, 0, 413
    yield "2 GB length", POST + b"Content-Length: 2147483648\r\n\r\n", 0, 413
    yield "odd coding, folded", POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + HIDDEN, 0, 400
    yield "odd coding", POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + HIDDEN, 0, 400
    yield "two hosts", b"POST /v1/track HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n" + HIDDEN, 0, 400
    yield "chunk extension", chunked + b"3;", MEGABYTE, 413
    yield "chunk -1", chunked + b"-1\r\nabc\r\n0\r\n\r\n" + HIDDEN, 0, 400
    yield "chunk 0x7f…", chunked + b"7fffffffffffffff\r\nabc\r\n0\r\n\r\n" + HIDDEN, 0, 413
    yield "chunk 0x3", chunked + b"0x3\r\nabc\r\n0\r\n\r\n" + HIDDEN, 0, 400
    yield "64 MB line", b"GET /", 64 * MEGABYTE, 414
    yield "64 MB header", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ", 64 * MEGABYTE, 431
    yield "64 MB body", POST + b"Content-Length: %d\r\n\r\n" % (64 * MEGABYTE), 64 * MEGABYTE, 413
    yield "64 MB in chunks", chunked + b"4000000\r\n", 64 * MEGABYTE, 413
    yield "10 k headers", POST + b"a: b\r\n" * 10_000 + b"\r\n", 0, 431
    yield "odd expectation", POST + b"Content-Length: 3\r\nExpect: 200-ok\r\n\r\nabc", 0, 417
    yield "HTTP/0.9", b"GET /healthz\r\n\r\n" + HIDDEN, 0, 400
    yield "HTTP/2", b"GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n" + HIDDEN, 0, 505
    yield "no length", POST + b"\r\n" + HIDDEN, 0, 411
    yield "TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 512, 0, 400
    bomb = gzip.compress(b" " * (256 * MEGABYTE), 9)
    yield "gzip bomb", POST + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb, 0, 413


def exchange(port, begin, filler):
    """What comes back until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as peer:
        try:
            peer.sendall(begin)
            block = b"x" * 65536
            for _ in range(filler // len(block)):
                peer.sendall(block)
        except OSError:
            pass  # it has heard enough
        out = b""
        try:
            while found := peer.recv(65536):
                out += found
        except ConnectionResetError:
            pass
        return out


class Slow:
    """So many connections from so many addresses that never finish their head."""

    def __init__(self, port, count):
        self.sockets, self.statuses = [], {}
        for number in range(count):
            peer = socket.socket()
            peer.bind((f"127.0.{1 + number // 200}.1", 0))
            peer.settimeout(20)
            try:
                peer.connect(("127.0.0.1", port))
                peer.sendall(b"POST /v1/track HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            except OSError:
                pass
            self.sockets.append(peer)

    def ends(self):
        """{status: how many}; 0: closed without an answer."""
        for peer in self.sockets:
            try:
                answer = peer.recv(4096)
            except OSError:
                answer = b""
            status = int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0
            self.statuses[status] = self.statuses.get(status, 0) + 1
            peer.close()
        return self.statuses


@fault("T49", "P")
def http_abuse(case):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # both ends of the slow ones
    job = CollectorJob(case)
    worker = case.worker(job.project).start()
    case.waitFor(job.isUp, 20, "the collector answers")
    times, accepted, stop = [], [], threading.Event()

    def honest():
        sender = Connection(job.port, source=("127.0.200.1", 0))
        while not stop.wait(0.01):
            began = time.monotonic()
            name = f"honest-{len(accepted)}"
            if sender.post({"userId": "h", "event": "page_view", "messageId": name})[0] == 200:
                accepted.append(name)
                times.append(time.monotonic() - began)

    thread = threading.Thread(target=honest)
    thread.start()
    try:
        count = 0
        for name, begin, filler, status in vectors():
            answer = exchange(job.port, begin, filler)
            answers = answer.count(b"HTTP/1.1 ")
            case.require(answers <= 1, f"{name}: {answers} answers")
            # What is cut off in the middle of its filler may lose the answer to a reset.
            case.require(answer[9:12] == b"%d" % status or filler and not answer, f"{name}: {answer[:60]}, not {status}")
            case.require(not answer or b"Connection: close" in answer, f"{name}: the connection stays")
            count += 1
        before = len(times)
        began = time.monotonic()
        slow = Slow(job.port, SLOW)
        statuses = slow.ends()
        case.require(time.monotonic() - began < 30, "slow connections are not ended")
        case.require(statuses.get(408, 0) >= 1000, f"slow connections ended with {statuses}")
        during = times[before:]
    finally:
        stop.set()
        thread.join()
    case.require(len(during) > 100, f"only {len(during)} honest events among the slow connections")
    p99 = percentile(during, 0.99) * 1000
    case.figure(vectors=count, slow=SLOW, ended=statuses.get(408, 0), turned_away=SLOW - statuses.get(408, 0),
                honest=len(accepted), p99_ms=p99)
    case.require(p99 <= 100, f"honest senders waited {p99:.0f} ms")
    case.require(worker.peakMb <= 256, f"{worker.peakMb} MB")
    case.waitFor(lambda: len(job.stored()) >= len(accepted), 20, "what was accepted is stored")
    case.require(worker.stop() == 0, "it does not drain")
    case.require(job.stored() == accepted, "something else than the accepted events is stored")


main()
