"""The live preview of a copy of the project, for tests and bench/serve.py."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import AbstractContextManager
from pathlib import Path

from projects import environment, replace

# What the preview says at the end of each build: whether it published, and how long it took.
OUTCOME = re.compile(r"^\d\d:\d\d:\d\d (published|the last good site stays), ([\d.]+) s$", re.M)

COLOUR = re.compile(r"\x1b\[[\d;]*m")


class Preview(AbstractContextManager["Preview"]):
    """`python -m frivillig serve` in a project, and what it says in the terminal."""

    def __init__(self, project: Path) -> None:
        self.project = project
        with socket.socket() as free:
            free.bind(("localhost", 0))
            self.port = free.getsockname()[1]
        self.terminal = project / "terminal.txt"
        self._read = 0

    def __enter__(self) -> Preview:
        """Start, and wait for the first site."""
        command = [sys.executable, "-m", "frivillig", "serve", "--port", str(self.port)]
        with self.terminal.open("w") as out:
            self._process = subprocess.Popen(
                command,
                cwd=self.project,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=environment(self.project),
            )
        try:
            published, _, said = self.outcome()
            assert published, said
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, with whatever is building or serving."""
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()

    def outcome(self, timeout: float = 600) -> tuple[bool, float, str]:
        """Wait for the end of the next build: whether it published, its seconds, and what it said."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            said = COLOUR.sub("", self.terminal.read_text(encoding="utf-8"))[self._read :]
            if match := OUTCOME.search(said):
                self._read += match.end()
                return match[1] == "published", float(match[2]), said
            assert self._process.poll() is None, said
            time.sleep(0.02)
        raise TimeoutError(self.terminal.read_text(encoding="utf-8"))

    def page(self, name: str) -> str:
        """A page as a reader gets it."""
        with urllib.request.urlopen(f"http://localhost:{self.port}/{name}") as answer:
            return answer.read().decode()

    def change(self, name: str, before: str, after: str) -> float:
        """Save a change of a source; the moment it is saved."""
        replace(self.project / name, before, after)
        return time.monotonic()
