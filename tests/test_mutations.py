"""Single faults in the data files never pass: a sample in `make test`, all of them in `make test-slow`."""

from __future__ import annotations

import random

import pytest

from mutations import mutations, outcome, small_package

ALL = list(mutations(seed=1))


def assert_none_is_missed(faults, tmp_path_factory):
    for fault in faults:
        package = small_package(fault.resource, tmp_path_factory.mktemp("data"))
        result = outcome(fault, package)
        place = f"{fault.resource}, {fault.kind}, row {fault.row}, {fault.column}"
        assert not result.startswith("MISSED"), f"{place}: {result}"


def test_a_fault_in_the_data_never_passes(tmp_path_factory):
    by_kind = {kind: [fault for fault in ALL if fault.kind == kind] for kind in {fault.kind for fault in ALL}}
    assert len(by_kind) >= 12
    rng = random.Random(7)
    sample = [fault for kind in sorted(by_kind) for fault in rng.sample(by_kind[kind], 2)]
    assert_none_is_missed(sample, tmp_path_factory)


@pytest.mark.slow
def test_no_fault_of_any_kind_in_any_file_passes(tmp_path_factory):
    assert len(ALL) >= 500
    assert_none_is_missed(ALL, tmp_path_factory)
