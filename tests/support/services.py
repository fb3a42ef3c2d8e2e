#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Kafka broker (KRaft, one JVM), a Redis and a PostgreSQL server on free loopback ports.

  services.py fetch                       fetch the broker's jars into the user's cache
  services.py start  --data DIR           start what does not run yet; prints NAME=address lines
  services.py status --data DIR           say what runs; exit 1 unless both answer
  services.py stop   --data DIR [--remove]  stop what was started there
  services.py exec   --data DIR -- CMD    run CMD with the addresses in its environment
  services.py run    --data DIR -- CMD    start, run CMD, stop and remove

--only kafka, redis or postgres (several times if need be) narrows all but fetch. Addresses go to standard output, the rest to
standard error. A process is known by its id and its start time, so a reused id is never touched.
"""
import argparse
import contextlib
import fcntl
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import kafka_jars

START_SECONDS = 90
STOP_SECONDS = 30


def say(text):
    print(text, file=sys.stderr, flush=True)


def freePort(taken=()):
    """A free loopback port below the range from which the kernel serves outgoing connections."""
    while True:
        port = random.randint(15000, 31999)
        if port in taken:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def processStart(pid):
    """The start time of a living process in clock ticks since boot, or None. A killed one lives until
    the last of its threads has ended: until then it holds its port."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        isDead = fields[0] == "Z" and len(os.listdir(f"/proc/{pid}/task")) == 1
    except OSError:
        return None
    return None if isDead else int(fields[19])


class Server:
    """One server: its folder, and server.json in it while one runs."""

    name = ""
    variable = ""

    def __init__(self, data):
        self.folder = pathlib.Path(data).resolve() / self.name
        self.record = self.folder / "server.json"
        self.log = self.folder / "server.log"

    def address(self, port):
        return f"127.0.0.1:{port}"

    def state(self):
        try:
            return json.loads(self.record.read_text())
        except (OSError, ValueError):
            return None

    def runs(self):
        state = self.state()
        return bool(state) and processStart(state["pid"]) == state["started"]

    def answers(self):
        return self.runs() and self.ping(self.state()["port"])

    def start(self):
        """Starts the server unless it runs, and returns once it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for attempt in range(3):
            if not self.runs():
                self.spawn()
            deadline = time.monotonic() + START_SECONDS
            while self.runs() and time.monotonic() < deadline:
                if self.ping(self.state()["port"]):
                    return
                time.sleep(0.05)
            self.stop()
            if "Address already in use" not in self.lastWords():
                break
        raise RuntimeError(f"{self.name} does not answer:\n{self.lastWords()}")

    def spawn(self):
        previous = self.state() or {}
        port = self.pickPort(previous.get("port"))
        command = self.prepare(port)
        with open(self.log, "ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       cwd=self.folder, start_new_session=True)
        partial = self.record.with_suffix(".part")
        partial.write_text(json.dumps(
            {"pid": process.pid, "started": processStart(process.pid), "port": port}))
        partial.replace(self.record)
        self.process = process

    def pickPort(self, previous):
        """The port of the last run if it is free, so that addresses outlive a restart."""
        if previous:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                with contextlib.suppress(OSError):
                    probe.bind(("127.0.0.1", previous))
                    return previous
        return freePort()

    def signal(self, number):
        if self.runs():
            os.kill(self.state()["pid"], number)

    def stop(self):
        """Asks the server to end, insists after a while, and forgets it. True if one ran."""
        ran = self.runs()
        for number, seconds in ((self.stopSignal(), STOP_SECONDS), (signal.SIGKILL, 10)):
            deadline = time.monotonic() + seconds
            self.signal(number)
            while self.runs() and time.monotonic() < deadline:
                self.reap()
                time.sleep(0.02)
        self.reap()
        return ran

    def stopSignal(self):
        return signal.SIGTERM

    def forget(self):
        """Whatever it keeps outside of its folder."""

    def reap(self):
        process = getattr(self, "process", None)
        if process:
            process.poll()

    def lastWords(self):
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])
        return f"no log at {self.log}"


class Kafka(Server):
    name = "kafka"
    variable = "FRESHET_KAFKA"
    cluster = "freshet-local-cluster0"

    def prepare(self, port):
        classPath = kafka_jars.fetch()
        config, logs = self.folder / "server.properties", self.folder / "logs"
        config.write_text(self.properties(port, freePort((port,)), logs))
        logging = self.folder / "log4j.properties"
        logging.write_text("log4j.rootLogger=WARN, out\n"
                           "log4j.appender.out=org.apache.log4j.ConsoleAppender\n"
                           "log4j.appender.out.layout=org.apache.log4j.PatternLayout\n"
                           "log4j.appender.out.layout.ConversionPattern=%d %p %m (%c)%n\n")
        java = ["java", "-Xmx512m", "-Xms512m", "-cp", classPath,
                f"-Dlog4j.configuration=file:{logging}", "-Djava.awt.headless=true"]
        if not (logs / "meta.properties").is_file():
            done = subprocess.run(
                java + ["-XX:TieredStopAtLevel=1", "kafka.tools.StorageTool", "format", "--config",
                        str(config), "--cluster-id", self.cluster],
                capture_output=True, text=True)
            if done.returncode != 0:
                raise RuntimeError(f"cannot format the broker's storage:\n{done.stdout}{done.stderr}")
        return java + ["kafka.Kafka", str(config)]

    def properties(self, port, controller, logs):
        return "\n".join([
            "process.roles=broker,controller", "node.id=1",
            f"listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
            f"advertised.listeners=PLAINTEXT://127.0.0.1:{port}",
            f"controller.quorum.voters=1@127.0.0.1:{controller}",
            "controller.listener.names=CONTROLLER",
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            f"log.dirs={logs}",
            "num.partitions=4", "default.replication.factor=1", "min.insync.replicas=1",
            "offsets.topic.num.partitions=1", "offsets.topic.replication.factor=1",
            "transaction.state.log.num.partitions=1",
            "transaction.state.log.replication.factor=1", "transaction.state.log.min.isr=1",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000",
            "group.initial.rebalance.delay.ms=0",
            "broker.session.timeout.ms=6000", "broker.heartbeat.interval.ms=1000",
            "message.max.bytes=8388608", "replica.fetch.max.bytes=8388608",
            "log.retention.ms=-1", "log.cleaner.dedupe.buffer.size=16777216", ""])

    def ping(self, port):
        """True once the broker lists itself in its metadata, which it does when it serves."""
        client = b"freshet"
        request = struct.pack(">hhih", 3, 1, 1, len(client)) + client + struct.pack(">i", 0)
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
                link.sendall(struct.pack(">i", len(request)) + request)
                answer = link.makefile("rb")
                (size,) = struct.unpack(">i", answer.read(4))
                _, brokers = struct.unpack(">ii", answer.read(size)[:8])
                return brokers > 0
        except (OSError, struct.error):
            return False


class Redis(Server):
    name = "redis"
    variable = "FRESHET_REDIS"

    def address(self, port):
        return f"redis://127.0.0.1:{port}"

    def prepare(self, port):
        return ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir",
                str(self.folder), "--appendonly", "yes", "--save", "", "--daemonize", "no"]

    def ping(self, port):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
                link.sendall(b"PING\r\n")
                return link.recv(16) == b"+PONG\r\n"
        except OSError:
            return False


class Postgres(Server):
    name = "postgres"
    variable = "FRESHET_POSTGRES"
    programs = "/usr/lib/postgresql/15/bin"

    def address(self, port):
        return f"postgresql://freshet@127.0.0.1:{port}/postgres"

    def asUser(self, command):
        """The server refuses to run as root: there the package's own user runs it."""
        if os.geteuid() != 0:
            return command
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] + command

    def prepare(self, port):
        # Folders above ours may be closed to the package's user; the address is on loopback alone.
        cluster = self.cluster()
        if not (cluster / "PG_VERSION").is_file():
            shutil.rmtree(cluster, ignore_errors=True)
            cluster.mkdir(parents=True)
            if os.geteuid() == 0:
                shutil.chown(cluster, "postgres", "postgres")
            done = subprocess.run(
                self.asUser([f"{self.programs}/initdb", "-D", str(cluster), "-U", "freshet",
                             "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]),
                capture_output=True, text=True, cwd="/")
            if done.returncode != 0:
                raise RuntimeError(f"cannot make the database:\n{done.stdout}{done.stderr}")
        return self.asUser([f"{self.programs}/postgres", "-D", str(cluster), "-p", str(port),
                            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                            "-c", "max_connections=200", "-c", "max_prepared_transactions=4"])

    def cluster(self):
        """Where the database's files are, for ever: the folder may be closed to its user."""
        note = self.folder / "cluster"
        with contextlib.suppress(OSError):
            return pathlib.Path(note.read_text())
        place = self.folder / "data"
        if os.geteuid() == 0:
            place = pathlib.Path(tempfile.mkdtemp(prefix="freshet-postgres-")) / "data"
            place.parent.chmod(0o755)
        note.write_text(str(place))
        return place

    def forget(self):
        if os.geteuid() == 0 and (self.folder / "cluster").is_file():
            shutil.rmtree(self.cluster().parent, ignore_errors=True)

    def stopSignal(self):
        return signal.SIGINT  # SIGTERM would wait for clients to leave

    def ping(self, port):
        done = subprocess.run([f"{self.programs}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)])
        return done.returncode == 0


@contextlib.contextmanager
def locked(data):
    """One start or stop at a time in a data folder."""
    pathlib.Path(data).mkdir(parents=True, exist_ok=True)
    with open(pathlib.Path(data) / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start(servers, data):
    with locked(data):
        for server in servers:
            began = time.monotonic()
            if not server.answers():
                server.start()
                say(f"{server.name} answers after {time.monotonic() - began:.1f} s, "
                    f"process {server.state()['pid']}, log {server.log}")


def stop(servers, data, remove):
    if not pathlib.Path(data).is_dir():
        return
    with locked(data):
        for server in servers:
            if server.stop():
                say(f"{server.name} stopped")
            if remove:
                server.forget()
                shutil.rmtree(server.folder, ignore_errors=True)


def addresses(servers):
    return {server.variable: server.address(server.state()["port"])
            for server in servers if server.runs()}


def status(servers):
    for server in servers:
        if server.answers():
            state = server.state()
            print(f"{server.name}: answers at {server.address(state['port'])}, process {state['pid']}")
        else:
            print(f"{server.name}: {'runs but does not answer' if server.runs() else 'stopped'}")
    return 0 if all(server.answers() for server in servers) else 1


def environment(servers):
    """What a command finds in its environment; an error unless all of the servers run."""
    stopped = [server.name for server in servers if not server.runs()]
    if stopped:
        raise RuntimeError(f"{' and '.join(stopped)} not running in {servers[0].folder.parent}")
    return os.environ | addresses(servers)


KINDS = (Kafka, Redis, Postgres)


def parse():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["fetch", "start", "stop", "status", "exec", "run"])
    parser.add_argument("--data", default="build/services")
    parser.add_argument("--only", choices=[kind.name for kind in KINDS], action="append")
    parser.add_argument("--remove", action="store_true")
    head, command = sys.argv[1:], []
    if "--" in head:
        split = head.index("--")
        head, command = head[:split], head[split + 1:]
    arguments = parser.parse_args(head)
    if arguments.action in ("exec", "run") and not command:
        parser.error(f"{arguments.action} needs -- and a command")
    return arguments, command


def main():
    arguments, command = parse()
    servers = [kind(arguments.data) for kind in KINDS
               if not arguments.only or kind.name in arguments.only]
    try:
        if arguments.action == "fetch":
            kafka_jars.fetch()
        elif arguments.action == "start":
            start(servers, arguments.data)
            for name, address in addresses(servers).items():
                print(f"{name}={address}")
        elif arguments.action == "stop":
            stop(servers, arguments.data, arguments.remove)
        elif arguments.action == "status":
            return status(servers)
        elif arguments.action == "exec":
            os.execvpe(command[0], command, environment(servers))
        else:
            try:
                start(servers, arguments.data)
                return subprocess.run(command, env=environment(servers)).returncode
            finally:
                stop(servers, arguments.data, True)
    except (RuntimeError, OSError) as error:
        say(f"services: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
