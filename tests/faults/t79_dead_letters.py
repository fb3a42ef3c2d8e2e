# SPDX-License-Identifier: GPL-3.0-or-later
"""T79: dead letters go round again after the pipeline was mended, while everything is killed again and again:
half of them by `freshet dlq retry`, half by the run that holds the state; then all is retried a second time. Each
lands exactly once: a point in its person's score in Redis, a line in a file, a message (by its `src` header) in a
topic. What is still bad stays, with the new reason and its attempts."""
import collections
import json
import os
import signal
import subprocess
import time

from support.case import BUILD, fault, main
from support.fold import profileIn

TIME, BAD, PEOPLE, PARTITIONS = "2026-01-05T08:00:00Z", 97, 500, 4
PIPELINE = {
    "formatVersion": 1, "name": "orders",
    "connections": {"kafka": {"type": "kafka", "brokers": "${env:FRESHET_KAFKA}"},
                    "people": {"type": "redis", "url": "${env:FRESHET_REDIS}", "prefix": "p:"}},
    "nodes": [
        {"id": "orders", "type": "kafka.source",
         "settings": {"connection": "kafka", "topic": "in", "group": "orders", "eventTime": "{{ event.time }}"}},
        {"id": "check", "type": "json-schema.validate", "settings": {"schema": "schemas/order.json"}},
        {"id": "who", "type": "profile.read", "settings": {"connection": "people", "key": "{{ event.userId }}"}},
        {"id": "points", "type": "score.decay",
         "settings": {"score": "{{ profile.points }}", "at": "{{ profile.at }}", "eventType": "{{ event.kind }}",
                      "points": {"*": 1}}},
        {"id": "save", "type": "profile.write",
         "settings": {"connection": "people", "key": "{{ event.userId }}",
                      "set": {"points": "{{ score.value }}", "at": "{{ score.at }}"}}},
        {"id": "topic", "type": "kafka.sink",
         "settings": {"connection": "kafka", "topic": "out", "sourceHeader": "orders"}},
        {"id": "file", "type": "file.sink", "settings": {"path": "out.ndjson"}}],
    "edges": ["orders -> check", "check -> who", "who -> points", "points -> save", "check -> topic", "check -> file"]}


class Orders:
    def __init__(self, case, count):
        self.case, self.count = case, count
        self.kafka, self.redis = case.farm.kafka(), case.farm.redis()
        self.wire = self.kafka.wire()
        for topic in ("in", "out"):
            self.wire.createTopic(topic, PARTITIONS)
        self.environment = os.environ | case.farm.environment()
        self.project, self.state = case.folder / "project", case.folder / "state"
        (self.project / "schemas").mkdir(parents=True)
        (self.project / "orders.pipeline.json").write_text(json.dumps(PIPELINE))
        lines = "".join(
            f"{number % PEOPLE}\t" + json.dumps({"id": number, "userId": f"u{number % PEOPLE}", "kind": "order",
                                                 "time": TIME, "total": None if self.isBad(number) else number}) + "\n"
            for number in range(count))
        subprocess.run(["kcat", "-P", "-b", self.wire.address, "-t", "in", "-K", "\t", "-H", "trace=abc"],
                       input=lines.encode(), check=True)

    @staticmethod
    def isBad(number):
        return number % BAD == 0

    def require(self, members):
        schema = {"type": "object", "required": members, "properties": {"total": {"type": "number"}}}
        (self.project / "schemas" / "order.json").write_text(json.dumps(schema))

    def start(self, *arguments):
        return subprocess.Popen([BUILD / "bin" / "freshet", *map(str, arguments)], env=self.environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def finish(self, *arguments, code=0):
        done = subprocess.run([BUILD / "bin" / "freshet", *map(str, arguments)], env=self.environment,
                              capture_output=True, encoding="utf-8", timeout=120)
        self.case.require(done.returncode == code, f"{arguments[:2]} ended with {done.returncode}: {done.stderr[-400:]}")
        return done.stdout

    def drain(self, run):
        run.send_signal(signal.SIGINT)
        self.case.require(run.wait(timeout=30) == 130, "the run does not drain")

    def dlq(self, what, *arguments):
        return ["dlq", what, "--project", self.project, "--state", self.state, *arguments]

    def run(self, *arguments):
        return ["run", self.project, "--state", self.state, "--quiet", *arguments]

    def letters(self):
        listed = self.finish(*self.dlq("list", "--limit", "1000000", "--format", "json"))
        return [json.loads(line) for line in listed.splitlines()]

    def lines(self):
        with open(self.project / "out.ndjson") as file:
            return collections.Counter(json.loads(line)["id"] for line in file)

    def messages(self):
        """The ids of each `src`, how many messages there were, and whether all have their trace."""
        done = subprocess.run(["kcat", "-C", "-q", "-e", "-b", self.wire.address, "-t", "out", "-o", "beginning", "-X",
                               "isolation.level=read_committed", "-f", "%h\t%s\n"], stdout=subprocess.PIPE, encoding="utf-8",
                              check=True)
        found, traced, count = {}, True, 0
        for line in done.stdout.splitlines():
            headers, value = line.split("\t", 1)
            named = dict(header.split("=", 1) for header in headers.split(","))
            traced = traced and named.get("trace") == "abc"
            found.setdefault(named["src"], set()).add(json.loads(value)["id"])
            count += 1
        return found, count, traced

    def points(self):
        names = [f"u{number}" for number in range(PEOPLE)]
        stored = json.loads(self.redis.command("--json", "MGET", *("p:" + name for name in names)))
        return {name: profileIn(value)["points"] if value else 0 for name, value in zip(names, stored)}


def kill(case, process, least, most):
    """True if it was still at work."""
    try:
        process.wait(timeout=case.random.uniform(least, most))
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


@fault("T79", "P")
def dead_letters_land_once(case):
    orders = Orders(case, count=10_000)
    orders.require(["currency"])
    first = orders.start(*orders.run())
    case.waitFor(lambda: orders.wire.lag("orders", "in", PARTITIONS) == 0, 60, "all events are read")
    orders.drain(first)
    dead = orders.letters()
    case.require(len(dead) == orders.count, f"{len(dead)} dead letters of {orders.count} events")
    orders.require([])
    case.say(f"{len(dead)} dead letters, the schema is mended")

    half = [letter["id"] for letter in dead[:len(dead) // 2]]
    kills, longest = 0, 0.6
    while kills < 10:
        if kill(case, orders.start(*orders.dlq("retry", *half)), 0.05, longest):
            kills += 1
        else:
            longest = max(0.06, longest * 0.6)  # it was done before: earlier next time
    orders.finish(*orders.dlq("retry", *half), code=1)
    case.say("half of them are through, by the command")

    live = orders.start(*orders.run())
    case.waitFor(lambda: (orders.state / "state.db-wal").exists(), 20, "the run holds its state")
    orders.finish(*orders.dlq("retry", "--all"))
    for _ in range(10):
        kills += kill(case, live, 0.1, 0.9)
        live = orders.start(*orders.run())
    case.waitFor(lambda: not any(letter["isWaiting"] for letter in orders.letters()), 60, "all have gone round")
    orders.drain(live)
    case.say("the others too, by the run that holds the state")

    before = orders.letters()
    orders.finish(*orders.dlq("retry", "--all"), code=1)
    left = orders.letters()
    good = [number for number in range(orders.count) if not orders.isBad(number)]
    found, messages, traced = orders.messages()
    lines, points = orders.lines(), orders.points()
    seen = collections.Counter(number for numbers in found.values() for number in numbers)
    wanted = collections.Counter(f"u{number % PEOPLE}" for number in good)
    lost = [number for number in good if not lines[number] or not seen[number]]
    doubled = [number for number in range(orders.count) if lines[number] > 1 or seen[number] > 1]
    wrong = [name for name, count in points.items() if abs(count - wanted[name]) > 1e-9]
    case.figure(events=orders.count, letters=len(dead), kills=kills, lost=len(lost), dup=len(doubled),
                scores_wrong=len(wrong), messages_repeated=messages - len(found), still_bad=len(left))
    case.require(not lost, f"lost: {lost[:5]}")
    case.require(not doubled, f"doubled: {doubled[:5]}")
    case.require(not wrong, f"scores: {[(name, points[name], wanted[name]) for name in wrong[:5]]}")
    case.require(traced, "a message has lost the headers of its event")
    case.require({letter["id"] for letter in left} == {letter["id"] for letter in before}, "letters changed their numbers")
    case.require(len(left) == orders.count - len(good), f"{len(left)} are left, {orders.count - len(good)} are bad")
    for letter in left:
        case.require(letter["code"] == "E-2101" and letter["pointer"] == "/total", f"the reason is not the new one: {letter}")
        case.require(letter["attempts"] >= 3 and letter["first"] < letter["last"], f"attempts are not counted: {letter}")
        case.require(letter["headers"] == {"trace": "abc"} and letter["schema"] and letter["pipeline"],
                     f"a letter lacks what it had: {letter}")


main()
