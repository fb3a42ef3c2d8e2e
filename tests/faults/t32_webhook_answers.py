# SPDX-License-Identifier: GPL-3.0-or-later
"""T32: a receiver that answers everything there is: each answer has its consequence, a retry is the same request,
Retry-After is kept, a reply is not read without end, the breaker opens and half-opens, order per key is kept."""
import itertools

from support.case import fault, main
from support.webhook import WebhookJob, numbered, numbers
from http_receiver import Answer, BadChunk, Drip, Huge, Receiver, Reset, Silent

TAKEN = (200, 202, 204)
REFUSED = {301: "E-3422", 307: "E-3422",
           **{status: "E-3421" for status in (400, 404, 409, 410, 413, 422)}}
REPEATED = (401, 403, 408, 425, 429, 500, 502, 503, 504)
RETRY_AFTER_S = 2
TIMEOUT_S = 1
EVENTS = 3


def hardly(number):
    """The path of a sink whose first event is answered so, once; everything else is taken."""
    return {"url": f"http://127.0.0.1:@/{number}", "timeout": f"{TIMEOUT_S} s"}


@fault("T32", "P")
def every_answer_of_a_webhook(case):
    odd = {"silent": Silent(), "reset": Reset(), "drip": Drip(), "chunk": BadChunk(), "huge": Huge()}

    def script(request):
        name = request.path[1:]
        number = numbers([request])[0]
        if number > 0:
            return Answer(200)
        if name.isdigit() and (int(name) in REFUSED or int(name) in TAKEN):
            return Answer(int(name), b"as the script says", {"Location": "http://127.0.0.1:1/"})
        if name == "huge":
            return odd[name]
        if request.attempt > 1:
            return Answer(200)
        if name in odd:
            return odd[name]
        return Answer(int(name), headers={"Retry-After": str(RETRY_AFTER_S)} if name in ("429", "503") else {})

    with Receiver(script) as receiver:
        names = [str(status) for status in (*TAKEN, *REFUSED, *REPEATED)] + list(odd)
        sinks = {f"s{name}": {"url": f"http://127.0.0.1:{receiver.port}/{name}", "timeout": f"{TIMEOUT_S} s"}
                 for name in names}
        job = WebhookJob(case, sinks, numbered(EVENTS))
        worker = job.worker()
        worker.finish(seconds=60)
        dead = {node: (code, message) for node, code, message, _ in job.dead(worker)}
        repeated = 0
        waited = []
        for name in names:
            came = [request for request in receiver.requests if request.path == f"/{name}"]
            first = [request for request in came if numbers([request])[0] == 0]
            isRepeated = name in odd and name != "huge" or name.isdigit() and int(name) in REPEATED
            case.require(len(first) == (2 if isRepeated else 1),
                         f"{name}: the first event was sent {len(first)} times")
            case.require(len({(request.key, request.digest) for request in first}) == 1,
                         f"{name}: a retry has another key or another body")
            case.require([number for number, _ in itertools.groupby(numbers(came))] == list(range(EVENTS)),
                         f"{name}: one key's events came as {numbers(came)}")
            for before, after in itertools.pairwise(came):
                case.require(after.at >= before.ended or name in ("silent", "drip", "reset", "chunk", "huge"),
                             f"{name}: a request began before the one before it in its key had its answer")
            expected = REFUSED.get(int(name)) if name.isdigit() else None
            case.require(dead.get(f"s{name}", (None,))[0] == expected,
                         f"{name}: the dead letter is {dead.get(f's{name}')}, not {expected}")
            if expected == "E-3421":
                case.require(f"answers {name}" in dead[f"s{name}"][1] and "as the script says" in dead[f"s{name}"][1],
                             f"{name}: the reason does not say what came: {dead[f's{name}'][1]}")
            if name in ("429", "503"):
                waited.append(first[1].at - first[0].ended)
                case.require(0.9 * RETRY_AFTER_S <= waited[-1] <= 1.1 * RETRY_AFTER_S,
                             f"{name}: asked to come back in {RETRY_AFTER_S} s, it came in {waited[-1]:.2f} s")
            repeated += isRepeated
        sent = next(request.sent for request in receiver.requests if request.path == "/huge")
        case.require(sent < 16 << 20, f"{sent} bytes of a reply without end left the receiver")
        case.require(len(dead) == len(REFUSED), f"dead letters of {sorted(dead)}")
        case.figure(answers=len(names), repeated=repeated, refused=len(dead), huge_reply_kb=sent // 1024,
                    retry_after_s="/".join(f"{each:.2f}" for each in waited))
    breaker(case)


def breaker(case):
    """Twenty keys at a receiver that fails for a while: it is asked by one request at a time, then all goes on."""
    failures = 11

    def script(request):
        return Answer(500) if len(receiver.requests) <= failures else Answer(200, delay=0.01)

    with Receiver(script) as receiver:
        url = f"http://127.0.0.1:{receiver.port}/"
        job = WebhookJob(case, {"hook": {"url": url, "window": 4}}, numbered(200, keys=20), "breaker")
        worker = job.worker(name="breaker")
        worker.finish(seconds=60)
        came = receiver.requests
        # Four may be under way when the fifth failure in a row opens the breaker.
        probes = came[8:failures + 1]
        gaps = [after.at - before.ended for before, after in itertools.pairwise(probes)]
        case.require(all(gap >= 0.15 for gap in gaps), f"open, it asked again after {gaps} s")
        taken = [request for request in came[failures:]]
        case.require(sorted(numbers(taken)) == list(range(200)), "an event is missing or was taken twice")
        for key in range(20):
            order = [number for number in numbers(taken) if number % 20 == key]
            case.require(order == sorted(order), f"key k{key} came as {order}")
        case.require(receiver.mostOpen <= 4, f"{receiver.mostOpen} requests at once in a window of 4")
        case.figure(breaker_gap_s=min(gaps), window=receiver.mostOpen)


main()
