"""Nothing stale: execute again what depends on a change, and read again what was read with warnings.

jupyter-cache compares the code cells of a notebook only and would serve old results after a change
of the data or of this package. So each state of data, package and lock file has a cache of its own.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.environment import CONFIG_OK

from frivillig.data import DATA, ROOT, digest

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

HERE = Path(__file__).parent
# The text of the interface does not change what notebooks compute.
SOURCES = (DATA, ROOT / "src" / "frivillig", ROOT / "requirements.txt")


KINDS = {".csv", ".py", ".txt", ".yaml"}


def fingerprint() -> str:
    """A short digest of Python's version, the choice of answers, and every file that notebooks depend on."""
    files = [file for source in SOURCES for file in _files(source) if file.suffix in KINDS]
    return _digest(files, ROOT, sys.version + digest())


def _files(source: Path) -> list[Path]:
    return [source] if source.is_file() else sorted(file for file in source.rglob("*") if file.is_file())


def _digest(files: list[Path], root: Path, beside: str = "") -> str:
    digest = hashlib.sha256(beside.encode())
    for file in files:
        digest.update(f"{file.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _choose_cache(app: Sphinx, config: Config) -> None:
    # A changed value of this setting makes Sphinx read all pages again.
    state = config["frivillig_state"] = fingerprint()
    # The records of warm execution say what they depend on; those of a kernel do not.
    folder = "warm" if config["frivillig_quick"] else state
    config["nb_execution_cache_path"] = str(Path(app.outdir).parent / ".jupyter_cache" / folder)


def _note_static_files(app: Sphinx, config: Config) -> None:
    # Sphinx copies a changed style sheet only when it also writes some page.
    folders = [Path(app.confdir) / folder for folder in config["html_static_path"]]
    files = [file for folder in folders for file in _files(folder)]
    ours = [file for file in _files(HERE) if file.suffix in {".css", ".html", ".js", ".toml"}]
    config["frivillig_static"] = _digest(files, Path(app.confdir), _digest(ours, HERE))


def _forget_faulty_pages(app: Sphinx, exception: Exception | None) -> None:
    # Sphinx would not read these pages again, and the next build would pass without their warnings.
    if exception or app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def _start_afresh(app: Sphinx) -> None:
    # All pages are written anew, and what the last state of the package left behind must not be published.
    if app.builder.format == "html" and app.env.config_status != CONFIG_OK:
        for path in Path(app.outdir).glob("*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _remove_orphans(app: Sphinx, exception: Exception | None) -> None:
    """Pictures and downloads of exhibits that a page no longer has."""
    if exception or app.builder.format != "html":
        return
    used = {name for _, name in (*app.env.images.values(), *app.env.dlfiles.values())}
    for folder in (Path(app.outdir, "_images"), Path(app.outdir, "_downloads")):
        for file in folder.rglob("*"):
            if file.is_file() and str(file.relative_to(folder)) not in used:
                file.unlink()


def setup(app: Sphinx) -> None:
    """Choose the cache before myst-nb opens it, and forget faulty pages after every other part."""
    app.add_config_value("frivillig_static", "", "html", str)
    app.add_config_value("frivillig_state", "", "env", str)
    app.connect("config-inited", _choose_cache, priority=10)
    app.connect("config-inited", _note_static_files)
    app.connect("builder-inited", _start_afresh, priority=10)
    app.connect("build-finished", _remove_orphans)
    app.connect("build-finished", _forget_faulty_pages, priority=999)
