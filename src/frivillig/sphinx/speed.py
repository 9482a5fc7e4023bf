"""What makes Sphinx itself quicker; `frivillig_quick: false` in _config.yml leaves Sphinx as it is."""

from __future__ import annotations

import atexit
import gc
import os
from functools import cache
from typing import TYPE_CHECKING, Any

import pybtex.plugin
from sphinx.domains.std import StandardDomain
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

# They change no state while pages are read, but do not say so, and one that is silent stops all the others.
SAFE = ("sphinx_jupyterbook_latex", "sphinx_multitoc_numbering")

# Asked for at every citation, and looked up in the metadata of all packages each time. Wrapped here, not in
# each build of a process, which would wrap what is wrapped already.
_find_plugin = cache(pybtex.plugin.find_plugin)


class _OpenPages:
    """The environment, but each page is unpickled once; Sphinx does so for every reference to a number."""

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env
        self._pages: dict[str, nodes.document] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)

    def get_doctree(self, docname: str) -> nodes.document:
        if docname not in self._pages:
            self._pages[docname] = self._env.get_doctree(docname)
        return self._pages[docname]


class QuickDomain(StandardDomain):
    """Sphinx's standard domain; `numref` only looks at the pages, so that they can be shared."""

    def _resolve_numref_xref(self, env: BuildEnvironment, *reference: Any) -> nodes.Element | None:
        if not hasattr(self, "_pages"):
            self._pages = _OpenPages(env) if env.config.frivillig_quick else env
        return super()._resolve_numref_xref(self._pages, *reference)


_assign_section_numbers = TocTreeCollectorWithStyles.assign_section_numbers


def _tell_changed_numbers(collector: TocTreeCollectorWithStyles, env: BuildEnvironment) -> list[str]:
    """The pages whose numbers changed. The collector itself numbers first and letters then, so that it takes
    every lettered page for changed and has it written anew each time."""
    before = env.toc_secnumbers
    _assign_section_numbers(collector, env)
    return [page for page, numbers in env.toc_secnumbers.items() if numbers != before.get(page)]


def _hurry(app: Sphinx) -> None:
    if not app.config.frivillig_quick:
        return
    pybtex.plugin.find_plugin = _find_plugin
    # Pages live until the build ends: looking through them for garbage finds little and takes a third of it,
    # and half a second more when the process ends.
    gc.disable()
    atexit.register(gc.freeze)
    # Jupyter Book asks for one.
    app.parallel = os.cpu_count() or 1
    for name in SAFE:
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = True


def setup(app: Sphinx) -> None:
    """Register all, and the switch that execution.py also heeds."""
    app.add_config_value("frivillig_quick", True, "", bool)
    app.add_domain(QuickDomain, override=True)
    TocTreeCollectorWithStyles.assign_section_numbers = _tell_changed_numbers
    app.connect("builder-inited", _hurry)
