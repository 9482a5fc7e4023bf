"""How time and memory grow with the number of respondents, and with the number of chapters.

Run it with `make bench-scale`, on a quiet machine. Respondents are the municipal ones drawn again and again,
with new ids; each size and step runs in a process of its own, three times, of which the fastest counts.
Chapters are copies of the template of `make new-chapter`, with one figure each, beside those of the book.
Writes bench/scale.md. Exits with 1 when a step grows faster than its work, by more than a tenth.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from build import machine

from frivillig import statistics
from frivillig.audit import concordance
from frivillig.data import DATA, ROOT, check_table, read_schema, read_statistics, read_survey
from frivillig.notebooks import new_chapter
from projects import copy_project, run

RESULTS = ROOT / "bench" / "scale.md"
SURVEY = "municipalities"
SIZES = (192, 10_000, 100_000, 1_000_000)
CHAPTERS = (5, 50, 200)
ROUNDS = 3
MARGIN = 1.1
SIZE = "own_recruitment ~ np.log(population / 1000)"


def check(answers: pd.DataFrame, file: Path) -> None:
    """Hold the file to its schema."""
    if faults := check_table(file, DATA / "surveys" / f"{SURVEY}.yaml"):
        sys.exit(f"{len(faults)} faults, the first: {faults[0]}")


def read(answers: pd.DataFrame, file: Path) -> None:
    """Read the file."""
    read_survey(SURVEY, file.parent)


def describe(answers: pd.DataFrame, file: Path) -> None:
    """Shares, combinations and cross tables, each with intervals."""
    labels = read_schema(SURVEY).labels("source")
    statistics.multiple_response(answers, "source", labels)
    statistics.combinations(answers, "source", list(labels))
    statistics.cross_table(answers, "policy", "own_recruitment")


def model(answers: pd.DataFrame, file: Path) -> None:
    """A model with a curve, average effects, calibration, and a test against a smaller model."""
    statistics.logit_table(answers, {"size": SIZE})
    statistics.likelihood_ratio(answers, SIZE, ["policy"])
    statistics.marginal_effects(answers, SIZE)
    statistics.predicted(answers, SIZE, "population", [1000, 5000, 50_000])
    statistics.calibration(answers, SIZE, "population", [0, 5000, 20_000, np.inf])


def compute_all(answers: pd.DataFrame, file: Path) -> None:
    """Every number of the spine that the municipal survey gives."""
    spine = read_statistics()
    others = {row.survey for row in spine.values() if row.survey} - {SURVEY}
    tables = {SURVEY: answers} | {survey: read_survey(survey, DATA / "surveys") for survey in others}
    concordance(spine, [], tables.__getitem__)


STEPS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    "check the file": check,
    "read the file": read,
    "describe": describe,
    "fit models": model,
    "compute all printed numbers": compute_all,
}


def write_answers(size: int, folder: Path) -> Path:
    """A file of so many respondents."""
    found = pd.read_csv(DATA / "surveys" / f"{SURVEY}.csv", dtype=str, keep_default_na=False)
    drawn = found if size == len(found) else found.sample(size, replace=True, random_state=size)
    file = folder / f"{SURVEY}.csv"
    drawn.assign(id=[f"M{number:07d}" for number in range(size)]).to_csv(file, index=False)
    return file


@dataclass(frozen=True)
class Cost:
    """Of one step: seconds, those among them that the program itself computes, and MiB beyond the start."""

    seconds: float
    computing: float
    memory: float


def used() -> resource.struct_rusage:
    """What this process has used so far."""
    return resource.getrusage(resource.RUSAGE_SELF)


def measure_step(name: str, file: Path) -> None:
    """Run one step in this process, and print its `Cost` as JSON."""
    small = write_answers(192, Path(tempfile.mkdtemp()))
    STEPS[name](read_survey(SURVEY, small.parent), small)  # imports what the step needs
    answers = read_survey(SURVEY, file.parent)
    before, times = used(), []
    for _ in range(ROUNDS):
        start, computed = time.perf_counter(), used().ru_utime
        STEPS[name](answers, file)
        times.append((time.perf_counter() - start, used().ru_utime - computed))
    memory = (used().ru_maxrss - before.ru_maxrss) / 1024
    print(json.dumps([*map(min, zip(*times, strict=True)), memory]))


def respondents(folder: Path) -> dict[str, list[Cost]]:
    """What each step costs, by number of respondents."""
    found: dict[str, list[Cost]] = {name: [] for name in STEPS}
    for size in SIZES:
        file = write_answers(size, folder)
        for name in STEPS:
            cost = Cost(*json.loads(subprocess.check_output([sys.executable, __file__, name, str(file)])))
            found[name].append(cost)
            print(f"{size} respondents, {name}: {cost.seconds:.2f} s, {cost.memory:.0f} MiB", flush=True)
    return found


def chapters(folder: Path) -> list[tuple[float, float]]:
    """Seconds of a cold build and of one with nothing changed, by number of chapters beside the book's."""
    found = []
    for number in (0, *CHAPTERS):
        project = copy_project(folder / f"book{number}")
        for chapter in range(number):
            new_chapter(f"chapter_{chapter:03d}", project)
        seconds = []
        for _ in range(2):
            start = time.perf_counter()
            done = run(project, sys.executable, "-m", "frivillig", "build", "html")
            if done.returncode:
                sys.exit(f"{number} chapters: the build failed\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
            seconds.append(time.perf_counter() - start)
        found.append((seconds[0], seconds[1]))
        print(f"{number} more chapters: cold {seconds[0]:.1f} s, unchanged {seconds[1]:.1f} s", flush=True)
        shutil.rmtree(project)
    return found


def verdict(growth: float) -> str:
    """Growth of the costs where the work grows tenfold."""
    return f"{growth:.1f}" if growth <= 10 * MARGIN else f"{growth:.1f} **faster than the work**"


def main() -> int:
    """Measure, write the table, and say whether anything grows faster than its work."""
    with tempfile.TemporaryDirectory() as folder:
        steps = respondents(Path(folder))
        builds = chapters(Path(folder))
    lines = [
        "# Growth",
        "",
        machine(),
        f"Seconds, the fastest of {ROUNDS} times, and MiB that each step takes beyond what is in memory",
        "already. The last column is the growth, from 100,000 to 1,000,000 respondents, of the seconds in",
        "which the program itself computes: 10 is as fast as the work. (In the others, the system hands out",
        "memory.)",
        "",
        f"| step | {' | '.join(f'{size:,}' for size in SIZES)} | growth |",
        f"|---|{'---|' * (len(SIZES) + 1)}",
    ]
    fine = True
    for name, costs in steps.items():
        growth = costs[-1].computing / costs[-2].computing
        fine &= growth <= 10 * MARGIN
        cells = " | ".join(f"{cost.seconds:.2f} s, {cost.memory:.0f} MiB" for cost in costs)
        lines.append(f"| {name} | {cells} | {verdict(growth)} |")
    lines += [
        "",
        "Seconds of `frivillig build html` with so many chapters more than the book has, each with a figure,",
        "and what each further chapter costs.",
        "",
        "| chapters more | cold | each | unchanged | each |",
        "|---|---|---|---|---|",
    ]
    own = len(list((ROOT / "notebooks").glob("*.md")))
    for index, (number, seconds) in enumerate(zip((0, *CHAPTERS), builds, strict=True)):
        cells = []
        for kind, cost in enumerate(seconds):
            each = ""
            if index:
                before, added = builds[index - 1][kind], number - (0, *CHAPTERS)[index - 1]
                each = f"{(cost - before) / added:.3f}"
                # One more must not cost more than those before it did.
                fine &= (cost - before) / added <= MARGIN * before / (own + number - added)
            cells += [f"{cost:.1f}", each]
        lines.append(f"| {number} | {' | '.join(cells)} |")
    RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))
    return 0 if fine else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure_step(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(main())
