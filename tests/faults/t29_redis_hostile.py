# SPDX-License-Identifier: GPL-3.0-or-later
"""T29: a server that is no Redis answers what it likes: an error within a second, no memory for its promises, and it is
called again ever more rarely."""
import contextlib
import socketserver
import threading
import time

from support import oracles
from support.case import fault, main
from support.fold import FoldJob
import services

HONEST = None
EVIL = {
    "a list of 2,147,483,647": b"*2147483647\r\n",
    "lists in lists, eight deep": b"*1\r\n" * 8 + b":1\r\n",
    "a push of RESP3": b">2\r\n+invalidate\r\n*0\r\n",
    "a text of a terabyte": b"$1099511627776\r\n" + b"x" * 65536,
    "a negative length": b"$-7\r\n",
    "a line without end": b"+" + b"y" * (12 << 20),
    "no protocol at all": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "one byte now and then": b"drip",
}


class Pretender:
    """Answers like a Redis that knows nobody, until `answer` is set: then that, to every MGET."""

    def __init__(self):
        pretender = self
        self.answer, self.calls, self.hits = HONEST, 0, 0

        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                pretender.calls += 1
                with contextlib.suppress(OSError, ValueError):
                    while pretender.serve(self.rfile, self.wfile):
                        pass

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True

        self.server = Server(("127.0.0.1", services.freePort()), Session)
        self.url = f"redis://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, read, write):
        head = read.readline()
        if not head.startswith(b"*"):
            return False
        words = []
        for _ in range(int(head[1:])):
            size = int(read.readline()[1:])
            words.append(read.read(size + 2)[:-2])
        if words[0] == b"SCRIPT":
            write.write(b"$40\r\n" + b"a" * 40 + b"\r\n")
        elif words[0] in (b"EVAL", b"EVALSHA"):  # the fence of a partition, a write
            write.write(b":1\r\n")
        elif self.answer is HONEST:
            write.write(b"*%d\r\n" % (len(words) - 1) + b"$-1\r\n" * (len(words) - 1))
        else:
            self.hits += 1
            if self.answer == b"drip":
                for byte in b"*1000\r\n" * 100:
                    write.write(bytes([byte]))
                    time.sleep(0.05)
            write.write(self.answer)
        return True


@fault("T29", "P")
def a_server_that_is_no_redis(case):
    pretender = Pretender()
    job = FoldJob(case, 1_000, keys=50, timeout="500 ms", redis=pretender.url)
    worker = case.worker(job.project, env={"FRESHET_REDIS": pretender.url}).start()
    job.waitDone(60)
    before = worker.residentMb()
    slowest = 0.0
    for number, (name, answer) in enumerate(EVIL.items()):
        pretender.hits = 0
        pretender.answer = answer
        job.fill(200, case.seed + 10 + number)
        case.waitFor(lambda: pretender.hits > 0, 20, f"{name}: it was asked")
        began = time.monotonic()
        case.waitFor(lambda: "E-320" in (worker.health() or ""), 10, f"{name}: an error")
        slowest = max(slowest, time.monotonic() - began)
        case.require(job.lag() > 0, f"{name}: it was taken for an answer")
        pretender.answer = HONEST
        job.waitDone(60)
    case.require(slowest < 1.5, f"an error took {slowest:.1f} s; the patience is 0.5 s")
    case.require(worker.peakMb - before <= 64, f"{worker.peakMb - before} MB more than before")

    pretender.answer = EVIL["a negative length"]
    job.fill(200, case.seed + 90)
    case.waitFor(lambda: "E-320" in (worker.health() or ""), 10, "an error")
    calls = pretender.calls
    time.sleep(4)  # the promise is about a span of time
    calls = pretender.calls - calls
    case.require(calls <= 60, f"{calls} connections in 4 s: no pause between them")
    pretender.answer = HONEST
    job.waitDone(60)
    case.require(worker.stop() == 0, "it does not drain")
    oracles.quietLog(case, worker, "E-3201", "E-3202", "E-3205")
    case.figure(answers=len(EVIL), slowest_error_s=slowest, grown_mb=worker.peakMb - before, calls_in_4_s=calls)


main()
