# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of events on its way to webhooks: the project, what was kept as a dead letter, where the run stands."""
import json
import sqlite3


class WebhookJob:
    """in.ndjson → one http.sink for each of `sinks` ({id: settings}); they may reach 127.0.0.1 unless told otherwise."""

    def __init__(self, case, sinks, events, name="webhooks", source=None, connections=None):
        self.case = case
        self.project = case.folder / name
        self.project.mkdir()
        self.events = list(events)
        (self.project / "in.ndjson").write_text("".join(json.dumps(event) + "\n" for event in self.events))
        nodes = [source or {"id": "in", "type": "file.source",
                            "settings": {"path": "in.ndjson", "key": "{{ event.key }}"}}]
        for identity, settings in sinks.items():
            nodes.append({"id": identity, "type": "http.sink", "settings": {"allow": ["127.0.0.1"]} | settings})
        document = {"formatVersion": 1, "name": name, "connections": connections or {}, "nodes": nodes,
                    "edges": [f"in -> {identity}" for identity in sinks]}
        (self.project / f"{name}.pipeline.json").write_text(json.dumps(document))

    def worker(self, **options):
        return self.case.worker(self.project, **options)

    @staticmethod
    def dead(worker):
        """(step, code, message, original) of the dead letters that are stored."""
        return _rows(worker, "SELECT node, code, message, original FROM dead ORDER BY id")

    @staticmethod
    def position(worker):
        """How many events are behind the stored position."""
        return sum(row[0] for row in _rows(worker, "SELECT next FROM position"))


def _rows(worker, statement):
    path = worker.state / "state.db"
    if not path.exists():
        return []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as base:
        try:
            return base.execute(statement).fetchall()
        except sqlite3.OperationalError:  # the run has not made its tables yet
            return []


def numbered(count, keys=1):
    return [{"number": number, "key": f"k{number % keys}"} for number in range(count)]


def numbers(requests):
    return [json.loads(request.body)["number"] for request in requests]

