#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles by rediss:// on a real Redis that speaks TLS: only to a server whose certificate is vouched for and made
out to the host of the address, and never in plain text instead."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

FRESHET = sys.argv[1]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import services  # noqa: E402


def openssl(*arguments, **more):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, **more)


def makeAuthority(folder, name):
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 2, "-subj", f"/CN={name}",
            "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")


def makeServer(folder, name, authority, names, days=2):
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", folder / f"{name}.key",
            "-out", folder / f"{name}.csr")
    (folder / "names").write_text(f"subjectAltName={names}\n")
    openssl("x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / f"{authority}.pem", "-CAkey",
            folder / f"{authority}.key", "-CAcreateserial", "-days", days, "-extfile", folder / "names",
            "-out", folder / f"{name}.pem")


class Redis:
    def __init__(self, folder, certificate, *more):
        self.port = services.freePort()
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--tls-port", str(self.port), "--tls-auth-clients", "no", "--save", "",
             "--tls-cert-file", str(folder / f"{certificate}.pem"), "--tls-key-file", str(folder / f"{certificate}.key"),
             "--tls-ca-cert-file", str(folder / "ours.pem"), "--dir", str(folder), *more], stdout=subprocess.DEVNULL)
        while True:
            assert self.process.poll() is None, "redis-server ended"
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def profiles(folder, url, authority, *words, text=""):
    """What `freshet profiles` says: exit code, standard output, standard error."""
    project = folder / "project"
    project.mkdir(exist_ok=True)
    (project / "p.pipeline.json").write_text(json.dumps(
        {"formatVersion": 1, "name": "p", "nodes": [], "edges": [], "connections": {
            "people": {"type": "redis", "url": url, "timeout": "1 s"} | ({"ca": str(authority)} if authority else {})}}))
    command, *rest = words
    done = subprocess.run([FRESHET, "profiles", command, project, *rest], capture_output=True, text=True, input=text,
                          timeout=60)
    return done.returncode, done.stdout, done.stderr


def eavesdrop(reply):
    """A server without TLS on a port of its own: (port, what the first client said)."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard = []

    def serve():
        while True:
            client, _ = listener.accept()
            client.settimeout(3)
            try:
                heard.append(client.recv(65536))
                client.sendall(reply)
                heard.append(client.recv(65536))
            except OSError:
                pass
            client.close()
    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1], heard


def main():
    with tempfile.TemporaryDirectory(prefix="freshet-tls.") as name:
        folder = pathlib.Path(name)
        makeAuthority(folder, "ours")
        makeAuthority(folder, "theirs")
        makeServer(folder, "good", "ours", "DNS:localhost,IP:127.0.0.1")
        makeServer(folder, "elsewhere", "ours", "DNS:redis.example.com")
        makeServer(folder, "foreign", "theirs", "DNS:localhost,IP:127.0.0.1")
        ours = folder / "ours.pem"

        with Redis(folder, "good") as redis:
            for host in ("localhost", "127.0.0.1"):
                url = f"rediss://{host}:{redis.port}"
                large = json.dumps({"host": host, "text": "x" * 300_000})
                code, _, said = profiles(folder, url, ours, "put", "ada", "-", text=large)
                assert code == 0, said
                code, out, said = profiles(folder, url, ours, "get", "ada")
                assert code == 0 and host in out and "x" * 300_000 in out, said
            code, _, said = profiles(folder, f"rediss://localhost:{redis.port}", None, "get", "ada")
            assert code != 0 and "E-3206" in said, f"the system's authorities vouch for it: {said}"
            code, _, said = profiles(folder, f"redis://localhost:{redis.port}", ours, "get", "ada")
            assert code != 0, "plain text was understood"

        for certificate, words in (("elsewhere", "mismatch"), ("foreign", "certificate")):
            with Redis(folder, certificate) as redis:
                code, out, said = profiles(folder, f"rediss://localhost:{redis.port}", ours, "get", "ada")
                assert code != 0 and "E-3206" in said and words in said, f"{certificate}: {said}"

        with Redis(folder, "good", "--tls-protocols", "TLSv1.1", "--tls-ciphers", "DEFAULT@SECLEVEL=0") as redis:
            code, _, said = profiles(folder, f"rediss://localhost:{redis.port}", ours, "get", "ada")
            assert code != 0 and "E-320" in said, f"TLS 1.1: {said}"

        for reply in (b"-ERR unknown command\r\n", b"+OK\r\n" * 9):
            port, heard = eavesdrop(reply)
            code, _, said = profiles(folder, f"rediss://:secret@127.0.0.1:{port}", ours, "get", "ada")
            assert code != 0 and "E-3206" in said, f"no TLS there: {said}"
            text = b"".join(heard)
            assert heard[0][:2] == b"\x16\x03" and b"secret" not in text and b"AUTH" not in text, "plain text was sent"
    print("rediss: two hosts, 300 kB there and back; wrong host, wrong authority, TLS 1.1 and no TLS refused")


main()
