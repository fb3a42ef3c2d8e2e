#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""T53: all old events of a topic are read again (`freshet run --backfill`, twice, one of them killed) while the live
run goes on: no profile in Redis goes back to an older event, and not one e-mail is written by the backfill."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FRESHET, EVENTS = sys.argv[1], int(sys.argv[2])
KAFKA, REDIS = os.environ["FRESHET_KAFKA"], os.environ["FRESHET_REDIS"]
NAME = f"backfill-{os.getpid()}-{int(time.time())}"
PEOPLE, FOLDERS = 1000, ("live", "old")


def pipeline(group):
    return {
        "formatVersion": 1, "name": NAME,
        "connections": {"kafka": {"type": "kafka", "brokers": KAFKA},
                        "people": {"type": "redis", "url": REDIS, "prefix": NAME + ":"}},
        "nodes": [
            {"id": "events", "type": "kafka.source", "settings": {"connection": "kafka", "topic": NAME, "group": NAME + group}},
            {"id": "save", "type": "profile.write",
             "settings": {"connection": "people", "key": "{{ event.userId }}", "set": {"n": "{{ event.n }}"}}},
            {"id": "some", "type": "filter", "settings": {"when": "event.mail"}},
            {"id": "mail", "type": "email.render",
             "settings": {"from": "a@example.org", "to": "{{ event.userId }}@example.org", "subject": "{{ event.n }}",
                          "html": "<p>{{ event.n }}</p>"}},
            {"id": "outbox", "type": "file.outbox"}],
        "edges": ["events -> save", "events -> some", "some -> mail", "mail -> outbox"]}


def produce(first, count):
    lines = "".join(f"u{n % PEOPLE}\t" + json.dumps({"userId": f"u{n % PEOPLE}", "n": n, "mail": n % 500 == 0}) + "\n"
                    for n in range(first, first + count))
    subprocess.run(["kcat", "-P", "-b", KAFKA, "-t", NAME, "-K", "\t"], input=lines.encode(), check=True)


def emails(work, which):
    found = []
    for folder, _, files in os.walk(f"{work}/{which}/outbox"):
        for name in files:
            with open(folder + "/" + name, errors="replace") as file:
                found += re.findall(r"^Message-ID: (\S+)", file.read(), re.M)
    return found


def main():
    work = tempfile.mkdtemp(prefix="freshet-backfill-")
    live = None
    try:
        for which in FOLDERS:
            os.makedirs(f"{work}/{which}")
            with open(f"{work}/{which}/p.pipeline.json", "w") as file:
                json.dump(pipeline("." + which), file)
        subprocess.run(["kcat", "-L", "-b", KAFKA, "-t", NAME], stdout=subprocess.DEVNULL, check=True)
        produce(0, EVENTS)
        subprocess.run([FRESHET, "run", work + "/live", "--state", work + "/live-state", "--until-idle", "3s", "--quiet"],
                       check=True)
        live = subprocess.Popen([FRESHET, "run", work + "/live", "--state", work + "/live-state", "--quiet"])
        old = [FRESHET, "run", work + "/old", "--state", work + "/old-state", "--backfill", "--until-idle", "3s", "--format",
               "json", "--quiet"]
        first = subprocess.Popen(old, stdout=subprocess.DEVNULL)
        produce(EVENTS, EVENTS // 10)
        first.send_signal(signal.SIGKILL)
        first.wait()
        counts = json.loads(subprocess.run(old, stdout=subprocess.PIPE, check=True).stdout)
        live.send_signal(signal.SIGINT)
        live.wait()
        total = EVENTS + EVENTS // 10
        names = [f"u{n}" for n in range(PEOPLE)]
        stored = json.loads(subprocess.run(["redis-cli", "-u", REDIS, "--json", "MGET", *(NAME + ":" + name for name in names)],
                                           stdout=subprocess.PIPE, check=True).stdout)
        newest = {f"u{n % PEOPLE}": n for n in range(total - PEOPLE, total)}
        back = [name for name, value in zip(names, stored) if json.loads(value.split("|", 2)[2])["n"] != newest[name]]
        sent, again = emails(work, "live"), emails(work, "old")
        print(f"{total} events live, {counts['in']} read again; {len(back)} profiles older than they were; {len(sent)} emails, "
              f"{len(sent) - len(set(sent))} doubled, {len(again)} by the backfill")
        ok = not back and not again and counts["in"] >= EVENTS and len(sent) == len(set(sent)) == (total + 499) // 500
        return 0 if ok else 1
    finally:
        if live and live.poll() is None:
            live.kill()
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
