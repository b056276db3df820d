"""Each act by example: what it does, whom it asks, what it refuses."""

import pytest

from given import Given
from tongban import cases
from tongban.cases import Stage
from tongban.foundation.work import Work


@pytest.mark.parametrize("stage", list(Stage))
def test_a_case_comes_to_every_stage(work: Work, given: Given, stage: Stage) -> None:
    case = given.case(stage=stage)

    assert case.stage is stage
    assert cases.case(work, number=case.number) == case
