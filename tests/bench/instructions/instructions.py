#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instructions a record on the hot path, against figures.json: `instructions.py [--write] [BENCH]`.

More than 2 % above a figure fails; time never does. Each case of instructions_bench runs under
callgrind with N and with 2N records, and (I(2N) - I(N)) / N is its figure, so that warming up costs
nothing. Only what freshet::bench::counted calls counts, not making events and not checking them.

A count is the same to the instruction at every run: one thread, seeded events, addresses given out
by valgrind, an environment of its own. (Seen on one machine: idle and loaded, from two folders, with
and without setarch -R, with and without libc6-dbg.)

What depends on the processor is pinned to what every x86-64 since 2010 has. valgrind makes up a CPUID from the
host's, by which simdjson would take its AVX2 code and glibc AVX2 string functions and FMA
mathematics; here they take westmere's, SSE2 and no FMA, which is 5 % more instructions for job J and
hides nothing of ours. malloc keeps all it gets back in its per-thread lists: how long it searches its
bins depends on where blocks happen to lie, and one more copy a record changed it by 1.3 %.

Another g++, libstdc++, simdjson or glibc may count differently: then record the figures anew, in a
commit that changes nothing else."""
import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = HERE / "figures.json"
BENCH = HERE.parents[2] / "build/release/testing/bin/instructions_bench"
# Whole batches of 2,000 where there are batches.
RECORDS = {"job-j": 4000, "basket": 4000, "email": 50, "packed-profile": 2000}
TOLERANCE = 0.02
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "LC_ALL": "C",
    "SIMDJSON_FORCE_IMPLEMENTATION": "westmere",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-FMA,-FMA4,-BMI1,-BMI2,"
                      "-LZCNT,-MOVBE,-ERMS,-FSRM,-RTM,-AVX_Fast_Unaligned_Load:glibc.malloc.tcache_count=65000",
}
VALGRIND = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no",
            "--toggle-collect=freshet::bench::counted(*"]


def call(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          env=ENVIRONMENT, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    return done


def instructions(bench, case, records):
    said = call(*VALGRIND, bench, case, records).stderr
    found = re.search(r"Collected : (\d+)", said)
    if not found or int(found[1]) == 0:
        raise SystemExit(f"{case}: callgrind counted nothing\n{said[-2000:]}")
    return int(found[1])


def perRecord(bench, case):
    records = RECORDS[case]
    return (instructions(bench, case, 2 * records) - instructions(bench, case, records)) / records


def compare(case, figure, recorded):
    """A line about the case, and whether it is within bounds."""
    if recorded is None:
        return f"{case}: {figure:,.1f} instructions a record; no figure is recorded: --write records it", False
    change = figure / recorded - 1
    line = f"{case}: {figure:,.1f} instructions a record, recorded {recorded:,.1f} ({change:+.2%})"
    if change > TOLERANCE:
        return f"{line}: MORE THAN {TOLERANCE:.0%} ABOVE", False
    if change < -TOLERANCE:
        line += "; less than recorded: --write keeps it"
    return line, True


def main():
    parser = argparse.ArgumentParser(description="Gates instructions a record.")
    parser.add_argument("bench", nargs="?", default=BENCH)
    parser.add_argument("--write", action="store_true", help="record what is counted now")
    args = parser.parse_args()
    if not shutil.which("valgrind"):
        raise SystemExit("valgrind is not installed: apt-get install valgrind")
    stored = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    recorded = stored.get("instructionsPerRecord", {})
    compiler = call(args.bench, "--compiler").stdout.strip()
    figures = {}
    failed = []
    for case in RECORDS:
        figures[case] = round(perRecord(args.bench, case), 1)
        line, isRight = compare(case, figures[case], recorded.get(case))
        print(line, flush=True)
        if not isRight:
            failed.append(case)
    if args.write:
        FIGURES.write_text(json.dumps({"compiler": compiler, "instructionsPerRecord": figures}, indent=2) + "\n")
        print(f"recorded in {FIGURES}")
        return 0
    if set(recorded) - set(RECORDS):
        raise SystemExit(f"{FIGURES} holds figures of no case: {sorted(set(recorded) - set(RECORDS))}")
    if failed:
        profile = [part.replace("/dev/null", "callgrind.out") for part in VALGRIND]
        print(f"\nThe hot path does more work a record than before: {', '.join(failed)}. Find it:\n  "
              f"{shlex.join([*profile, str(args.bench), failed[0], str(RECORDS[failed[0]])])}\n"
              "  callgrind_annotate callgrind.out\n"
              "If the work is worth its price, record it and say why in the commit:\n"
              f"  {sys.argv[0]} --write")
        if compiler != stored.get("compiler"):
            print(f"The figures were recorded with {stored.get('compiler')}; this build is by {compiler}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
