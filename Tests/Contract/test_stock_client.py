"""The stock clients of MLflow 3 and 2, unchanged, through every call that people make; see `stock_stories.py`."""

import ast
import json
import os
import pathlib
import subprocess
import sys

import pytest

PROGRAM = pathlib.Path(__file__).with_name("stock_stories.py")
CLIENTS = {"3.17.2": sys.executable, "2.22.5": os.environ.get("ROOST_MLFLOW2_PYTHON")}


def stories(*decorators):
    """The names of the stories with these decorators, read without running the program."""
    for part in ast.parse(PROGRAM.read_text()).body:
        if isinstance(part, ast.FunctionDef) and part.decorator_list:
            if part.decorator_list[0].id in decorators:
                yield part.name.replace("_", " ")


def tell(version, url, folder, *names):
    """Tells stories with the client of a version; what came of each, by name."""
    python = CLIENTS[version]
    assert python, "set ROOST_MLFLOW2_PYTHON to a Python that has mlflow 2.22.5"
    folder.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    environment["TMPDIR"] = str(folder)
    command = [python, PROGRAM, url, folder, *names]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"story"')]
    assert done.returncode == 0, done.stderr[-4000:]
    return {part["story"]: part for part in told}


@pytest.fixture(scope="module")
def told(roost, workshop):
    """What came of all stories of a version; told once, at the first question."""
    outcomes = {}

    def of(version):
        if version not in outcomes:
            outcomes[version] = tell(version, roost.url, workshop / f"stories-{version}")
        return outcomes[version]

    return of


EVERYONES = [(version, name) for version in CLIENTS for name in stories("story")]
OF_3 = [("3.17.2", name) for name in stories("story_of_3")]


@pytest.mark.parametrize(("version", "name"), EVERYONES + OF_3, ids=lambda value: value)
def test_story(version, name, told):
    problem = told(version)[name]["problem"]
    assert problem is None, f"{problem}"


@pytest.mark.slow
def test_two_gigabytes_pass_through_little_memory(roost, workshop):
    roost.forget_peak_memory()
    outcome = tell("3.17.2", roost.url, workshop / "huge", "two gigabytes")
    assert outcome["two gigabytes"]["problem"] is None
    assert roost.peak_memory_bytes() < 250 * 1024 * 1024
