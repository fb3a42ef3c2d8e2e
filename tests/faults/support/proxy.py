# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy's other end: commands as methods."""
import socket
import subprocess

# Kafka's numbers of what a rule can be laid on.
PRODUCE, FETCH, OFFSET_COMMIT, JOIN_GROUP, HEARTBEAT = 0, 1, 8, 11, 12
INIT_PRODUCER_ID, ADD_PARTITIONS_TO_TXN, ADD_OFFSETS_TO_TXN, END_TXN, TXN_OFFSET_COMMIT, CREATE_TOPICS = \
    22, 24, 25, 26, 28, 19


class ChaosProxy:
    def __init__(self, program):
        self.process = subprocess.Popen([str(program)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        text=True, start_new_session=True)
        word, port = self.process.stdout.readline().split()
        assert word == "control"
        self.socket = socket.create_connection(("127.0.0.1", int(port)))
        self.answers = self.socket.makefile("r")

    def ask(self, *words):
        self.socket.sendall((" ".join(map(str, words)) + "\n").encode())
        verdict, _, rest = self.answers.readline().strip().partition(" ")
        if verdict != "ok":
            raise RuntimeError(f"chaosproxy: {' '.join(map(str, words))}: {rest}")
        return rest

    def link(self, name, target, port=0, kafka=False):
        """A way to a port on loopback; returns the port in front."""
        return int(self.ask("link", name, target, port, "kafka" if kafka else ""))

    def latency(self, name, milliseconds):
        self.ask("latency", name, milliseconds)

    def slice(self, name, bytes_, gapUs=0):
        """Nothing larger than so many bytes at once, with a pause behind each."""
        self.ask("slice", name, bytes_, gapUs)

    def stall(self, name):
        """Connections stay; nothing moves until heal."""
        self.ask("stall", name)

    def reset(self, name):
        self.ask("reset", name)

    def resetAfter(self, name, bytes_):
        """After so many more bytes of answer, once."""
        self.ask("reset-after", name, bytes_)

    def cut(self, name):
        """Every connection is reset and new ones are refused until heal."""
        self.ask("cut", name)

    def heal(self, name):
        """No more toxics and rules; what was held goes through."""
        self.ask("heal", name)

    def frame(self, name, api, action, skip=0, times=1):
        """hold, drop, twice, cut, cut-after or sever frames of one Kafka API; times -1: all."""
        self.ask("frame", name, api, action, skip, times)

    def release(self, name):
        self.ask("release", name)

    def status(self, name):
        """connections, open, holding, severed, injected, and apiN frames seen of each kind."""
        words = (word.split("=") for word in self.ask("status", name).split())
        return {key: int(value) for key, value in words}

    def stale(self, name):
        """(api, answer's bytes from its correlation id on) to released frames of dead clients."""
        answers = (word.split(":") for word in self.ask("stale", name).split())
        return [(int(api), bytes.fromhex(body)) for api, body in answers]

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.socket.close()
