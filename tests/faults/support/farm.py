# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers of one test's own, on free loopback ports, killed by process id."""
import contextlib
import signal
import socket
import subprocess
import time

import services
from support.kafka_wire import KafkaWire
from support.proxy import ChaosProxy


class ProxiedKafka(services.Kafka):
    """Clients learn the proxy's address from the metadata, so they cannot go past it; the broker
    talks to itself, and an oracle to it, by a listener of their own. There are two ways in, the links
    `kafka` and `side`, so that a test can break writing (to `side`) and leave reading alone."""

    def __init__(self, data, proxy):
        super().__init__(data)
        self.proxy = proxy
        self.behind = {name: services.freePort() for name in ("kafka", "side")}
        self.fronts = {name: proxy.link(name, port, kafka=True) for name, port in self.behind.items()}
        self.settings = {}

    def properties(self, port, controller, logs):
        lines = super().properties(port, controller, logs).splitlines()
        own = {
            "listeners": f"PLAINTEXT://127.0.0.1:{port},KAFKA://127.0.0.1:{self.behind['kafka']},"
                         f"SIDE://127.0.0.1:{self.behind['side']},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners":
                f"PLAINTEXT://127.0.0.1:{port},KAFKA://127.0.0.1:{self.fronts['kafka']},"
                f"SIDE://127.0.0.1:{self.fronts['side']}",
            "listener.security.protocol.map":
                "PLAINTEXT:PLAINTEXT,KAFKA:PLAINTEXT,SIDE:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "auto.create.topics.enable": "false",
        } | self.settings
        kept = [line for line in lines if line.partition("=")[0] not in own]
        return "\n".join(kept + [f"{name}={value}" for name, value in own.items()] + [""])

    def environment(self):
        return {"FRESHET_KAFKA": f"127.0.0.1:{self.fronts['kafka']}",
                "FRESHET_KAFKA_SIDE": f"127.0.0.1:{self.fronts['side']}"}

    def wire(self):
        return KafkaWire("127.0.0.1", self.state()["port"])


class DurableRedis(services.Redis):
    def __init__(self, data, proxy):
        super().__init__(data)
        self.proxy = proxy
        self.front = None

    def prepare(self, port):
        if self.front is None:
            self.front = self.proxy.link("redis", port)
        return super().prepare(port) + ["--appendfsync", "always"]

    def environment(self):
        return {self.variable: f"redis://127.0.0.1:{self.front}"}

    @property
    def direct(self):
        """Past the proxy, for oracles."""
        return f"redis://127.0.0.1:{self.state()['port']}"

    def command(self, *words):
        """One command straight to the server; the answer as redis-cli prints it."""
        done = subprocess.run(["redis-cli", "-u", self.direct, *map(str, words)], capture_output=True,
                              text=True, check=True, timeout=60)
        return done.stdout.strip()


class Postgres(services.Postgres):
    # Its children would outlive it and hold its memory: this ends all of them at once, without a checkpoint.
    killSignal = signal.SIGQUIT

    def __init__(self, data, proxy):
        super().__init__(data)
        self.proxy = proxy
        self.front = None

    def prepare(self, port):
        if self.front is None:
            self.front = self.proxy.link("postgres", port)
        return super().prepare(port) + ["-c", "fsync=on", "-c", "synchronous_commit=on"]

    def environment(self):
        return {self.variable: f"postgresql://freshet@127.0.0.1:{self.front}/postgres"}

    @property
    def direct(self):
        return f"postgresql://freshet@127.0.0.1:{self.state()['port']}/postgres"

    def sql(self, text):
        done = subprocess.run([f"{self.programs}/psql", self.direct, "-qAtX", "-F", "\t", "-v",
                               "ON_ERROR_STOP=1", "-c", text], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines()]


class Farm:
    def __init__(self, folder, build):
        self.folder = folder
        self.build = build
        self.servers = []
        self._proxy = None

    @property
    def proxy(self):
        if not self._proxy:
            self._proxy = ChaosProxy(self.build / "testing" / "bin" / "chaosproxy")
        return self._proxy

    def _start(self, server):
        self.servers.append(server)
        server.start()
        return server

    def kafka(self, **settings):
        """One broker; settings with underscores for dots override those of services.py."""
        server = ProxiedKafka(self.folder, self.proxy)
        server.settings = {name.replace("_", "."): value for name, value in settings.items()}
        return self._start(server)

    def redis(self):
        return self._start(DurableRedis(self.folder, self.proxy))

    def postgres(self):
        return self._start(Postgres(self.folder, self.proxy))

    def environment(self):
        """What workers find in theirs: every address is the proxy's."""
        return {name: value for server in self.servers for name, value in server.environment().items()}

    @staticmethod
    def kill(server):
        """As by SIGKILL, and gone when this returns."""
        server.signal(getattr(server, "killSignal", signal.SIGKILL))
        while server.runs():
            server.reap()
            time.sleep(0.005)

    def close(self):
        for server in self.servers:
            with contextlib.suppress(OSError):
                self.kill(server)
                server.forget()
        if self._proxy:
            self._proxy.close()


def freePort():
    return services.freePort()


def isListening(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
