# SPDX-License-Identifier: GPL-3.0-or-later
"""Events {id, key, seq_in_key, ts, kind, n, crc, payload}, the same for the same seed."""
import json
import random
import zlib

KINDS = ("view", "view", "view", "cart", "buy", "skip")
START_MS = 1_767_600_000_000


class Event(dict):
    """As it was produced; `crc` is over all that identifies it."""


def checksum(event):
    return zlib.crc32(f"{event['id']}|{event['key']}|{event['seq_in_key']}|{event['payload']}".encode())


def make(count, keys, seed, invalid=0.0, payload=16):
    """Yields events; a share of them breaks the schema (n is text), as bad producers do."""
    draw = random.Random(seed)
    sequence = [0] * keys
    for number in range(count):
        key = draw.randrange(keys)
        sequence[key] += 1
        event = Event(id=f"e{seed}-{number}", key=f"k{key}", seq_in_key=sequence[key], ts=START_MS + number,
                      kind=draw.choice(KINDS), n=draw.randrange(1000),
                      payload=f"{draw.getrandbits(4 * payload):0{payload}x}")
        if invalid and draw.random() < invalid:
            event["n"] = f"x{event['n']}"
        event["crc"] = checksum(event)
        yield event


def write(path, events):
    """Lines KEY<tab>JSON for kcat; returns the ledger {id: event without payload}."""
    ledger = {}
    with open(path, "w") as file:
        for event in events:
            ledger[event["id"]] = {name: value for name, value in event.items() if name != "payload"}
            file.write(event["key"] + "\t" + json.dumps(event, separators=(",", ":")) + "\n")
    return ledger


def isValid(event):
    return isinstance(event["n"], int)


def isKept(event):
    """What the pipelines here let through: valid, and not of kind skip."""
    return isValid(event) and event["kind"] != "skip"
