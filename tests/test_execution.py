"""Warm execution gives what a Jupyter kernel gives, and executes again what has changed, nothing else."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache
from jupyter_cache.cache.main import JupyterCacheBase
from nbclient import NotebookClient

from frivillig import warm
from frivillig.sphinx import execution

CELLS = [
    "print('one')\nprint('two')",
    "import sys\nprint('three', file=sys.stderr)",
    "import pandas as pd\npd.DataFrame({'å': [1.5, 2]})",
    "from IPython.display import display\nprint('before')\ndisplay('shown')\n'last'",
    "import matplotlib.pyplot as plt\nfigure = plt.plot([1, 2])\nplt.show()",
    "quiet = 3;",
    "from myst_nb import glue\nglue('three', quiet, display=False)",
    "from frivillig.display import number\nnumber(4759)",
]


def notebook(*cells: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )


def shapes(outputs: list) -> list:
    """Outputs without the pixels of pictures and the addresses of objects, which two runs need not share."""
    return [
        {
            **output,
            "data": {
                kind: "a picture" if kind.startswith("image/") else value
                for kind, value in output["data"].items()
                if "<Figure" not in str(value)
            },
        }
        if "data" in output
        else dict(output)
        for output in outputs
    ]


def test_outputs_are_those_of_a_kernel(tmp_path: Path):
    outputs = execution._run([notebook(*CELLS)], [tmp_path], timeout=60)[0]["outputs"]
    stock = notebook(*CELLS)
    NotebookClient(stock, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert [shapes(cell) for cell in outputs] == [shapes(cell.outputs) for cell in stock.cells]
    assert [output["output_type"] for cell in outputs for output in cell] == [
        *("stream", "stream", "execute_result"),
        *("stream", "display_data", "execute_result"),
        *("display_data", "display_data", "execute_result"),
    ]


def test_the_process_that_waits_is_used_and_ends(tmp_path: Path):
    with warm.waiting():
        waiting = warm._process
        execution._run([notebook("1")], [tmp_path], timeout=60)
    assert waiting.returncode == 0
    with warm.waiting():
        unused = warm._process
    assert unused.returncode == -signal.SIGKILL


def test_a_process_whose_build_was_killed_ends_in_silence():
    done = subprocess.run([sys.executable, "-P", warm.__file__], input=b"", capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    "cell",
    [
        "raise NotImplementedError",
        "while True: pass",
        "import os\nos._exit(0)",
        "from IPython.display import clear_output\nclear_output()",
        "from IPython.display import display\ndisplay(1, display_id='a').update(2)",
    ],
)
def test_what_the_small_shell_cannot_do_is_left_to_a_kernel(tmp_path: Path, cell: str):
    failing, good = execution._run([notebook(cell), notebook("1")], [tmp_path, tmp_path], timeout=2)
    assert failing is None
    assert good["outputs"][0][0]["data"] == {"text/plain": "1"}


FUNCTION = "def half(number):\n    return number / 0"


@pytest.mark.parametrize(
    ("cells", "failure"),
    [
        (["1", "2\n1 / 0"], {"cell": 1, "line": 2, "error": "ZeroDivisionError: division by zero"}),
        ([FUNCTION, "2\nhalf(2)"], {"cell": 1, "line": 2, "error": "ZeroDivisionError: division by zero"}),
        (["a = 1\nprint(a]"], {"cell": 0, "line": 2}),
        (
            ["from frivillig.data import read_statistics\nread_statistics()['no.such.id']"],
            {"cell": 0, "line": 2, "place": "src/frivillig/data/reading.py"},
        ),
    ],
)
def test_a_cell_that_fails_is_told_with_its_line_and_its_error(tmp_path: Path, cells, failure):
    [result] = execution._run([notebook(*cells)], [tmp_path], timeout=60)
    [found] = result.values()
    assert found.pop("place").partition(":")[0] == failure.pop("place", "")
    assert failure.items() <= found.items()


def is_fresh(store: JupyterCacheBase, kept: nbformat.NotebookNode) -> bool:
    return execution._is_fresh(execution._record(store, kept))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a notebook that reads data/used.csv and imports src/helper.py, executed and kept."""
    monkeypatch.setattr(execution, "ROOT", tmp_path)
    for name in ("data/used.csv", "data/unused.csv", "src/other.py", "requirements.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1", encoding="utf-8")
    (tmp_path / "src" / "helper.py").write_text(
        "def add(text):\n    return int(text) + 1\n", encoding="utf-8"
    )
    execution._digest.cache_clear()
    return tmp_path


CODE = """
import sys
sys.path.insert(0, "{0}/src")
from pathlib import Path
import helper
helper.add(Path("{0}/data/used.csv").read_text())
"""


@pytest.mark.parametrize(
    ("changed", "fresh"),
    [
        ("data/unused.csv", True),
        ("src/other.py", True),
        ("data/used.csv", False),
        ("src/helper.py", False),
        ("requirements.txt", False),
    ],
)
def test_a_change_makes_stale_what_depends_on_it(project: Path, changed: str, fresh: bool):
    store, kept = get_cache(project / "cache"), notebook(CODE.format(project))
    assert not is_fresh(store, kept)
    (result,) = execution._run([kept], [project], timeout=60)
    assert result["files"] == ["data/used.csv", "src/helper.py"]
    execution._keep(store, kept, project / "page.md", result, time.time_ns())
    assert is_fresh(store, kept)
    with (project / changed).open("a", encoding="utf-8") as file:
        file.write("0 ")
    execution._digest.cache_clear()
    assert is_fresh(store, kept) is fresh


def test_code_that_is_loaded_from_a_file_is_a_dependency(project: Path):
    store, kept = get_cache(project / "cache"), notebook("1 + 1")
    kept.cells[0].metadata["load"] = "cell.py"
    (project / "cell.py").write_text("1 + 1", encoding="utf-8")
    (result,) = execution._run([kept], [project], timeout=60)
    execution._keep(store, kept, project / "page.md", result, time.time_ns())
    assert is_fresh(store, kept)
    (project / "cell.py").write_text("1 + 2", encoding="utf-8")
    execution._digest.cache_clear()
    assert not is_fresh(store, kept)


def test_a_result_of_data_that_were_saved_meanwhile_is_not_kept(project: Path):
    code = f"from pathlib import Path\nused = Path('{project}/data/used.csv')\nused.read_text()"
    store, kept = get_cache(project / "cache"), notebook(code, "used.write_text('2')")
    started = time.time_ns()
    (result,) = execution._run([kept], [project], timeout=60)
    assert result["files"] == ["data/used.csv"]
    execution._keep(store, kept, project / "page.md", result, started)
    assert store.list_cache_records() == []


def test_compiled_modules_are_not_dependencies(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    for _ in range(2):  # compiled, and then read as such
        (result,) = execution._run([notebook(CODE.format(project))], [project], timeout=60)
        assert list(project.glob("src/__pycache__/helper.*.pyc"))
        assert result["files"] == ["data/used.csv", "src/helper.py"]


def test_another_code_or_python_is_stale(project: Path, monkeypatch: pytest.MonkeyPatch):
    store, kept = get_cache(project / "cache"), notebook("1 + 1")
    (result,) = execution._run([kept], [project], timeout=60)
    execution._keep(store, kept, project / "page.md", result, time.time_ns())
    assert is_fresh(store, notebook("1 + 1"))
    assert not is_fresh(store, notebook("1 + 2"))
    monkeypatch.setattr(sys, "version", "4.0")
    assert not is_fresh(store, notebook("1 + 1"))
