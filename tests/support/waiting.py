# SPDX-License-Identifier: GPL-3.0-or-later
"""A port of this computer that is free, and waiting for what will be so."""
import socket
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds=60):
    """What the condition gives once it holds; something false if it does not in that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    return None
