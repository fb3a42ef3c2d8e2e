# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP receiver for tests of the webhook: answers as a script says and records what came.

    def script(request):                       # called for each request, in order of arrival
        return Answer(503, headers={"Retry-After": "1"}) if request.attempt == 1 else Answer(200)
    with Receiver(script) as receiver: ...      # receiver.port, receiver.requests

An answer may also be Silent, Reset, Drip, Huge or BadChunk. A request knows its Idempotency-Key, the hash of
its body, and which attempt of that key it is.
"""
import asyncio
import dataclasses
import hashlib
import socket
import struct
import threading
import time


@dataclasses.dataclass
class Answer:
    status: int = 200
    body: bytes = b"ok"
    headers: dict = dataclasses.field(default_factory=dict)
    delay: float = 0


@dataclasses.dataclass
class Silent:
    """No answer until the client gives up."""


@dataclasses.dataclass
class Reset:
    """The connection is reset once the whole request is read."""


@dataclasses.dataclass
class Drip:
    """200, and then one byte a second without an end."""


@dataclasses.dataclass
class Huge:
    """200 and as much as the client takes, up to `size`."""
    size: int = 10 << 30


@dataclasses.dataclass
class BadChunk:
    """200, and a chunk whose length is no number."""


@dataclasses.dataclass
class Request:
    method: str
    path: str
    headers: dict
    body: bytes
    attempt: int
    at: float
    ended: float = 0
    answered: float = 0  # when a whole answer was on its way; 0: never
    sent: int = 0  # bytes of the answer that the client took

    @property
    def key(self):
        return self.headers.get("idempotency-key", "")

    @property
    def digest(self):
        return hashlib.sha256(self.body).hexdigest()


class Receiver:
    def __init__(self, script=None, host="127.0.0.1", port=0, tls=None):
        self.script = script or (lambda request: Answer())
        self.requests = []
        self.connections = 0
        self.open = 0          # requests under way
        self.mostOpen = 0
        self._attempts = {}
        self._host, self._port, self._tls = host, port, tls
        self._loop = asyncio.new_event_loop()
        self._tasks = set()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait()
        if self._failure:
            raise self._failure

    _failure = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _run(self, started):
        asyncio.set_event_loop(self._loop)
        try:
            server = self._loop.run_until_complete(asyncio.start_server(
                self._serve, self._host, self._port, ssl=self._tls, backlog=512, limit=1 << 22))
        except OSError as error:
            self._failure = error
            started.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader, writer):
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _one(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {}
        for line in head[1:]:
            if ":" in line:
                name, value = line.split(":", 1)
                headers[name.strip().lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        key = headers.get("idempotency-key", "")
        self._attempts[key] = self._attempts.get(key, 0) + 1
        request = Request(method, path, headers, body, self._attempts[key], time.monotonic())
        self.requests.append(request)
        self.open += 1
        self.mostOpen = max(self.mostOpen, self.open)
        try:
            answer = self.script(request)
            return await self._answer(request, answer, writer)
        finally:
            self.open -= 1
            request.ended = time.monotonic()

    async def _answer(self, request, answer, writer):
        if isinstance(answer, Answer):
            if answer.delay:
                await asyncio.sleep(answer.delay)
            head = [f"HTTP/1.1 {answer.status} X", f"Content-Length: {len(answer.body)}"]
            if answer.status == 204:
                head.pop()
                answer = dataclasses.replace(answer, body=b"")
            head += [f"{name}: {value}" for name, value in answer.headers.items()]
            writer.write(("\r\n".join(head) + "\r\n\r\n").encode() + answer.body)
            await writer.drain()
            request.answered = time.monotonic()
            return True
        if isinstance(answer, Silent):
            await asyncio.sleep(3600)
        if isinstance(answer, Reset):
            peer = writer.get_extra_info("socket")
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        if isinstance(answer, BadChunk):
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n")
            await writer.drain()
            return False
        if isinstance(answer, Drip):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while True:
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(1)
        if isinstance(answer, Huge):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % answer.size)
            block = b"x" * 16384
            while request.sent < answer.size:
                writer.write(block)
                await writer.drain()
                request.sent += len(block)
        return False
