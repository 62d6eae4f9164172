"""Each case of the tables is told to the original server and to Roost; they must answer the same.

What Roost answers otherwise on purpose is listed, with its reason, in `oracle/differences.py`.
"""

import json
import pathlib

import pytest

from oracle.differences import CASES as DIFFERENCES
from oracle.judge import judge
from oracle.session import converse
from oracle.tables import TABLES

CASES = [case for table in TABLES for case in table]


@pytest.fixture(scope="module")
def roost(new_roost):
    """A Roost that has heard only these conversations, as the original has."""
    with new_roost() as server:
        yield server


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_answers_as_the_original_does(case, request, original):
    expected = converse(case, original)
    folder = request.config.getoption("--record")
    if folder:
        return record(case, expected, pathlib.Path(folder))
    actual = converse(case, request.getfixturevalue("roost"))
    problems = judge(case.name, expected, actual)
    assert not problems, "\n\n".join(problems)


def test_every_listed_difference_names_a_case():
    known = {case.name for case in CASES}
    assert set(DIFFERENCES) <= known


def record(case, transcript, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{case.name.split(':')[0].replace(' ', '-')}.txt").open("a") as file:
        file.write(f"## {case.name}\n")
        for title, value in transcript:
            file.write(f"{title}\n    {shown(value)}\n")


def shown(value):
    if (
        isinstance(value, list)
        and len(value) == 3
        and isinstance(value[2], dict)
        and "error_code" in value[2]
    ):
        status, _, body = value
        return f"{status} {body['error_code']}: {json.dumps(body['message'], ensure_ascii=False)}"
    return json.dumps(value, ensure_ascii=False)
