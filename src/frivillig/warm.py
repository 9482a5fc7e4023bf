"""Execute notebooks in processes that fork from one that has imported the libraries already.

As a script, this is that process: it imports the libraries, then reads what to do from standard input:
{"workers": 2, "timeout": 120, "root": "…", "jobs": [{"cells": […], "folder": "…", "result": "…"}]}.
Each notebook whose cells all succeed gets a file `result` with the outputs, the seconds that it took, and
the files under `root` that it read or imported; one with a cell that fails gets the cell, its line and the
error. What this small shell does not do (a cell that takes too long or ends the process, outputs that are
changed later) gives no result: a Jupyter kernel does it instead.

As a module, it holds the process: `frivillig.site` starts it before it imports Sphinx, so that both import
side by side, and `frivillig.sphinx.execution` says which notebooks it shall execute, if any.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Only other people's: the package itself may have changed, and each notebook notes which part it imports.
LIBRARIES = (
    "ipykernel.jsonutil",
    "matplotlib.pyplot",
    "pandas",
    "seaborn",
    "statsmodels.formula.api",
    "yaml",
)

_process: subprocess.Popen[str] | None = None


@contextlib.contextmanager
def waiting() -> Iterator[None]:
    """While this lasts, a process imports the libraries and then waits for `run`; what is unused ends."""
    global _process
    _process = _start()
    try:
        yield
    finally:
        if _process is not None:
            _process.kill()
            _process.communicate()
            _process = None


def run(order: dict[str, Any]) -> None:
    """Have the notebooks of an order executed, by the process that waits or a new one.

    Raises:
        CalledProcessError: the process itself failed; a notebook that fails only gives no result.
    """
    global _process
    process, _process = _process or _start(), None
    process.communicate(json.dumps(order))
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)


def _start() -> subprocess.Popen[str]:
    # -P: the names of this folder's modules must not hide those of the standard library.
    return subprocess.Popen([sys.executable, "-P", __file__], stdin=subprocess.PIPE, text=True)


def main() -> None:
    """Fork one process for each notebook, as many at a time as there are workers."""
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    for library in LIBRARIES:
        importlib.import_module(library)
    gc.freeze()  # what all of them share is neither looked through nor copied
    text = sys.stdin.read()
    if not text:  # what started this has ended
        return
    order = json.loads(text)
    running = 0
    for job in order["jobs"]:
        if running == order["workers"]:
            os.wait()
            running -= 1
        if os.fork() == 0:
            try:
                execute(job, order["timeout"], order["root"])
            finally:
                os._exit(0)
        running += 1
    for _ in range(running):
        os.wait()


def execute(job: dict[str, Any], timeout: int, root: str) -> None:
    """Run the cells of one notebook and write their outputs, or where and how a cell failed."""
    start = time.perf_counter()
    libraries = set(sys.modules)
    result = Path(job["result"])
    opened: set[str] = set()
    sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
    os.chdir(job["folder"])
    sys.path.insert(0, job["folder"])
    outputs: list[dict[str, Any]] = []
    shell = _shell(outputs)
    executed = []
    for shell.execution_count, source in enumerate(job["cells"], 1):
        outputs.clear()
        signal.alarm(timeout)  # ends this process
        ended = shell.run_cell(source)
        error = ended.error_before_exec or ended.error_in_exec
        if error is not None:
            if isinstance(error, Exception) and not isinstance(error, NotImplementedError):
                failure = {"cell": len(executed), **_failure(error, root)}
                result.write_text(json.dumps({"failure": failure}), encoding="utf-8")
            return
        executed.append(list(outputs))
    signal.alarm(0)
    modules = (getattr(sys.modules[name], "__file__", None) for name in sys.modules.keys() - libraries)
    found = {
        "outputs": executed,
        "seconds": time.perf_counter() - start,
        "files": _under(root, opened | {name for name in modules if name}),
    }
    result.write_text(json.dumps(found), encoding="utf-8")


def _failure(error: Exception, root: str) -> dict[str, Any]:
    """The line of the cell that failed, the error, and where in the package it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    line = error.lineno if isinstance(error, SyntaxError) else None
    called = [frame for frame in frames if frame.filename.startswith("<ipython-input")]
    place = ""
    if called:
        line = called[0].lineno
        if ours := [frame for frame in frames if Path(frame.filename).is_relative_to(Path(root, "src"))]:
            place = f"{Path(ours[-1].filename).relative_to(root)}:{ours[-1].lineno}"
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return {"line": line or 1, "error": f"{type(error).__name__}: {text}", "place": place}


def _under(root: str, names: set[str]) -> list[str]:
    home = Path(root).resolve()
    paths = {Path(name).resolve() for name in names}
    inside = (path.relative_to(home) for path in paths if path.is_relative_to(home) and path.is_file())
    # A compiled module is written anew when its source only looks newer.
    return sorted(str(path) for path in inside if path.parts[0] in ("data", "src") and path.suffix != ".pyc")


def _shell(outputs: list[dict[str, Any]]) -> Any:
    """An IPython that puts all it shows, in order, into one list of notebook outputs."""
    from ipykernel.jsonutil import encode_images, json_clean
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    def bundle(kind: str, data: dict, metadata: dict | None, **more: Any) -> dict[str, Any]:
        return {
            "output_type": kind,
            "data": json_clean(encode_images(data)),
            "metadata": json_clean(metadata or {}),
            **more,
        }

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, *, update=False, **_):
            if update:
                raise NotImplementedError("only a Jupyter kernel can change an output that is there")
            outputs.append(bundle("display_data", data, metadata))

        def clear_output(self, wait=False):
            raise NotImplementedError("only a Jupyter kernel can clear outputs")

    class Hook(DisplayHook):
        def write_output_prompt(self):
            pass

        def write_format_data(self, format_dict, md_dict=None):
            count = self.shell.execution_count
            outputs.append(bundle("execute_result", format_dict, md_dict, execution_count=count))

        def finish_displayhook(self):
            pass

    class Shell(InteractiveShell):
        displayhook_class = Hook
        display_pub_class = Publisher

    class Stream(io.TextIOBase):
        def __init__(self, name):
            self.name = name

        def write(self, text):
            last = outputs[-1] if outputs else {}
            if last.get("name") == self.name:
                last["text"] += text
            elif text:
                outputs.append({"output_type": "stream", "name": self.name, "text": text})
            return len(text)

    os.environ["IPYTHONDIR"] = tempfile.mkdtemp()
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    return Shell.instance(config=Config(HistoryManager={"enabled": False}))


if __name__ == "__main__":
    main()
