#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker host has no Qt: with FRESHET_UI=OFF and Qt hidden the tree configures, and no command
of that tree compiles a file of ui/ or sees a Qt header."""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    with tempfile.TemporaryDirectory() as build:
        done = subprocess.run(
            ["cmake", "-G", "Ninja", "-S", str(ROOT), "-B", build, "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
             "-DFRESHET_UI=OFF", "-DFRESHET_TESTS=OFF", "-DCMAKE_DISABLE_FIND_PACKAGE_Qt6=ON",
             "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            print(done.stdout)
            return 1
        commands = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    wrong = [entry["file"] for entry in commands
             if "qt6" in entry["command"].lower().split(" -o ")[0]
             or pathlib.Path(entry["file"]).is_relative_to(ROOT / "ui")]
    for file in wrong:
        print(f"{file}: compiled with Qt in a tree without the user interface")
    print(f"{len(commands)} files in a tree without the user interface")
    return 1 if wrong or not commands else 0


if __name__ == "__main__":
    sys.exit(main())
