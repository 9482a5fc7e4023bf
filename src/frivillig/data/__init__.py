"""Read the data files, and check them against data/datapackage.yaml and the schemas of the surveys.

The lowest floor: everything else takes its numbers and labels from here.
"""

from frivillig.data.answers import (
    Answers,
    are_synthetic,
    chosen_folder,
    describe,
    digest,
    may_show_rows,
    smallest_cell,
    wording,
)
from frivillig.data.checks import check_answers, check_package, check_table, check_yaml
from frivillig.data.faults import DATA, ROOT, DataError, Fault, relative
from frivillig.data.reading import (
    NUMBER_WORDS,
    SURVEYS,
    UP_TO_TWELVE,
    Schema,
    Spine,
    Statistic,
    UnknownStatisticError,
    read_categories,
    read_counties,
    read_resources,
    read_schema,
    read_statistics,
    read_survey,
    read_table,
    read_titles,
)

__all__ = [
    "DATA",
    "NUMBER_WORDS",
    "ROOT",
    "SURVEYS",
    "UP_TO_TWELVE",
    "Answers",
    "DataError",
    "Fault",
    "Schema",
    "Spine",
    "Statistic",
    "UnknownStatisticError",
    "are_synthetic",
    "check_answers",
    "check_package",
    "check_table",
    "check_yaml",
    "chosen_folder",
    "describe",
    "digest",
    "may_show_rows",
    "read_categories",
    "read_counties",
    "read_resources",
    "read_schema",
    "read_statistics",
    "read_survey",
    "read_table",
    "read_titles",
    "relative",
    "smallest_cell",
    "wording",
]
