"""`MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX` refuses what it refuses in the original."""

import pytest

from requests_by_hand import Line
from servers import Original, Roost

VARIABLE = {"MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX": r"^(s3://team-[a-z]+/.+|models:/)|x{3,5}$"}
PROMPT = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]


class StrictOriginal(Original):
    def environment(self):
        return super().environment() | VARIABLE


class StrictRoost(Roost):
    def environment(self):
        return super().environment() | VARIABLE


@pytest.fixture(scope="module")
def strict_original(workshop):
    with StrictOriginal(workshop / "strict-original") as server:
        yield server


@pytest.fixture(scope="module")
def strict_roost(workshop):
    with StrictRoost(workshop / "strict-roost") as server:
        yield server


def answers(server):
    line = Line(server)
    line.post("registered-models/create", {"name": "iris"})
    line.post("registered-models/create", {"name": "greeting", "tags": PROMPT})
    told = []
    for fields in [
        {"source": "s3://team-blue/model"},
        {"source": "s3://other/model"},
        {"source": "s3://other/xxxx"},
        {"source": " s3://team-blue/model"},
        {"source": "S3://team-blue/model"},
        {"source": "models:/iris/1"},
        {"source": "runs:/0123/model"},
        {"source": "/etc/passwd"},
        {"source": ""},
        {"source": "s3://team-blue/a", "name": "never made"},
        {"source": "s3://other/a", "name": "never made"},
        {"source": "s3://other/a", "name": "a:b"},
        {"source": "dummy-source", "name": "greeting", "tags": PROMPT},
    ]:
        status, answer = line.send("POST", "model-versions/create", {"name": "iris", **fields})
        told.append((fields, status, answer.get("message") or answer["model_version"]["version"]))
    line.close()
    return told


def test_a_source_that_the_expression_does_not_match_is_refused_as_in_the_original(strict_roost, strict_original):
    expected = answers(strict_original)
    assert [status for _, status, _ in expected].count(200) == 3
    assert answers(strict_roost) == expected
