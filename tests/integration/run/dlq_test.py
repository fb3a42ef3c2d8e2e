#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""T79: dead letters go round again after the pipeline was mended, while everything is killed again and
again, once by `freshet dlq retry` itself and once by the run that holds the state; then all is retried a
second time. Each letter lands exactly once: a point in its person's score in Redis, a line in a file, a
message (by its `src` header) in a topic. What is still bad stays, with the new reason and its attempts."""
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FRESHET, LETTERS, KILLS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
KAFKA, REDIS = os.environ["FRESHET_KAFKA"], os.environ["FRESHET_REDIS"]
SEED = int(os.environ.get("FRESHET_SEED", "1"))
NAME = f"dlq-{os.getpid()}-{int(time.time())}"
TIME, BAD, PEOPLE = "2026-01-05T08:00:00Z", 97, 500

PIPELINE = {
    "formatVersion": 1, "name": NAME,
    "connections": {"kafka": {"type": "kafka", "brokers": KAFKA},
                    "people": {"type": "redis", "url": REDIS, "prefix": NAME + ":"}},
    "nodes": [
        {"id": "orders", "type": "kafka.source",
         "settings": {"connection": "kafka", "topic": NAME + ".in", "group": NAME, "eventTime": "{{ event.time }}"}},
        {"id": "check", "type": "json-schema.validate", "settings": {"schema": "schemas/order.json"}},
        {"id": "who", "type": "profile.read", "settings": {"connection": "people", "key": "{{ event.userId }}"}},
        {"id": "points", "type": "score.decay",
         "settings": {"score": "{{ profile.points }}", "at": "{{ profile.at }}", "eventType": "{{ event.kind }}",
                      "points": {"*": 1}}},
        {"id": "save", "type": "profile.write",
         "settings": {"connection": "people", "key": "{{ event.userId }}",
                      "set": {"points": "{{ score.value }}", "at": "{{ score.at }}"}}},
        {"id": "topic", "type": "kafka.sink",
         "settings": {"connection": "kafka", "topic": NAME + ".out", "sourceHeader": "orders"}},
        {"id": "file", "type": "file.sink", "settings": {"path": "out.ndjson"}}],
    "edges": ["orders -> check", "check -> who", "who -> points", "points -> save", "check -> topic", "check -> file"]}


def is_bad(number):
    return number % BAD == 0


def freshet(*arguments, code=0, **named):
    done = subprocess.run([FRESHET, *arguments], capture_output=True, encoding="utf-8", timeout=300, **named)
    if done.returncode != code:
        raise SystemExit(f"{arguments} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done


def fill():
    lines = "".join(
        f'{number % PEOPLE}\t' + json.dumps({"id": number, "userId": f"u{number % PEOPLE}", "kind": "order", "time": TIME,
                                             "total": None if is_bad(number) else number}) + "\n"
        for number in range(LETTERS))
    subprocess.run(["kcat", "-P", "-b", KAFKA, "-t", NAME + ".in", "-K", "\t", "-H", "trace=abc"], input=lines.encode(),
                   check=True)


def schema(project, required):
    with open(project + "/schemas/order.json", "w") as file:
        json.dump({"type": "object", "required": required, "properties": {"total": {"type": "number"}}}, file)


def letters(project, state):
    done = freshet("dlq", "list", "--project", project, "--state", state, "--limit", "1000000", "--format", "json")
    return [json.loads(line) for line in done.stdout.splitlines()]


def killed(draw, command, isDone):
    """Kills `command` again and again; a last time it may end by itself, or is stopped when `isDone`."""
    kills, span = 0, 0.3
    while kills < KILLS:
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(timeout=draw.uniform(0.05, span))
            span = max(0.05, span * 0.7)  # it was done before: earlier next time
            if isDone() and kills > 0:
                break
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.wait()
            kills += 1
    return kills


def landed(project):
    """How often each order is in the file, in the topic by `src`, and the points of each person."""
    with open(project + "/out.ndjson") as file:
        lines = collections.Counter(json.loads(line)["id"] for line in file)
    done = subprocess.run(["kcat", "-C", "-q", "-e", "-b", KAFKA, "-t", NAME + ".out", "-o", "beginning", "-f", "%h\t%s\n"],
                          stdout=subprocess.PIPE, encoding="utf-8", check=True)
    sources, traced = {}, True
    for line in done.stdout.splitlines():
        headers, value = line.split("\t", 1)
        named = dict(header.split("=", 1) for header in headers.split(","))
        traced = traced and named.get("trace") == "abc"
        sources.setdefault(named["src"], set()).add(json.loads(value)["id"])
    people = [f"u{number}" for number in range(PEOPLE)]
    stored = subprocess.run(["redis-cli", "-u", REDIS, "--json", "MGET", *(NAME + ":" + name for name in people)],
                            stdout=subprocess.PIPE, check=True)
    points = {}
    for name, value in zip(people, json.loads(stored.stdout)):
        points[name] = json.loads(value.split("|", 2)[2])["points"] if value else 0
    return lines, sources, traced, points


def main():
    draw = random.Random(SEED)
    work = tempfile.mkdtemp(prefix="freshet-dlq-")
    try:
        project, state = work + "/project", work + "/state"
        os.makedirs(project + "/schemas")
        with open(project + "/orders.pipeline.json", "w") as file:
            json.dump(PIPELINE, file)
        schema(project, ["currency"])
        for name in (".in", ".out"):
            subprocess.run(["kcat", "-L", "-b", KAFKA, "-t", NAME + name], stdout=subprocess.DEVNULL, check=True)
        fill()
        run = ["run", project, "--state", state]
        freshet(*run, "--until-idle", "2s")
        dead = letters(project, state)
        refused = collections.Counter(letter["code"] for letter in dead)
        schema(project, [])
        retry = [FRESHET, "dlq", "retry", "--project", project, "--state", state, "--all"]
#Half of them by the command alone.
        half = dead[len(dead) // 2]["id"]
        ids = [str(letter["id"]) for letter in dead if letter["id"] <= half]
        kills = killed(draw, retry[:-1] + ids, lambda: len(letters(project, state)) <= len(dead) - len(ids) * 0.9)
        freshet(*retry[1:-1], *ids, code=1)
#The others by the run that holds the state.
        live = subprocess.Popen([FRESHET, *run, "--quiet"], stderr=subprocess.DEVNULL)
        while not os.path.exists(state + "/state.db-wal"):
            time.sleep(0.05)
        freshet(*retry[1:])
        for _ in range(KILLS):
            time.sleep(draw.uniform(0.2, 0.9))
            live.send_signal(signal.SIGKILL)
            live.wait()
            kills += 1
            live = subprocess.Popen([FRESHET, *run, "--quiet"], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while any(letter["isWaiting"] for letter in letters(project, state)) and time.monotonic() < deadline:
            time.sleep(0.1)
        live.send_signal(signal.SIGINT)
        live.wait()
        first = letters(project, state)
#Twice.
        freshet(*retry[1:], code=1)
        left = letters(project, state)
        good = [number for number in range(LETTERS) if not is_bad(number)]
        lines, sources, traced, points = landed(project)
        seen = collections.Counter(number for numbers in sources.values() for number in numbers)
        wanted = collections.Counter(f"u{number % PEOPLE}" for number in good)
        lost = [number for number in good if not lines[number] or not seen[number]]
        doubled = [number for number in range(LETTERS) if lines[number] > 1 or seen[number] > 1]
        wrong = [name for name, count in points.items() if abs(count - wanted[name]) > 1e-9]
        print(f"seed {SEED}: {LETTERS} events, {len(dead)} letters, {kills} kills; lost {len(lost)}, doubled {len(doubled)}, "
              f"scores wrong {len(wrong)} of {len(points)}; {len(left)} still bad, attempts "
              f"{sorted(collections.Counter(letter['attempts'] for letter in left).items())}")
        ok = len(dead) == LETTERS and set(refused) == {"E-2101"} and kills >= KILLS and not lost and not doubled and not wrong
        ok = ok and traced and len(left) == len(first) == LETTERS - len(good)
        ok = ok and all(letter["code"] == "E-2101" and letter["pointer"] == "/total" and not letter["isWaiting"]
                        and letter["headers"] == {"trace": "abc"} and letter["schema"] and letter["pipeline"]
                        for letter in left)
#Killed attempts were never stored, so they do not count : one for each retry and the first.
        ok = ok and all(letter["attempts"] >= 3 for letter in left) and not any(lines[number] for number in range(0, LETTERS, BAD))
        return 0 if ok else 1
    finally:
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
