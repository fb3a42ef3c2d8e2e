# SPDX-License-Identifier: GPL-3.0-or-later
"""T33: a receiver that remembers Idempotency-Key takes each event exactly once, however often the run is killed and
however its answers get lost."""
from support.case import fault, main
from support.webhook import WebhookJob, numbered, numbers
from support.worker import Storm
from http_receiver import Answer, Receiver, Reset

SIZES = {"T33": (20_000, 50), "T33P": (2_000, 6)}


def killed(case):
    count, kills = SIZES[case.identity]
    taken, bodies, repeats = {}, {}, [0]

    def script(request):
        number = numbers([request])[0]
        case.require(bodies.setdefault(request.key, request.digest) == request.digest, f"{number}: another body")
        repeats[0] += request.key in taken
        taken.setdefault(request.key, number)
        # Taken, and the answer never arrives.
        return Reset() if case.random.random() < 0.01 else Answer(delay=0.005)

    with Receiver(script) as receiver:
        job = WebhookJob(case, {"hook": {"url": f"http://127.0.0.1:{receiver.port}/"}}, numbered(count, keys=50))
        worker = job.worker()
        hits = [0]

        def kill():
            hits[0] += worker.kill()
            if job.position(worker) < count or hits[0] == 0:
                worker.start()

        worker.start()
        storm = Storm(case, kill, 0.05, 0.25, kills)
        case.waitFor(storm.isDone, 300, "the storm is over")
        storm.finish()
        worker.kill()
        worker.finish(seconds=300)
        case.figure(events=count, kills=hits[0], requests=len(receiver.requests), repeated=repeats[0],
                    lost=count - len(set(taken.values())), dup=len(taken) - len(set(taken.values())))
        case.require(sorted(set(taken.values())) == list(range(count)), "an event is missing")
        case.require(len(taken) == count, f"{len(taken)} keys for {count} events: the receiver took some twice")
        case.require(repeats[0] > 0, "nothing was ever repeated: nothing was tested")
        case.require(not job.dead(worker), f"dead letters: {job.dead(worker)[:3]}")


@fault("T33", "N", timeout=900)
def killed_fifty_times(case):
    killed(case)


@fault("T33P", "P")
def killed_some_times(case):
    killed(case)


main()
