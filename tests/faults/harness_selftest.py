# SPDX-License-Identifier: GPL-3.0-or-later
"""The harness itself: servers answer, the proxy does what it is told, the oracles bite."""
import json
import socket
import threading

from support import events, oracles
from support.case import Failure, fault, main
from support.kafka_wire import KafkaWire, Record
from support.proxy import CREATE_TOPICS


def echo(listener):
    while True:
        try:
            link, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=lambda: relay(link), daemon=True).start()


def relay(link):
    try:
        while data := link.recv(4096):
            link.sendall(data)
    except OSError:
        pass


def toxics(case):
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=echo, args=(listener,), daemon=True).start()
    proxy = case.farm.proxy
    front = proxy.link("echo", listener.getsockname()[1])

    def ask(text, link):
        link.sendall(text)
        got = b""
        while len(got) < len(text):
            part = link.recv(4096)
            if not part:
                return None
            got += part
        return got

    with socket.create_connection(("127.0.0.1", front), timeout=10) as link:
        case.require(ask(b"through", link) == b"through", "bytes do not come through the proxy")
        proxy.slice("echo", 1)
        case.require(ask(b"sliced", link) == b"sliced", "sliced bytes do not come through")
        proxy.stall("echo")
        link.settimeout(0.3)
        try:
            ask(b"stalled", link)
            case.require(False, "a stalled link lets bytes through")
        except TimeoutError:
            pass
        proxy.heal("echo")
        link.settimeout(10)
        case.require(link.recv(64)[:1] == b"s", "a healed link keeps what it held")
    with socket.create_connection(("127.0.0.1", front), timeout=10) as link:
        proxy.resetAfter("echo", 3)
        link.sendall(b"abcdef")
        got = b""
        try:
            while part := link.recv(64):
                got += part
            case.require(False, "a reset looks like an end")
        except ConnectionResetError:
            case.require(got in (b"", b"abc"), f"a reset after 3 bytes let {got} through")
        proxy.cut("echo")
        try:
            socket.create_connection(("127.0.0.1", front), timeout=10).close()
            case.require(False, "a cut link takes connections")
        except ConnectionRefusedError:
            pass
        proxy.heal("echo")
    listener.close()


def frames(case, kafka):
    wire, front = kafka.wire(), KafkaWire("127.0.0.1", kafka.fronts["kafka"])
    proxy = case.farm.proxy

    def breaks(action, name):
        proxy.frame("kafka", CREATE_TOPICS, action)
        try:
            front.createTopic(name, 1)
        except OSError:
            return name in wire.topics()
        case.require(False, f"a request is answered in spite of {action}")

    case.require(not breaks("cut", "cut"), "the broker sees what was cut before it")
    case.waitFor(lambda: breaks("cut-after", "cut-after") or True, 5, "the answer is cut off")
    case.require("cut-after" in wire.topics(), "the broker does not see what was cut behind it")
    proxy.frame("kafka", CREATE_TOPICS, "twice")
    front.createTopic("twice", 1)  # the second copy is refused by the broker; its answer is swallowed
    case.require(not breaks("sever", "severed"), "a severed request reaches the broker before its time")
    proxy.release("kafka")
    case.waitFor(lambda: "severed" in wire.topics(), 5, "a released request reaches the broker")
    case.waitFor(lambda: [api for api, _ in proxy.stale("kafka")] == [CREATE_TOPICS], 5,
                 "the answer to a released request is kept")
    status = proxy.status("kafka")
    case.require(status["injected"] == 4, f"four injections were asked for: {status}")


def bites(case):
    ledger = {event["id"]: event for event in events.make(100, 5, case.seed)}
    good = [Record(0, at, at, event["key"], "", json.dumps(event))
            for at, event in enumerate(ledger.values())]
    oracles.exactlyOnce(case, ledger, good)
    oracles.order(case, good)
    changed = json.loads(good[7].value) | {"payload": "?"}
    for name, records, judge in (
            ("loss", good[1:], oracles.exactlyOnce), ("doubling", good + good[:1], oracles.exactlyOnce),
            ("change", good[:7] + [good[7]._replace(value=json.dumps(changed))] + good[8:],
             oracles.exactlyOnce)):
        try:
            judge(case, ledger, records)
        except Failure:
            continue
        case.require(False, f"O1 does not see a {name}")
    try:
        oracles.order(case, good[::-1])
    except Failure:
        return
    case.require(False, "O2 does not see reversed records")


@fault("harness", "P")
def the_harness_itself(case):
    bites(case)
    toxics(case)
    redis = case.farm.redis()
    redis.command("SET", "a", "1")
    postgres = case.farm.postgres()
    postgres.sql("CREATE TABLE t(a int); INSERT INTO t VALUES (1)")
    for server in (redis, postgres):
        case.farm.kill(server)
        server.start()
    case.require(redis.command("GET", "a") == "1", "redis forgot a write that it had acknowledged")
    case.require(postgres.sql("SELECT a FROM t") == [["1"]], "postgres forgot a commit")
    frames(case, case.farm.kafka())


main()
