#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The e-mail of 20 products, here, by ruby-liquid with YJIT and by liquidjs: B5 of the targets.

liquid_bench.py BENCH [--pairs N] [--liquidjs FOLDER]
Interleaves the programs (A B B A), compares what they rendered byte for byte and prints the median of
the paired ratios. FOLDER holds node_modules/liquidjs; without it that column is left out.
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
            # JavaScript has one kind of number: there 86.0 is 86.
            same_text = "yes" if same else "but for 86.0 and 86" if name == "liquidjs" else "NO"
            failed = failed or same_text == "NO"
            print(f"| {name} | {statistics.median(ours):.0f} | {statistics.median(theirs):.0f} | "
                  f"{statistics.median(ratios):.0f}× | {min(ratios):.0f}× | {max(ratios):.0f}× | {same_text} |", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
