# SPDX-License-Identifier: GPL-3.0-or-later
"""T17: records that no schema foresees (too large to write, no value, no key, 10,000 headers, nothing at all,
bytes that are no UTF-8, half a document): each is kept with its bytes and its place, and the others flow."""
import json
import sqlite3
import subprocess

from support import events, oracles
from support.case import fault, main
from support.jobs import CopyJob, sourceOf


def produce(job, value, *arguments, key="odd"):
    """One record on partition 0; its offset."""
    offset = job.wire.ends("in", job.partitions)[0]
    subprocess.run(["kcat", "-P", "-q", "-b", job.wire.address, "-t", "in", "-p", "0", "-D", "\x01", "-X",
                    "message.max.bytes=4000000",
                    *(["-k", key] if key else []), *arguments], input=value + b"\x01", check=True)
    return offset


@fault("T17", "P")
def odd_records(case):
    job = CopyJob(case, count=10_000, invalid=0)
    job.fill(5_000)
    good = dict(next(events.make(1, 1, case.seed + 7)), payload="x" * 1_040_000, kind="buy")
    good["crc"] = events.checksum(good)
    large = json.dumps(good).encode()
    odd = {}
    for value, *how in (
            (large, ), (b"", "-Z"), (b"", ), (b"\xff\xfe{\x80}", ), (b'{"id": "half', ), (b'{"id":"x","n":"\xc3\x28"}', ),
            (b"null", ), (b"[" * 2000, )):
        odd[produce(job, value, *how)] = value
    headers = [word for number in range(10_000) for word in ("-H", f"h{number}=v")]
    plain = {name: dict(event, id=name) for name in ("no-key", "many-headers")
             for event in events.make(1, 1, case.seed + 8)}
    for event in plain.values():
        event["crc"] = events.checksum(event)
        event["kind"] = "buy"
    produce(job, json.dumps(plain["no-key"]).encode(), key=None)
    produce(job, json.dumps(plain["many-headers"]).encode(), *headers)
    job.fill(5_000, seed=case.seed + 1000)
    job.wire.deleteTopic("out")
    job.wire.createTopic("out", job.partitions, max_message_bytes=1_010_000)

    worker = case.worker(job.project).start()
    job.waitDone(60)
    case.require(worker.stop() == 0, "it does not drain")
    oracles.exactlyOnce(case, job.expectedOut() | plain, job.wire.read("out"))

    kept = {}
    for record in job.wire.read("dead"):
        partition, offset = sourceOf(record)
        kept[(partition, offset)] = (record.value, record.headers)
    with sqlite3.connect(worker.state / "state.db") as db:
        for partition, offset, original, code in db.execute("SELECT part, offset, original, code FROM dead"):
            kept[(partition, offset)] = (bytes(original).decode(errors="replace"), f"error.code={code}")
    case.figure(odd=len(odd), kept=len(kept))
    for offset, value in odd.items():
        case.require((0, offset) in kept, f"the odd record at 0/{offset} ({value[:20]}…) is nowhere")
        original, headers = kept.pop((0, offset))
        case.require(original == value.decode(errors="replace"), f"the bytes of 0/{offset} are not the original")
        case.require("error.code=E-" in headers, f"nothing says why 0/{offset} was refused: {headers[:80]}")
    case.require(not kept, f"dead letters that should not be: {list(kept)[:5]}")


main()
