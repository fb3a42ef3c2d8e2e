# SPDX-License-Identifier: GPL-3.0-or-later
"""T50: ten times more events than the pipeline can take (some 80 a second here): senders are told when to come back, what was accepted is what is
stored, memory and disk stay bounded, and seconds after the rush everything is as before."""
import threading
import time

from support.case import fault, main
from support.collector import CollectorJob, Connection, Senders
from http_receiver import Answer, Receiver

SPOOL = 256 << 10
SECONDS = 5


@fault("T50", "P")
def more_than_the_pipeline_can_take(case):
    isRush = threading.Event()
    isRush.set()

    def script(_):
        return Answer(delay=0.5) if isRush.is_set() else Answer()

    with Receiver(script) as receiver:
        slow = {"type": "http.sink", "settings": {"url": f"http://127.0.0.1:{receiver.port}/", "allow": ["127.0.0.1"],
                                                  "window": 4, "together": 10, "key": "{{ event.messageId }}"}}
        job = CollectorJob(case, {"spoolLimit": "256 KiB"}, {"slow": slow})
        worker = case.worker(job.project).start()
        case.waitFor(job.isUp, 20, "the collector answers")
        rush = Senders(job.port, 32, seconds=SECONDS, isRepeating=False)
        rush.join()
        offered, taken = rush.sent, len(rush.accepted)
        case.require(set(rush.refused) <= {429, 503}, f"refused with {rush.refused}")
        case.require(rush.refused.get(503, 0) > 2 * taken, f"{taken} of {offered} accepted: that was no overload")
        case.require(rush.withoutRetryAfter == 0, f"{rush.withoutRetryAfter} refusals without Retry-After")
        spool = sum(path.stat().st_size for path in worker.state.rglob("*.spool"))
        case.require(spool < 2 * SPOOL, f"the spool holds {spool} bytes of {SPOOL}")
        isRush.clear()
        began = time.monotonic()
        again = Connection(job.port)
        case.waitFor(lambda: again.post({"userId": "u", "event": "later", "messageId": "later"})[0] == 200, 5,
                     "events are accepted again")
        recovered = time.monotonic() - began
        wanted = sorted([*rush.accepted, "later"])
        case.waitFor(lambda: len(job.stored()) >= len(wanted), 60, "what was accepted is stored")
        case.require(worker.stop() == 0, "it does not drain")
        case.require(sorted(job.stored()) == wanted, "what is stored is not what was accepted")
        case.require(worker.peakMb <= 256, f"{worker.peakMb} MB")
        case.figure(offered=offered, accepted=taken, refused=offered - taken, lost=0, dup=0, recovered_s=recovered,
                    spool_kb=spool // 1024)


main()
