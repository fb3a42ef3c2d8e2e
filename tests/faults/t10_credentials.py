# SPDX-License-Identifier: GPL-3.0-or-later
"""T10: one of three receivers refuses our key: the lane pauses and says so, the position stays, all goes on after the
fix with nothing lost. A 400 is a dead letter, and the position moves only once it is kept."""
import json
import threading

from support.case import fault, main
from support.webhook import WebhookJob, numbered, numbers
from http_receiver import Answer, Receiver

EVENTS = 400
BAD = 7


@fault("T10", "P")
def credentials_are_refused(case):
    isFixed = threading.Event()
    status = 401

    def script(request):
        if request.path != "/2":
            return Answer(200)
        if not isFixed.is_set():
            return Answer(status)
        return Answer(400, b"no such person") if numbers([request]) == [BAD] else Answer(200)

    with Receiver(script) as receiver:
        sinks = {f"hook{i}": {"url": f"http://127.0.0.1:{receiver.port}/{i}"} for i in (1, 2, 3)}
        job = WebhookJob(case, sinks, numbered(EVENTS, keys=10))
        worker = job.worker().start()
        paused = 0
        for status in (401, 403):
            case.waitFor(lambda: "E-3431" in (worker.health() or ""), 20, f"the run says that {status} keeps it")
            case.require(f"answers {status}" in case.waitFor(
                lambda: f"answers {status}" in (worker.health() or "") and worker.health(), 40,
                f"it says {status}"), "the alert names another status")
            paused += 1
        tried = sum(request.path == "/2" for request in receiver.requests)
        case.require(job.position(worker) == 0, f"position {job.position(worker)} while an event is not accepted")
        # A paused run that is ended keeps its place too.
        worker.kill()
        worker.start()
        case.waitFor(lambda: "E-3431" in (worker.health() or ""), 20, "the next run says it too")
        case.require(job.position(worker) == 0, "the position moved in a restart")
        isFixed.set()
        case.require(worker.wait(60) == 0, "the run does not end")
        kept = job.dead(worker)
        case.require([(node, code) for node, code, _, _ in kept] == [("hook2", "E-3421")], f"dead letters: {kept}")
        case.require("answers 400" in kept[0][2] and "no such person" in kept[0][2], f"the reason is {kept[0][2]}")
        case.require(json.loads(kept[0][3])["number"] == BAD, "the dead letter is another event")
        case.require(job.position(worker) >= EVENTS, "the position did not reach the end")
        taken = {}
        for request in receiver.requests:
            taken.setdefault(request.path, {}).setdefault(request.key, numbers([request])[0])
        for path in ("/1", "/2", "/3"):
            case.require(sorted(taken[path].values()) == list(range(EVENTS)),
                         f"{path}: {EVENTS - len(taken[path])} events lost, or one has two keys")
        case.figure(events=EVENTS, lost=0, pauses=paused, probes_while_paused=tried, dead=len(kept))


main()
