"""How long the book takes to build, against the same book built by Jupyter Book without our speed-ups.

Run it with `make bench-build`, on a quiet machine. Both build the same chapters with the same packages, in
turn, each in a copy of its own; "stock" is `jupyter-book build` with `frivillig_quick: false`. Writes
bench/results.md. Exits with 1 when an aim is missed.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from projects import MAKE, copy_project, replace, run

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results.md"
ROUNDS = 3
PDF_AIM = 8.0
PACKAGES = ("jupyter-book", "sphinx", "myst-nb", "pandas", "statsmodels", "typst")
SETTING = "    language: nb_NO\n"


@dataclass(frozen=True)
class Project:
    """A copy of the book, and how it is built: ours by `make`, as authors run it."""

    folder: Path
    quick: bool

    @classmethod
    def copy(cls, folder: Path, *, quick: bool) -> Project:
        """A copy, with the speed-ups or without."""
        copy_project(folder)
        if not quick:
            replace(folder / "_config.yml", SETTING, f"{SETTING}    frivillig_quick: false\n")
        return cls(folder, quick)

    def run(self, target: str = "html") -> float:
        """Seconds that one build takes, as a process of its own."""
        stock = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "-n", "--keep-going"]
        start = time.perf_counter()
        done = run(self.folder, *([*MAKE, target] if self.quick else stock))
        taken = time.perf_counter() - start
        if done.returncode:
            sys.exit(f"{self.folder.name}: the build failed\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return taken

    def forget(self, part: str = "") -> None:
        """Remove what earlier builds kept: all of it, or the folders of this name."""
        for folder in self.folder.glob(f"_build/**/{part}" if part else "_build"):
            shutil.rmtree(folder, ignore_errors=True)

    def change(self, name: str, old: str, new: str) -> None:
        """Replace the first `old` in a file."""
        replace(self.folder / name, old, new)


def nothing(project: Project, number: int) -> None:
    """No change."""


def cold(project: Project, number: int) -> None:
    """Everything is to be executed, read and written."""
    project.forget()


def prose(project: Project, number: int) -> None:
    """A sentence more in the first chapter."""
    project.change("notebooks/introduction.md", "\n## ", f"\nSetning {number} til.\n\n## ")


def cell(project: Project, number: int) -> None:
    """A statement more in one code cell."""
    project.change(
        "notebooks/municipal_survey.md",
        "\n```{code-cell}",
        f"\n```{{code-cell}}\nx = {number}\n```\n\n```{{code-cell}}",
    )


def data(project: Project, number: int) -> None:
    """A word more in a note of the spine, which most notebooks read."""
    project.change("data/published/statistics.csv", "Tallord på engelsk", f"Tallord på engelsk ({number})")


@dataclass(frozen=True)
class Situation:
    """What has changed since the last build, and the largest ratios to stock that we aim at."""

    title: str
    prepare: Callable[[Project, int], None]
    site_aim: float | None
    both_aim: float | None = None


SITUATIONS = (
    Situation("cold, nothing kept", cold, 0.38, 0.55),
    Situation("nothing changed", nothing, 0.8),
    Situation("a sentence changed", prose, 0.8),
    Situation("a code cell changed", cell, 0.5),
    Situation("the data changed", data, None),
)


def measure(ours: Project, stock: Project) -> list[tuple[Situation, list[float], list[float], list[float]]]:
    """For each situation the seconds of stock's site, our site, and our PDF after it, one of each a round."""
    rows = []
    for situation in SITUATIONS:
        times: tuple[list[float], list[float], list[float]] = ([], [], [])
        for number in range(ROUNDS):
            for project, builder, taken in ((stock, "html", times[0]), (ours, "html", times[1])):
                situation.prepare(project, number)
                taken.append(project.run(builder))
            times[2].append(ours.run("pdf"))
            print(f"{situation.title}: {', '.join(f'{taken[-1]:.1f}' for taken in times)} s", flush=True)
        rows.append((situation, *times))
    return rows


def fresh_pdf(ours: Project) -> list[float]:
    """Seconds from executed notebooks to the PDF, with all pages read anew."""
    taken = []
    for _ in range(ROUNDS):
        ours.forget(".doctrees")
        ours.forget("pdf")
        taken.append(ours.run("pdf"))
    return taken


def spread(seconds: list[float]) -> str:
    """Median and range."""
    return f"{median(seconds):.1f} ({min(seconds):.1f}–{max(seconds):.1f})"


def verdict(ratio: float, aim: float | None) -> str:
    """A ratio beside what we aim at."""
    if aim is None:
        return f"{ratio:.2f}"
    return f"{ratio:.2f} (aim {aim:.2f}{'' if ratio <= aim else ', **missed**'})"


def machine() -> str:
    """What the figures were taken on."""
    model = (
        next(
            (
                line.partition(":")[2].strip()
                for line in Path("/proc/cpuinfo").read_text().splitlines()
                if "model name" in line
            ),
            platform.processor(),
        )
        if Path("/proc/cpuinfo").exists()
        else platform.processor()
    )
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, {versions}."


def main() -> int:
    """Measure, write the table, and say whether the aims are met."""
    with tempfile.TemporaryDirectory() as folder:
        ours = Project.copy(Path(folder) / "ours", quick=True)
        stock = Project.copy(Path(folder) / "stock", quick=False)
        rows = measure(ours, stock)
        pdf = fresh_pdf(ours)
    lines = [
        "# Building the book",
        "",
        machine(),
        f"Seconds: median of {ROUNDS} and range, taken in turn. Ratios are of medians, to stock's site.",
        "Stock is `jupyter-book build` with `frivillig_quick: false`: the same chapters, packages and",
        "extension, but kernels started one after the other, and pages read by one process.",
        "",
        "| | stock: site | site | ratio | PDF after the site | site and PDF, ratio |",
        "|---|---|---|---|---|---|",
    ]
    met = median(pdf) <= PDF_AIM
    for situation, theirs, site, after in rows:
        both = [first + second for first, second in zip(site, after, strict=True)]
        ratio, ratio_both = median(site) / median(theirs), median(both) / median(theirs)
        met &= ratio <= (situation.site_aim or ratio) and ratio_both <= (situation.both_aim or ratio_both)
        lines.append(
            f"| {situation.title} | {spread(theirs)} | {spread(site)} | {verdict(ratio, situation.site_aim)} "
            f"| {spread(after)} | {verdict(ratio_both, situation.both_aim)} |"
        )
    lines += [
        "",
        f"From executed notebooks to the PDF, all pages read anew: {spread(pdf)} s (aim {PDF_AIM:.0f} s).",
        "",
        "mystmd is not measured: its site template is on its own server only, not in a package registry.",
    ]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
