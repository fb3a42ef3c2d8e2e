# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of the test's own: loopback only, any address on it, private or public, and names from a resolver of ours.

    own_network.enter()                    # runs this program again inside; returns there
    own_network.address("169.254.169.254") # now an address of this network
    with own_network.Names(lambda name: ["10.0.0.1"]): ...
"""
import atexit
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading

_MARK = "FRESHET_OWN_NETWORK"


def enter():
    """New network and mount namespaces (as root, or as root of a user namespace)."""
    if os.environ.get(_MARK):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    unshare = ["unshare", "--net", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    # In a changed root "/" is no mount of its own, whose propagation could be changed.
    if not any(line.split()[4] == "/" for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines()):
        unshare += ["--propagation", "unchanged"]
    os.environ[_MARK] = "1"
    os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])


def address(text):
    bits = 128 if ":" in text else 32
    subprocess.run(["ip", "address", "replace", f"{text}/{bits}", "dev", "lo", *(["nodad"] if bits == 128 else [])],
                   check=True)


class Names:
    """Answers every question for A and AAAA with what `resolve(name)` gives, time to live 0."""

    def __init__(self, resolve):
        self.resolve = resolve
        self.asked = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="freshet-names."))
        for name, text in (("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"),
                           ("nsswitch.conf", "hosts: dns\n")):
            (folder / name).write_text(text)
            place = os.path.realpath(f"/etc/{name}")
            subprocess.run(["mount", "--bind", str(folder / name), place], check=True)
            atexit.register(subprocess.run, ["umount", place], check=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def _serve(self):
        while True:
            try:
                question, sender = self._socket.recvfrom(512)
            except OSError:
                return
            self._socket.sendto(self._answer(question), sender)

    def _answer(self, question):
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode())
            at += 1 + question[at]
        kind = struct.unpack(">H", question[at + 1:at + 3])[0]
        name = ".".join(labels)
        self.asked.append((name, kind))
        family, number = (socket.AF_INET, 1) if kind == 1 else (socket.AF_INET6, 28)
        found = [socket.inet_pton(family, each) for each in self.resolve(name)
                 if kind in (1, 28) and (":" in each) == (kind == 28)]
        head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, len(found), 0, 0)
        answers = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", number, 1, 0, len(each)) + each for each in found)
        return head + question[12:at + 5] + answers
