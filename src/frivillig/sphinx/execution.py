"""Execute before Sphinx reads: only the notebooks that need it, side by side, in warm processes.

myst-nb finds their outputs in jupyter-cache, where each record also says which files the notebook read or
imported and the digests these had. A notebook is executed again when its code, one of those files, the lock
file, Python or the choice of answers has changed, and not otherwise. A cell that fails is told by file and
line, and ends the build: what it should have drawn would be missing in many other places. What
`frivillig.warm` could not execute, or what rests on a file that was saved meanwhile, is left to myst-nb and
a Jupyter kernel. `frivillig_quick: false` in _config.yml (registered in speed.py) leaves everything to them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import MystMetadataParsingError, create_nb_reader
from sphinx.errors import SphinxError
from sphinx.util import logging

from frivillig import warm
from frivillig.data import ROOT, digest

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)
LOCK = "requirements.txt"


def _execute_stale(app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
    """Bring the cache up to date; the pages to read again are those that were executed."""
    if not app.config.frivillig_quick:
        return []
    _digest.cache_clear()
    started = time.time_ns()
    store = get_cache(app.config.nb_execution_cache_path)
    # Most pages are as they were when they were executed, and need not be read to know it.
    unchanged = {record.data.get("page") for record in store.list_cache_records() if _is_fresh(record.data)}
    stale = {}
    for docname in sorted(env.found_docs):
        path = Path(env.doc2path(docname))
        if _digest(path) in unchanged:
            continue
        notebook = _read(env, path)
        if notebook is not None and _code(notebook) and not _is_fresh(_record(store, notebook)):
            stale[docname] = notebook
    if stale:
        logger.info("executing %s", ", ".join(stale), color="purple")
        paths = [Path(env.doc2path(docname)) for docname in stale]
        results = _run(
            list(stale.values()), [path.parent for path in paths], env.mystnb_config.execution_timeout
        )
        failed = False
        for notebook, path, result in zip(stale.values(), paths, results, strict=True):
            if result is None:
                continue
            if failure := result.get("failure"):
                failed |= _tell(failure, notebook, path)
            else:
                _keep(store, notebook, path, result, started)
        if failed:
            raise FailedCellError("mend the cells named above")
    return list(stale)


class FailedCellError(SphinxError):
    """Cells that cannot be read or executed, each told already with file and line."""

    category = "Nothing is built"


def _read(env: BuildEnvironment, path: Path) -> NotebookNode | None:
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    try:
        return reader and reader.read(text)
    except MystMetadataParsingError as problem:
        line = re.search(r"at line (\d+)", str(problem))
        part = "options of the cell, such as `:tags: [hide-input]`," if line else "front matter"
        logger.error("the %s cannot be read as YAML", part, location=f"{path}:{line[1] if line else 1}")
        raise FailedCellError("mend the page named above") from problem


def _tell(failure: dict[str, Any], notebook: NotebookNode, path: Path) -> bool:
    """Tell what failed and where; False for a cell whose tag says that it may fail."""
    cell = _code(notebook)[failure["cell"]]
    if "raises-exception" in cell.metadata.get("tags", []):
        return False
    code = cell.source.lstrip("\n")  # the shell counts from the first line that is not empty
    quoted = code.splitlines()[failure["line"] - 1].strip()
    # The map counts the lines down to the fence; the options of the cell stand between that and its code.
    index = next(index for index, other in enumerate(notebook.cells) if other is cell)
    before = notebook.metadata["source_map"][index]
    inside, found, _ = "\n".join(path.read_text(encoding="utf-8").splitlines()[before:]).partition(code)
    # Code that is loaded from another file does not stand here: the fence then says which.
    line = before + (inside.count("\n") + failure["line"] if found else 0)
    raised = f"\n    raised at {failure['place']}" if failure["place"] else ""
    logger.error("%s\n    %s%s", failure["error"], quoted, raised, location=f"{path}:{line}")
    return True


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that a kernel would execute."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and cell.source.strip()
        and "skip-execution" not in cell.metadata.get("tags", [])
    ]


def _conditions() -> dict[str, str]:
    return {"python": sys.version, LOCK: _digest(LOCK), "answers": digest()}


@cache
def _digest(name: str | Path) -> str:
    path = ROOT / name
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"


def _record(store: Any, notebook: NotebookNode) -> dict[str, Any]:
    try:
        return store.match_cache_notebook(notebook).data
    except KeyError:
        return {}


def _is_fresh(record: dict[str, Any]) -> bool:
    files = record.get("files")  # none where a kernel executed it
    return (
        files is not None
        and record["conditions"] == _conditions()
        and all(_digest(name) == digest for name, digest in files.items())
    )


def _run(notebooks: list[NotebookNode], folders: list[Path], timeout: int) -> list[dict[str, Any] | None]:
    """Each notebook's result as `frivillig.warm` writes it, or None where it gave none."""
    with tempfile.TemporaryDirectory() as temporary:
        files = [Path(temporary) / f"{index}.json" for index in range(len(notebooks))]
        jobs = [
            {"cells": [cell.source for cell in _code(notebook)], "folder": str(folder), "result": str(file)}
            for notebook, folder, file in zip(notebooks, folders, files, strict=True)
        ]
        order = {"workers": os.cpu_count(), "timeout": timeout, "root": str(ROOT), "jobs": jobs}
        warm.run(order)
        return [json.loads(file.read_text(encoding="utf-8")) if file.exists() else None for file in files]


def _keep(store: Any, notebook: NotebookNode, path: Path, result: dict[str, Any], started: int) -> None:
    """Keep a result, unless something that it rests on was saved meanwhile: it may be of old and new."""
    loaded = [str(path.parent / cell.metadata["load"]) for cell in _code(notebook) if "load" in cell.metadata]
    files = [*result["files"], *loaded]
    if any((ROOT / name).stat().st_mtime_ns > started for name in files):
        return
    for count, (cell, outputs) in enumerate(zip(_code(notebook), result["outputs"], strict=True), 1):
        cell.execution_count = count
        cell.outputs = nbformat.from_dict(outputs)
    data = {
        "execution_seconds": result["seconds"],
        "conditions": _conditions(),
        "page": _digest(path),
        "files": {name: _digest(name) for name in files},
    }
    store.cache_notebook_bundle(CacheBundleIn(notebook, str(path), data=data), overwrite=True)


def setup(app: Sphinx) -> None:
    """Execute once Sphinx knows the pages, before it reads any."""
    app.connect("env-get-outdated", _execute_stale)
