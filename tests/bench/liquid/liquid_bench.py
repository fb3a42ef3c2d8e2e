#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The e-mail of 20 products, here, by ruby-liquid with YJIT and by liquidjs: B5 of the targets.

liquid_bench.py BENCH [--pairs N] [--liquidjs FOLDER] [--profiles PROFILES_BENCH --work FOLDER]
Interleaves the programs (A B B A), compares what they rendered byte for byte and prints the median of
the paired ratios. FOLDER holds node_modules/liquidjs; without it that row is left out. (JavaScript has
one kind of number, so no amount in the e-mail is whole: 86.0 there is 86.) With --profiles, B15 too.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MAIL = [os.path.join(HERE, "mail.liquid"), os.path.join(HERE, "mail.json")]


def run(command, count, out, env):
    done = subprocess.run([*command, *MAIL, str(count), out], capture_output=True, text=True, env=env, check=False)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.stderr[-1000:]}")
    with open(out, encoding="utf-8") as file:
        return float(done.stdout), file.read()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--liquidjs")
    parser.add_argument("--profiles")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--work", default=tempfile.gettempdir())
    args = parser.parse_args()
    env = {**os.environ, "TZ": "UTC", "LIQUIDJS": os.path.abspath(args.liquidjs or ".")}
    references = {"ruby-liquid": (["ruby", "--yjit", os.path.join(HERE, "reference.rb")], 400)}
    if args.liquidjs:
        references["liquidjs"] = (["node", os.path.join(HERE, "reference.mjs")], 800)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        print("| reference | here ns | reference ns | ratio (median) | least | most | same bytes |")
        print("|---|---|---|---|---|---|---|")
        for name, (command, count) in references.items():
            ours, theirs, ratios, same = [], [], [], True
            for pair in range(args.pairs):
                first = pair % 2 == 0
                mine, text = run([args.bench], 20000, out, env) if first else (None, None)
                other, reference = run(command, count, out, env)
                if not first:
                    mine, text = run([args.bench], 20000, out, env)
                ours.append(mine)
                theirs.append(other)
                ratios.append(other / mine)
                same = same and text == reference
            failed = failed or not same
            verdict = "yes" if same else "NO"
            print(f"| {name} | {statistics.median(ours):.0f} | {statistics.median(theirs):.0f} | "
                  f"{statistics.median(ratios):.0f}× | {min(ratios):.0f}× | {max(ratios):.0f}× | {verdict} |", flush=True)
    if args.profiles:
        command = [args.profiles, os.path.join(HERE, "profiles.liquid"), args.work, str(args.people), "2"]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        print(f"\n{done.stdout.strip() or 'the profiles FAILED'}")
        failed = failed or done.returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
