# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fault tests stand on: servers of their own, a proxy that misbehaves, workers, oracles."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
