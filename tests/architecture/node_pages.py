#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every node has its page in resources/docs/nodes, exactly as `freshet nodes ID` prints it today.

  node_pages.py FRESHET [--write]   compare, or write them anew; FRESHET is the executable
"""
import argparse
import json
import pathlib
import subprocess
import sys

PAGES = pathlib.Path(__file__).resolve().parents[2] / "resources" / "docs" / "nodes"


def ask(freshet, *arguments):
    return subprocess.run([str(freshet), "nodes", *arguments], check=True, capture_output=True,
                          encoding="utf-8").stdout


def wantedPages(freshet):
    return {f"{node['id']}.md": ask(freshet, node["id"])
            for node in json.loads(ask(freshet, "--format", "json"))}


def differences(folder, wanted):
    """One sentence for each page that is missing, stale or about a node that is gone."""
    present = {page.name: page.read_text(encoding="utf-8") for page in folder.glob("*.md")}
    for name in sorted(present.keys() | wanted.keys()):
        if name not in present:
            yield f"{folder / name}:1: missing"
        elif name not in wanted:
            yield f"{folder / name}:1: no such node"
        elif present[name] != wanted[name]:
            yield f"{folder / name}:1: stale"


def write(folder, wanted):
    folder.mkdir(parents=True, exist_ok=True)
    for page in folder.glob("*.md"):
        page.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("freshet")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--pages", type=pathlib.Path, default=PAGES)
    arguments = parser.parse_args()
    wanted = wantedPages(arguments.freshet)
    if arguments.write:
        write(arguments.pages, wanted)
    found = list(differences(arguments.pages, wanted))
    for line in found:
        print(line)
    if found:
        print(f"run {sys.argv[0]} {arguments.freshet} --write")
    return 1 if found or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
