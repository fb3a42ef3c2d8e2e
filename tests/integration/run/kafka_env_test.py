#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example on a real Kafka and a real Redis (`--env kafka`): the scores it leaves in Redis are those
that this program computes from the topic itself, and every reminder is in the output topic once."""
import collections
import datetime
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

FRESHET, EXAMPLE, LIMIT = sys.argv[1], sys.argv[2], sys.argv[3]
KAFKA, REDIS = os.environ["FRESHET_KAFKA"], os.environ["FRESHET_REDIS"]
NAME = f"env-{os.getpid()}-{int(time.time())}"
EVENTS, EMAILS, PREFIX = NAME + ".events", NAME + ".emails", NAME + ":"
HALF_LIFE_MS = 7 * 24 * 3600 * 1000
POINTS = {"page_view": 1, "search": 2, "add_to_cart": 10, "purchase": 20}


def freshet(*arguments):
    done = subprocess.run([FRESHET, "run", *arguments, "--format", "json"], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def prepare(work):
    project = work + "/project"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("outbox"))
    with open(project + "/abandoned-basket.pipeline.json") as file:
        visitors = next(node for node in json.load(file)["nodes"] if node["id"] == "shop-visitors")
    with open(project + "/env/kafka.json") as file:
        env = json.load(file)
    env["connections"]["people"]["prefix"] = PREFIX
    env["nodes"]["shop-visitors"]["settings"].update(topic=EVENTS, group=NAME, eventTime="{{ event.timestamp }}")
    env["nodes"]["outbox"]["settings"].update(topic=EMAILS)
    with open(project + "/env/kafka.json", "w") as file:
        json.dump(env, file)
    fill = {"formatVersion": 1, "name": "fill", "connections": {"kafka": env["connections"]["kafka"]},
            "nodes": [visitors, {"id": "topic", "type": "kafka.sink",
                                 "settings": {"connection": "kafka", "topic": EVENTS}}],
            "edges": ["shop-visitors -> topic"]}
    shutil.copytree(EXAMPLE + "/shop", work + "/fill/shop")
    with open(work + "/fill/fill.pipeline.json", "w") as file:
        json.dump(fill, file)
    return project


def topic(name):
    """(partition, offset, value) of a topic, each partition in order."""
    done = subprocess.run(["kcat", "-C", "-q", "-e", "-b", KAFKA, "-t", name, "-o", "beginning", "-f",
                           "%p %o %s\n"], stdout=subprocess.PIPE, check=True)
    for line in done.stdout.split(b"\n"):
        if line:
            partition, offset, value = line.split(b" ", 2)
            yield int(partition), int(offset), value


def expected(dead):
    people = {}
    with open(EXAMPLE + "/shop/people.ndjson") as file:
        for line in file:
            person = json.loads(line)
            people[person["id"]] = [float(person.get("interest", 0)), None]
    touched = set()
    for partition, offset, value in topic(EVENTS):
        if (partition, offset) in dead:
            continue
        event = json.loads(value)
        time_ = datetime.datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00"))
        stamp = round(time_.timestamp() * 1000)
        score = people.setdefault(event["userId"], [0.0, None])
        if score[1] is not None and stamp > score[1]:
            score[0] *= 2 ** (-(stamp - score[1]) / HALF_LIFE_MS)
        score[0] += POINTS.get(event["event"], 0)
        score[1] = max(stamp, score[1] or stamp)
        touched.add(event["userId"])
    return {person: people[person] for person in touched}


def stored(people):
    """What Redis holds, `f2|mark|size|before JSON` (plugins/redis/README.md)."""
    names = list(people)
    found = {}
    for at in range(0, len(names), 500):
        part = names[at:at + 500]
        done = subprocess.run(["redis-cli", "-u", REDIS, "--json", "MGET", *(PREFIX + name for name in part)],
                              stdout=subprocess.PIPE, check=True)
        for name, value in zip(part, json.loads(done.stdout)):
            if value and value.startswith("f2|"):
                value = value.encode()[107 + int(value[96:106]):]
            found[name] = json.loads(value) if value else {}
    return found


def main():
    work = tempfile.mkdtemp(prefix="freshet-env-")
    try:
        project = prepare(work)
        for name, count in ((EVENTS, 8), (EMAILS, 8)):
            subprocess.run(["kcat", "-L", "-b", KAFKA, "-t", name], stdout=subprocess.DEVNULL, check=True)
        filled = freshet(work + "/fill", "--state", work + "/fill-state", "--speed", "max", "--limit", LIMIT)
        state = work + "/state"
        counts = freshet(project, "--env", "kafka", "--state", state, "--until-idle", "5s")
        again = freshet(project, "--env", "kafka", "--state", work + "/again", "--until-idle", "2s")
        with sqlite3.connect(state + "/state.db") as db:
            dead = set(db.execute("SELECT part, offset FROM dead"))
        people = expected(dead)
        wrong = [name for name, profile in stored(people).items()
                 if abs(profile.get("interest", -1) - people[name][0]) > 1e-6 * max(1, people[name][0])
                 or profile.get("interest_at") != people[name][1]]
        emails = collections.Counter(json.loads(value)["id"] for *_, value in topic(EMAILS))
        doubled = sum(1 for count in emails.values() if count > 1)
        print(f"{counts['in']} events, {counts['in'] / counts['seconds']:.0f} a second with {counts['cpuSeconds']:.1f} s "
              f"of CPU; {len(people)} people, {len(wrong)} scores wrong {wrong[:3]}; {len(emails)} emails for "
              f"{counts['emitted']} reminders, {doubled} doubled; {counts['dead']} dead; {again['in']} read twice")
        ok = filled["in"] == int(LIMIT) and counts["in"] == filled["out"] and not wrong and people and len(dead) == counts["dead"]
        ok = ok and len(emails) == counts["emitted"] > 0 and not doubled and again["in"] == 0
        return 0 if ok else 1
    finally:
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
