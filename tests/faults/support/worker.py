# SPDX-License-Identifier: GPL-3.0-or-later
"""`freshet run` as a process that is watched, killed and started again."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import threading
import time
import urllib.request

import services

SAMPLE_SECONDS = 0.1


class Worker:
    def __init__(self, case, program, project, name="worker", arguments=(), settings=None, env=None,
                 failpoints="", preload=None):
        self.case, self.program, self.project, self.name = case, str(program), project, name
        self.arguments = list(arguments)
        for field, value in (settings or {}).items():
            self.arguments += ["--set", f"{field}={value}"]
        self.environment = dict(env or {})
        self.failpoints, self.preload = failpoints, preload
        self.state = case.folder / f"{name}.state"
        self.log = case.folder / f"{name}.log"
        self.metricsPort = None
        self.process = None
        self.starts = 0
        self.peakMb = 0
        self.peakThreads = self.peakFiles = 0
        self._watched = threading.Event()
        self._watch = threading.Thread(target=self._sample, daemon=True)
        self._watch.start()

    def start(self, *arguments, failpoints=None):
        """Starts a process; its standard output and error go to the end of the log."""
        armed = self.failpoints if failpoints is None else failpoints
        self.metricsPort = services.freePort()
        command = [self.program, "run", str(self.project), "--state", str(self.state), "--format", "json",
                   "--metrics", f"127.0.0.1:{self.metricsPort}", *self.arguments, *arguments]
        environment = os.environ | self.case.farm.environment() | self.environment
        if armed:
            environment["FRESHET_FAILPOINTS"] = armed
        if self.preload:
            environment |= self.preload.environment()
        with open(self.log, "ab") as log:
            log.write(f"--- start {self.starts} {armed}\n".encode())
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=environment, start_new_session=True)
        self.starts += 1
        return self

    def isAlive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        if self.isAlive():
            os.kill(self.process.pid, number)

    def kill(self):
        """SIGKILL, and gone when this returns. True if it hit a living one."""
        wasAlive = self.isAlive()
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait()
        return wasAlive

    def pause(self):
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def wait(self, seconds):
        """The exit code; a failure of the case if it does not end."""
        try:
            return self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.case.require(False, f"{self.name} did not end within {seconds} s")

    def stop(self, seconds=35):
        self.resume()
        self.signal(signal.SIGTERM)
        return self.wait(seconds)

    def finish(self, *arguments, seconds=300):
        """Runs to the end; the counts it prints."""
        code = self.start(*arguments).wait(seconds)
        self.case.require(code == 0, f"{self.name} ended with {code}")
        return self.counts()

    def counts(self):
        """The last line of counts in the log."""
        found = [line for line in self.log.read_text(errors="replace").splitlines()
                 if line.startswith('{"in":')]
        self.case.require(found, f"{self.name} printed no counts")
        return json.loads(found[-1])

    def metrics(self):
        """{"freshet_…{labels}": value}, or nothing while it does not answer."""
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metricsPort}/metrics", timeout=2) as answer:
                lines = answer.read().decode().splitlines()
            return {name: float(value) for name, value in
                    (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))}
        return {}

    def metric(self, name):
        """The sum over its labels, 0 while it does not answer."""
        return sum(value for key, value in self.metrics().items() if key.partition("{")[0] == "freshet_" + name)

    def readSoFar(self):
        return int(self.metric("records_in_total"))

    def health(self):
        """("ok" or the trouble, as /healthz says it); None while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metricsPort}/healthz", timeout=2) as answer:
                return answer.read().decode().strip()
        except urllib.error.HTTPError as error:
            return error.read().decode().strip()
        except OSError:
            return None

    def said(self):
        return pathlib.Path(self.log).read_text(errors="replace") if self.log.exists() else ""

    def residentMb(self):
        return self._status().get("VmRSS", 0) // 1024

    def _status(self):
        numbers = {}
        if self.isAlive():
            with contextlib.suppress(OSError):
                for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
                    name, _, value = line.partition(":")
                    if name in ("VmHWM", "VmRSS", "Threads"):
                        numbers[name] = int(value.split()[0])
        return numbers

    def _sample(self):
        """O5: the most memory, threads and open files that any of its processes had."""
        while not self._watched.wait(SAMPLE_SECONDS):
            now = self._status()
            self.peakMb = max(self.peakMb, now.get("VmHWM", 0) // 1024)
            self.peakThreads = max(self.peakThreads, now.get("Threads", 0))
            if now:
                with contextlib.suppress(OSError):
                    self.peakFiles = max(self.peakFiles, len(os.listdir(f"/proc/{self.process.pid}/fd")))

    def printLastWords(self):
        print(f"--- {self.name}, last words:\n" + "\n".join(self.said().splitlines()[-15:]))

    def close(self):
        self.resume()
        self.kill()
        self._watched.set()
        self._watch.join()


class Storm:
    """Does something again and again at random times, on a thread of its own, until stopped."""

    def __init__(self, case, act, least, most, times):
        self.case, self.act, self.least, self.most, self.left = case, act, least, most, times
        self.done = 0
        self.trouble = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        try:
            while self.left > 0 and not self._stop.wait(self.case.random.uniform(self.least, self.most)):
                self.act()
                self.done += 1
                self.left -= 1
        except Exception as trouble:  # shown by finish, in the test's own thread
            self.trouble = trouble

    def isDone(self):
        return not self._thread.is_alive()

    def finish(self):
        self._stop.set()
        self._thread.join()
        if self.trouble:
            raise self.trouble


def now():
    return time.monotonic()
