# SPDX-License-Identifier: GPL-3.0-or-later
"""T68: no spelling, no name, no redirect, no proxy and no trick in an address leads a webhook to this computer or a
private network: listeners on all of them see no connection, the events are dead letters with `blocked_address`."""
import json
import socket
import threading

from support.case import fault, main
from support.webhook import WebhookJob
import own_network
from http_receiver import Answer, Receiver

PUBLIC_AND_OURS = "45.33.32.156"
LOCAL = ["169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd00:ec2::254", "fe80::1",
         "64:ff9b::7f00:1", PUBLIC_AND_OURS]
HOSTS = ["127.0.0.1", "127.1", "0.0.0.0", "0", "2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.53", "[::1]", "[::]",
         "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[fd00:ec2::254]", "[fe80::1%25lo]",
         "[::ffff:169.254.169.254]", "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
         PUBLIC_AND_OURS, "localhost.", "inside.example", "metadata.example", "both.example", "flip.example"]
ELSEWHERE = "93.184.216.34"  # public, and not to be reached from here


class Listener:
    """One socket for all addresses of this network; counts who comes."""

    def __init__(self):
        self.socket = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
        self.port = self.socket.getsockname()[1]
        self.came = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            peer, address = self.socket.accept()
            self.came.append(address)
            peer.close()


@fault("T68", "P")
def addresses_that_may_not_be_reached(case):
    for each in LOCAL:
        own_network.address(each)
    asked = []

    def resolve(name):
        asked.append(name)
        if name.startswith("flip."):  # public when it is looked at first, ours once it is connected to
            return [ELSEWHERE] if asked.count(name) <= 2 else ["127.0.0.1"]
        return {"inside": ["10.0.0.1"], "metadata": ["169.254.169.254"],
                "both": [ELSEWHERE, "fd00:ec2::254"], "localhost": ["127.0.0.1"]}.get(name.split(".")[0], [])

    inside = Listener()
    with own_network.Names(resolve):
        spellings(case, inside)
        redirects(case, inside)
        choices(case, inside)
    case.figure(connections=len(inside.came))


def spellings(case, inside):
    sinks = {f"hook{i}": {"url": f"http://{host}:{inside.port}/", "allow": []} for i, host in enumerate(HOSTS)}
    job = WebhookJob(case, sinks, [{"number": 0, "key": "k"}])
    # A proxy that the environment names would take each request to wherever it likes.
    proxies = {name: f"http://127.0.0.1:{inside.port}" for name in
               ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    worker = job.worker(env=proxies)
    worker.finish(seconds=60)
    dead = {node: (code, message) for node, code, message, _ in job.dead(worker)}
    for i, host in enumerate(HOSTS):
        code, message = dead.get(f"hook{i}", ("none", ""))
        case.require(code == "E-3420" and "blocked_address" in message, f"{host}: {code} {message}")
    case.require(not inside.came, f"connections from {inside.came}")

    # The same listener once it is named: the override works, and the count does count.
    allowed = WebhookJob(case, {"named": {"url": f"http://10.0.0.1:{inside.port}/",
                                          "allow": [f"10.0.0.1:{inside.port}"]}}, [{"number": 0, "key": "k"}], "named")
    worker = allowed.worker(name="named", env=proxies).start()
    case.waitFor(lambda: inside.came, 20, "the listener that is named is reached")
    case.require(all(address[0] == "::ffff:10.0.0.1" for address in inside.came), f"came: {inside.came}")
    worker.kill()
    inside.came.clear()
    case.figure(addresses=len(HOSTS))


def redirects(case, inside):
    places = [f"http://127.0.0.1:{inside.port}/", "http://169.254.169.254/latest/meta-data/", "gopher://127.0.0.1:6379/_",
              "file:///etc/passwd", f"//10.0.0.1:{inside.port}/", f"http://[::1]:{inside.port}/"]

    def script(request):
        if request.path.startswith("/ok"):
            return Answer(200)
        return Answer(302 if request.path[1] < "3" else 308, headers={"Location": places[int(request.path[1])]})

    with Receiver(script) as receiver:
        sinks = {f"hook{i}": {"url": f"http://127.0.0.1:{receiver.port}/{i}",
                              "allow": [f"127.0.0.1:{receiver.port}"]} for i in range(len(places))}
        job = WebhookJob(case, sinks, [{"number": 0, "key": "k"}], "redirects")
        worker = job.worker(name="redirects", env={"http_proxy": f"http://127.0.0.1:{inside.port}"})
        worker.finish(seconds=60)
        dead = {node: code for node, code, _, _ in job.dead(worker)}
        case.require(dead == {name: "E-3422" for name in sinks}, f"dead letters {dead}")
        case.require(len(receiver.requests) == len(places), "a redirect was followed to the receiver itself")
        case.require(not inside.came, f"a redirect or a proxy was followed: {inside.came}")
        case.figure(redirects=len(places))


def choices(case, inside):
    """Events that would choose where they go."""
    port = inside.port
    addresses = [f"http://api.example@127.0.0.1:{port}/", f"http://127.0.0.1:{port}#@api.example/",
                 f"http://127.0.0.1:{port}/?@api.example", f"http://api.example:80@127.0.0.1:{port}/",
                 f"http://127.0.0.1:{port}\\@api.example/", f"http://api.example#@127.0.0.1:{port}/",
                 f"http://api.example.evil.example:{port}/", f"http://[::ffff:127.0.0.1]:{port}/",
                 "gopher://api.example/", "file://api.example/etc/passwd", f"http:/127.0.0.1:{port}/",
                 f"http://api.example\t@127.0.0.1:{port}/", f"http://api.example:{port}/ok"]
    job = WebhookJob(case, {"hook": {"url": "{{ event.url }}", "hosts": ["api.example"]}},
                     [{"number": i, "key": f"k{i}", "url": url} for i, url in enumerate(addresses)], "choices")
    worker = job.worker(name="choices")
    worker.start()
    # The last, and the one whose trick is a fragment, name the right host: it has no address here.
    wrong = len(addresses) - 2
    case.waitFor(lambda: "api.example" in (worker.health() or ""), 20, "the right host is tried")
    worker.kill()
    case.require(not inside.came, f"connections from {inside.came}")
    only = WebhookJob(case, {"hook": {"url": "{{ event.url }}", "hosts": ["api.example"]}},
                      [{"number": i, "key": f"k{i}", "url": url} for i, url in enumerate(addresses)
                       if not (url.startswith("http://api.example#") or url.endswith("/ok"))], "wrong")
    worker = only.worker(name="wrong")
    worker.finish(seconds=30)
    dead = only.dead(worker)
    case.require(len(dead) == wrong and {code for _, code, _, _ in dead} == {"E-3411"},
                 f"{len(dead)} dead letters of {wrong}: {[(code, json.loads(text)['url']) for _, code, _, text in dead]}")
    case.require(not inside.came, f"connections from {inside.came}")
    case.figure(tricks=wrong)


own_network.enter()
main()
