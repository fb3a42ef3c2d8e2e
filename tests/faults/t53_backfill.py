# SPDX-License-Identifier: GPL-3.0-or-later
"""T53: all old events of a topic are read again (`freshet run --backfill`, twice, the first one killed) while the live
run goes on: no profile in Redis goes back to an older event, and not one e-mail is written by the backfill."""
import json
import os
import re
import signal
import subprocess

from support.case import BUILD, fault, main
from support.fold import profileIn

PEOPLE, MAILED = 1000, 500


def pipeline(group):
    return {
        "formatVersion": 1, "name": "backfill",
        "connections": {"kafka": {"type": "kafka", "brokers": "${env:FRESHET_KAFKA}"},
                        "people": {"type": "redis", "url": "${env:FRESHET_REDIS}", "prefix": "p:"}},
        "nodes": [
            {"id": "events", "type": "kafka.source", "settings": {"connection": "kafka", "topic": "in", "group": group}},
            {"id": "save", "type": "profile.write",
             "settings": {"connection": "people", "key": "{{ event.userId }}", "set": {"n": "{{ event.n }}"}}},
            {"id": "some", "type": "filter", "settings": {"when": "event.mail"}},
            {"id": "mail", "type": "email.render",
             "settings": {"from": "a@example.org", "to": "{{ event.userId }}@example.org", "subject": "{{ event.n }}",
                          "html": "<p>{{ event.n }}</p>"}},
            {"id": "outbox", "type": "file.outbox"}],
        "edges": ["events -> save", "events -> some", "some -> mail", "mail -> outbox"]}


def emails(folder):
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            found += re.findall(r"^Message-ID: (\S+)", path.read_text(errors="replace"), re.M)
    return found


def backfill(case, count):
    wire, redis = case.farm.kafka().wire(), case.farm.redis()
    wire.createTopic("in", 4)
    environment = os.environ | case.farm.environment()
    for which in ("live", "old"):
        (case.folder / which).mkdir()
        (case.folder / which / "p.pipeline.json").write_text(json.dumps(pipeline(which)))

    def produce(first, many):
        lines = "".join(f"u{n % PEOPLE}\t" + json.dumps({"userId": f"u{n % PEOPLE}", "n": n, "mail": n % MAILED == 0}) + "\n"
                        for n in range(first, first + many))
        subprocess.run(["kcat", "-P", "-b", wire.address, "-t", "in", "-K", "\t"], input=lines.encode(), check=True)

    def start(which, *arguments):
        return subprocess.Popen([BUILD / "bin" / "freshet", "run", case.folder / which, "--state",
                                 case.folder / (which + "-state"), "--format", "json", "--quiet", *arguments],
                                env=environment, stdout=subprocess.PIPE)

    produce(0, count)
    case.require(start("live", "--until-idle", "3s").wait(timeout=120) == 0, "the first run fails")
    live = start("live")
    first = start("old", "--backfill", "--until-idle", "3s")
    produce(count, count // 10)
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = start("old", "--backfill", "--until-idle", "3s")
    out, _ = second.communicate(timeout=600)
    counts = json.loads(out)
    case.waitFor(lambda: wire.lag("live", "in", 4) == 0, 60, "the live run has read all")
    live.send_signal(signal.SIGINT)
    case.require(live.wait(timeout=30) == 130, "the live run does not drain")

    total = count + count // 10
    names = [f"u{n}" for n in range(PEOPLE)]
    stored = json.loads(redis.command("--json", "MGET", *("p:" + name for name in names)))
    newest = {f"u{n % PEOPLE}": n for n in range(total - PEOPLE, total)}
    back = [name for name, value in zip(names, stored) if profileIn(value)["n"] != newest[name]]
    sent, again = emails(case.folder / "live" / "outbox"), emails(case.folder / "old")
    case.figure(events=total, read_again=counts["in"], withheld=counts["withheld"], profiles_back=len(back),
                emails=len(sent), dup=len(sent) - len(set(sent)), by_backfill=len(again))
    case.require(not back, f"profiles older than they were: {back[:5]}")
    case.require(not again, f"the backfill wrote e-mails: {again[:5]}")
    case.require(counts["in"] >= count, "the backfill did not read the old events")
    case.require(counts["withheld"] >= count // MAILED, "nothing was withheld")
    case.require(len(sent) == len(set(sent)) == (total + MAILED - 1) // MAILED, f"{len(sent)} e-mails by the live run")


@fault("T53P", "P")
def old_events_again(case):
    backfill(case, 100_000)


@fault("T53", "N", timeout=900)
def a_million_old_events_again(case):
    backfill(case, 1_000_000)


main()
