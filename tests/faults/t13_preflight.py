# SPDX-License-Identifier: GPL-3.0-or-later
"""T13: a transaction that is longer than the broker allows is said before anything is read.
T15: what the broker has deleted unread, or a topic made anew, stops the run with every gap."""
from support.case import fault, main
from support.jobs import CopyJob


@fault("T13", "P")
def longer_than_the_broker_allows(case):
    job = CopyJob(case, count=100, transaction_max_timeout_ms="30000")
    job.fill()
    worker = case.worker(job.project)
    code = worker.start().wait(40)
    said = worker.said()
    case.require(code not in (0, 75) and code > 0, f"it ends with {code}")
    case.require("E-3113" in said, f"it does not say E-3113: {said[-300:]}")
    case.require("30000 ms" in said, f"it does not name the broker's limit: {said[-300:]}")
    case.require(job.lag() == 100, "something was read")
    fits = case.worker(job.project, name="fits", settings={"in.transactionTimeout": '"20 s"'})
    fits.start()
    job.waitDone(60)
    case.require(fits.stop() == 0, "it does not run within the limit")
    case.figure(code=code)


def gaps(case, expected, worker):
    code = worker.start().wait(60)
    said = worker.said()
    case.require(code not in (0, 75) and code > 0, f"it ends with {code} in spite of a gap")
    case.require("E-3104" in said, f"it does not say E-3104: {said[-400:]}")
    for partition, (begin, end) in expected.items():
        case.require(f"in/{partition} [{begin}, {end})" in said,
                     f"the gap [{begin}, {end}) of {partition} is not reported: {said[-400:]}")


@fault("T15", "P")
def what_is_gone_is_never_jumped_over(case):
    job = CopyJob(case, count=4_000)
    job.fill()
    worker = case.worker(job.project)
    worker.start()
    job.waitDone(60)
    case.require(worker.stop() == 0, "it does not drain")
    committed = job.wire.committed("copy", "in", job.partitions)
    job.fill(4_000, seed=77)
    cut = {partition: committed[partition] + 50 + partition for partition in (0, 2)}
    job.wire.deleteRecords("in", cut)
    gaps(case, {partition: (committed[partition], cut[partition]) for partition in cut}, worker)
    after = job.wire.committed("copy", "in", job.partitions)
    case.require(all(after[partition] == committed[partition] for partition in cut),
                 f"a gap was jumped over: {committed} became {after}")

    job.wire.deleteTopic("in")
    case.waitFor(lambda: "in" not in job.wire.topics(), 30, "the topic is deleted")
    job.wire.createTopic("in", job.partitions)
    anew = case.worker(job.project, name="anew")
    anew.state = worker.state
    gaps(case, {}, anew)
    case.figure(gaps=len(cut))


main()
