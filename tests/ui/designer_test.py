#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The designer as a program: its answers to the shell, and the pictures it writes."""
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

DESIGNER, EXAMPLE = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1))


def designer(*arguments):
    return subprocess.run([DESIGNER, *map(str, arguments)], capture_output=True, text=True, timeout=120)


def sizeOf(png):
    return struct.unpack(">II", png[16:24])


class DesignerTest(unittest.TestCase):
    def picture(self, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "window.png")
            done = designer(*arguments, "--screenshot", file)
            self.assertEqual(done.returncode, 0, done.stderr)
            return file.read_bytes()

    def testVersion(self):
        done = designer("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^Freshet \d+\.\d+\.\d+")

    def testUsage(self):
        self.assertEqual(designer("--size", "big", "--screenshot", "x.png").returncode, 2)
        self.assertEqual(designer("--theme", "pink").returncode, 2)

    def testEmptyWindow(self):
        self.assertEqual(sizeOf(self.picture("--size", "1024x680")), (1024, 680))

    def testBothThemesShowTheExample(self):
        before = {file: file.stat().st_mtime_ns for file in EXAMPLE.rglob("*")}
        light, dark = (self.picture(EXAMPLE, "--theme", theme, "--size", "1440x900",
                                    "--select", "who-gets-a-reminder") for theme in ("light", "dark"))
        self.assertEqual(sizeOf(light), (1440, 900))
        self.assertEqual(sizeOf(dark), (1440, 900))
        self.assertNotEqual(light, dark)
        self.assertEqual(before, {file: file.stat().st_mtime_ns for file in EXAMPLE.rglob("*")})

    def testWhereNothingCanBeWritten(self):
        done = designer("--screenshot", "/nowhere/window.png")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/nowhere/window.png", done.stderr)


if __name__ == "__main__":
    unittest.main()
