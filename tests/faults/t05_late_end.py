# SPDX-License-Identifier: GPL-3.0-or-later
"""T05: the request that ends a transaction is cut off from its client, which sends it again and goes
on; much later the first one arrives. A client that keeps its producer then has its next transaction
ended in the middle: this is what recycling is for (reliability.md R4)."""
from support import oracles
from support.case import fault, main
from support.jobs import CopyJob
from support.kafka_wire import Tailer
from support.proxy import END_TXN

# What the broker may say to the late one: INVALID_PRODUCER_EPOCH, PRODUCER_FENCED.
FENCED = {47, 90}
HEADER = 4  # the answer's correlation id


def verdict(body):
    """The error code of an EndTxn answer (its throttle time is before it)."""
    at = HEADER + 4
    return int.from_bytes(body[at:at + 2], "big", signed=True)


def late(case, events, injections):
    job = CopyJob(case, count=events)
    tailer = Tailer(job.wire, "out")
    worker = case.worker(job.project, arguments=["--slot", "0"])
    worker.start()
    part = events // (injections + 1)
    job.fill(part, seed=case.seed * 1000)
    case.waitFor(lambda: job.lag() == 0, 60, "the first events are read")
    proxy = case.farm.proxy
    for number in range(1, injections + 1):
        before = proxy.status("kafka")["injected"]
        proxy.frame("kafka", END_TXN, "sever")
        job.fill(part // 2, seed=case.seed * 1000 + 2 * number)
        case.waitFor(lambda: proxy.status("kafka")["injected"] > before, 30, "an EndTxn is severed")
        # The client has sent it again, and every lane has begun another when the late one arrives.
        case.waitFor(lambda: job.lag() == 0, 90, "the client goes on")
        job.fill(part - part // 2, seed=case.seed * 1000 + 2 * number + 1)
        case.waitFor(lambda: job.lag() == 0, 90, "the client goes on")
        proxy.release("kafka")
    job.waitDone(120)
    case.require(worker.stop() == 0, "the worker does not drain")
    answers = [verdict(body) for api, body in proxy.stale("kafka") if api == END_TXN]
    case.figure(injections=injections, late=len(answers), fenced=sum(code in FENCED for code in answers))
    for topic in ("out", "dead"):
        oracles.marker(case, job.wire, topic, job.partitions)
    out = job.wire.read("out")
    oracles.exactlyOnce(case, job.expectedOut(), out)
    oracles.exactlyOnce(case, job.expectedDead(), job.wire.read("dead"), "dead")
    oracles.tailed(case, tailer, out)
    case.require(answers, "no late EndTxn ever arrived: nothing was tested")
    case.require(all(code in FENCED for code in answers), f"a late EndTxn was not fenced: {answers}")


@fault("T05P", "P")
def a_late_end_of_a_transaction(case):
    late(case, 12_000, 5)


@fault("T05", "N", timeout=3600)
def late_ends_of_transactions(case):
    late(case, 200_000, 200)


main()
