# SPDX-License-Identifier: GPL-3.0-or-later
"""T80: does the suite bite? Eleven faults that others have shipped are put into a copy of the tree, one at a
time; for each, the test named for it must fail.
FRESHET_MUTATIONS=fsync tries those with that word in their name."""
import filecmp
import os
import shutil
import subprocess
import sys
from typing import NamedTuple

from support import ROOT
from support.case import BUILD, fault, main


class Mutation(NamedTuple):
    name: str
    path: str
    old: str
    new: str
    test: str  # the test that must fail: file and id, or executable, server and case


MUTATIONS = [
    Mutation("commit before ack", "core/runtime/lane_commit.cpp",
             '  if (auto status = flushSinks(); !status) return status;\n  failpoint("after_flush");',
             '  failpoint("after_flush");', "t11_dead_letters_away.py T11"),
    Mutation("commit max not contiguous", "core/runtime/lane_commit.cpp",
             "    if (!status) return status;\n  }\n  return {};\n}\n\nvoid LaneRunner::collectState",
             "    if (!status && status.error().retry != Retry::Later) return status;\n  }\n  return {};\n}\n\n"
             "void LaneRunner::collectState", "t08_slow_sink_is_revoked.py T08"),
    Mutation("skip DLQ ack", "core/runtime/lane_commit.cpp", "    std::vector<stage::Failure> refused;\n",
             '    if (m_run.topology().nodes()[node].id == "dead") continue;\n'
             "    std::vector<stage::Failure> refused;\n", "t11_dead_letters_away.py T11"),
    Mutation("reuse redisContext after error", "plugins/redis/redis_store.cpp",
             "    link.reset();\n    // A connection that had rested",
             "    // A connection that had rested",
             "integration.redis_store redis anAnswerThatComesTooLateIsNobodyElses"),
    Mutation("no version guard", "plugins/redis/packed_profile.cpp", "      isReplay = true\n",
             "      isReplay = false\n", "integration.redis_store redis anOlderWriteOfThePartitionChangesNothing"),
    Mutation("missing dir fsync", "core/pipeline/save.cpp", "|| ::fsync(directory.number()) != 0", "",
             "t56_save.py T56"),
    Mutation("no recycle after timeout", "plugins/kafka/lane_transaction.cpp",
             " || m_needsRecycle ||\n      m_watch.downs() != m_downs)", ")", "t05_late_end.py T05P"),
    Mutation("auto.offset.reset=latest", "plugins/kafka/group_reader.cpp", '"auto.offset.reset", "error"',
             '"auto.offset.reset", "latest"', "integration.kafka_source kafka stopsWhereTheBrokerDeletesAheadOfIt"),
    Mutation("no revoke handler", "plugins/kafka/group_reader.cpp",
             "  if (m_assigned && m_assigned->cnt > 0) m_listener->onRevoked(", "  if (false) m_listener->onRevoked(",
             "integration.kafka_source kafka twoLanesShareAndNothingIsLostOrReadTwice"),
    Mutation("ignore fsync error", "core/pipeline/save.cpp",
             "!writeAll(file.number(), bytes) || ::fdatasync(file.number()) != 0",
             "!writeAll(file.number(), bytes) || (::fdatasync(file.number()), false)", "t56_save.py T56"),
    Mutation("SSRF check on name only", "plugins/http/send/transfer.cpp", "  if (!objection.empty()) {",
             "  if (false) {", "t68_addresses.py T68"),
]


class Tree:
    """A copy of the sources with a build of its own; ccache makes most of it quick."""

    def __init__(self):
        self.root = BUILD / "testing" / "mutations"
        self.build = self.root / "build" / "release"

    def refresh(self):
        """Copies what differs, so that a second run builds little."""
        done = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT,
                              stdout=subprocess.PIPE, text=True, check=True)
        for name in filter(None, done.stdout.split("\0")):
            source, copy = ROOT / name, self.root / name
            if source.is_file() and not (copy.is_file() and filecmp.cmp(source, copy, shallow=False)):
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, copy)

    def make(self):
        if not (self.build / "build.ninja").exists():
            subprocess.run(["cmake", "--preset", "release", "-DFRESHET_UI=OFF", "-DFRESHET_TESTS=ON"], cwd=self.root,
                           check=True, stdout=subprocess.DEVNULL)
        done = subprocess.run(["ninja", "-C", str(self.build), "freshet-cli", "plugins/all", "chaosproxy", "iofault",
                               "save_once", "integration.redis_store", "integration.kafka_source"],
                              capture_output=True, text=True)
        return done.returncode == 0, done.stdout[-2000:]

    def passes(self, test):
        name, *words = test.split()
        if name.endswith(".py"):
            command = [self.root / "tests" / "faults" / name, *words]
        else:
            server, case = words
            command = [self.root / "tests" / "support" / "services.py", "run", "--data",
                       self.build / "testing" / "services", "--only", server, "--",
                       self.build / "testing" / "bin" / name, f"--gtest_filter=*.{case}"]
        done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True,
                              env=os.environ | {"FRESHET_BUILD": str(self.build)})
        return done.returncode == 0, done.stdout

    def mutate(self, mutation):
        path = self.root / mutation.path
        text = path.read_text()
        if text.count(mutation.old) != 1:
            return False
        path.write_text(text.replace(mutation.old, mutation.new))
        return True


def judge(case, tree, mutation, red):
    """Why it counts as survived, or nothing."""
    if mutation.test in red:
        return f"{mutation.test} fails without it"
    tree.refresh()
    if not tree.mutate(mutation):
        return f"its place in {mutation.path} is gone: the mutation must be written anew"
    isBuilt, words = tree.make()
    if not isBuilt:
        return f"it does not compile:\n{words}"
    isGreen, words = tree.passes(mutation.test)
    if isGreen:
        return f"{mutation.test} passes in spite of it"
    case.say(f"killed   {mutation.name}: " + next((line for line in words.splitlines() if line.startswith("WHY")), "?"))
    return ""


@fault("T80", "N", timeout=7200)
def the_suite_bites(case):
    wanted = os.environ.get("FRESHET_MUTATIONS", "")
    chosen = [each for each in MUTATIONS if wanted in each.name]
    tree = Tree()
    tree.root.mkdir(parents=True, exist_ok=True)
    tree.refresh()
    isBuilt, words = tree.make()
    case.require(isBuilt, f"the tree does not build:\n{words}")
    red = {test for test in {mutation.test for mutation in chosen} if not tree.passes(test)[0]}
    survived = []
    for mutation in chosen:
        why = judge(case, tree, mutation, red)
        if why:
            survived.append(mutation.name)
            case.say(f"SURVIVED {mutation.name}: {why}")
    case.figure(mutations=len(chosen), killed=len(chosen) - len(survived))
    case.require(not survived, f"nobody notices: {', '.join(survived)}")


main()
