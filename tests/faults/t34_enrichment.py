# SPDX-License-Identifier: GPL-3.0-or-later
"""T34: what enriches is down, slow, cut off in the middle of an answer, or answers with megabytes or nonsense: events
wait, none gets what belongs to another person. The place database is replaced, cut short, missing, damaged."""
import json
import subprocess
import sys

from support import ROOT, events
from support.case import fault, main

CITY = "Duinhaven"


def place(path):
    subprocess.run([sys.executable, str(ROOT / "tests" / "support" / "make_mmdb.py"), str(path)], check=True)


class Flow:
    """Lines into in.ndjson, and what became of them."""

    def __init__(self, case):
        self.case = case
        self.project = case.project("enrich")
        place(self.project / "places.mmdb")
        self.maker = events.make(10_000_000, 40, case.seed)
        self.sent = {}
        self.file = open(self.project / "in.ndjson", "a")

    def send(self, count):
        for _ in range(count):
            event = next(self.maker) | {"ip": f"192.0.2.{len(self.sent) % 250}"}
            self.sent[event["id"]] = event["key"]
            self.file.write(json.dumps(event) + "\n")
        self.file.flush()

    def lines(self):
        path = self.project / "out.ndjson"
        return path.read_text().splitlines() if path.exists() else []

    def arrive(self, words, seconds=30):
        self.case.waitFor(lambda: len(self.lines()) >= len(self.sent), seconds,
                          f"{words}: all events arrive ({len(self.lines())} of {len(self.sent)})")
        for line in self.lines():
            name, key, *rest = line.split(" ")
            self.case.require(self.sent.get(name) == key, f"{words}: {line} is not what was sent")
            self.case.require(rest == [f"name-of-{key}", CITY], f"{words}: {line} is not who and where it is")
        self.case.require(len(self.lines()) == len(self.sent), f"{words}: there are lines too many")


@fault("T34", "P")
def enrichment_is_in_trouble(case):
    redis = case.farm.redis()
    for number in range(40):
        redis.command("SET", f"p:k{number}", json.dumps({"name": f"name-of-k{number}"}))
    proxy = case.farm.proxy
    flow = Flow(case)
    worker = case.worker(flow.project).start()
    flow.send(2_000)
    flow.arrive("calm")

    for words, code, hurt in (
            ("down", "E-3201", lambda: proxy.cut("redis")),
            ("slow", "E-320", lambda: proxy.latency("redis", 2_500)),
            ("silent", "E-3202", lambda: proxy.stall("redis")),
            ("cut in an answer", "", lambda: proxy.resetAfter("redis", 50)),
            ("a byte at a time", "", lambda: proxy.slice("redis", 1, 20))):
        hurt()
        before = len(flow.lines())
        flow.send(200)
        if code:
            case.waitFor(lambda: code in (worker.health() or ""), 15, f"{words}: the worker says {code}")
            case.require(len(flow.lines()) == before, f"{words}: events went on without their person")
            proxy.heal("redis")
        flow.arrive(words)
        proxy.heal("redis")
        case.require(worker.isAlive(), f"{words}: the worker ended")
    case.say("Redis was away in five ways")

    big = {"name": "name-of-k3", "blob": "x" * 5_000_000}
    (case.folder / "big").write_text(json.dumps(big))
    with open(case.folder / "big") as value:
        subprocess.run(["redis-cli", "-u", redis.direct, "-x", "SET", "p:k3"], stdin=value, check=True,
                       stdout=subprocess.DEVNULL)
    flow.send(500)
    flow.arrive("a profile of 5 MB")
    redis.command("SET", "p:k3", '{"name":"name-of-k3"}')
    case.figure(rss_with_5_mb=worker.peakMb)

    places = flow.project / "places.mmdb"
    place(flow.project / "newer")
    (flow.project / "newer").replace(places)
    flow.send(300)
    flow.arrive("a newer place database by rename")
    with open(places, "r+b") as file:
        file.truncate(10)
    flow.send(300)
    flow.arrive("the place database cut short in place")
    case.require(worker.stop() == 0, "it does not drain")
    for words, wanted, name in (("cut short", 4, "E-3501"), ("missing", 1, "E-1208")):
        if words == "missing":
            places.unlink()
        code = worker.start().wait(30)
        said = worker.said().rpartition("--- start")[2]
        case.require(code in (3, wanted), f"a place database that is {words}: it ended with {code}")
        case.require(name in said and "places.mmdb" in said, f"{words}: nothing names the database")
    place(places)
    worker.start()
    flow.send(100)
    flow.arrive("the place database is back")
    case.figure(events=len(flow.sent), lost=0, dup=0)
    case.require(worker.stop() == 0, "it does not drain")


main()
