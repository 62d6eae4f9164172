"""Repositories as MLflow has them: each with a whole service at `/{owner}/{name}.mlflow`, and as workspaces of MLflow 3.

Every story of the newest stock client is told in one repository; another, and the default workspace, must know nothing
of it.
"""

import contextlib

import mlflow
import pytest
import requests
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from test_stock_client import EVERYONES, OF_3, tell

VERSION = "3.17.2"


@pytest.fixture(scope="module")
def server(new_roost):
    with new_roost(options=["--enable-workspaces"]) as server:
        for name in ["iris", "wine"]:
            answer = requests.post(f"{server.url}/api/3.0/mlflow/workspaces", json={"name": name})
            assert answer.status_code == 201, answer.text
        yield server


@pytest.fixture(scope="module")
def told(server, workshop):
    """What came of all stories in the repository `local/iris`."""
    return tell(VERSION, f"{server.url}/local/iris.mlflow", workshop / "repository-stories")


@pytest.fixture
def client(server):
    return MlflowClient(server.url)


@contextlib.contextmanager
def workspace(name):
    mlflow.set_workspace(name)
    try:
        yield
    finally:
        mlflow.set_workspace(None)


@pytest.mark.parametrize("name", [name for version, name in EVERYONES + OF_3 if version == VERSION])
def test_a_repository_has_the_whole_service(name, told):
    problem = told[name]["problem"]
    assert problem is None, f"{problem}"


def test_no_repository_sees_into_another(server, told):
    assert told
    iris = MlflowClient(f"{server.url}/local/iris.mlflow")
    experiment = iris.create_experiment("secret")
    run = iris.create_run(experiment)
    iris.log_param(run.info.run_id, "a", "1")
    iris.create_registered_model("secret-model")
    assert len(iris.search_registered_models()) > 0

    for address in [f"{server.url}/local/wine.mlflow", server.url]:
        other = MlflowClient(address)
        assert [found.name for found in other.search_experiments()] == ["Default"]
        assert other.search_registered_models() == []
        assert other.search_model_versions() == []
        assert other.get_experiment_by_name("secret") is None
        for ask in [
            lambda: other.get_run(run.info.run_id),
            lambda: other.log_param(run.info.run_id, "b", "2"),
            lambda: other.delete_run(run.info.run_id),
            lambda: other.get_registered_model("secret-model"),
        ]:
            with pytest.raises(MlflowException) as refusal:
                ask()
            assert refusal.value.error_code == "RESOURCE_DOES_NOT_EXIST"
        answer = requests.get(f"{address}/api/2.0/mlflow-artifacts/artifacts", params={"path": ""})
        assert answer.json().get("files", []) == []
    assert iris.get_run(run.info.run_id).data.params == {"a": "1"}


def test_experiments_are_numbered_in_each_repository(server):
    wine = MlflowClient(f"{server.url}/local/wine.mlflow")
    assert wine.get_experiment("0").name == "Default"
    assert wine.create_experiment("first") == "1"


def test_nothing_is_at_the_address_of_no_repository(server):
    answer = requests.get(f"{server.url}/local/none.mlflow/api/2.0/mlflow/experiments/get?experiment_id=0")
    assert answer.status_code == 404
    assert answer.json()["error_code"] == "RESOURCE_DOES_NOT_EXIST"


def test_workspaces_are_repositories(server, client):
    mlflow.set_tracking_uri(server.url)
    made = client.create_workspace("paper", description="for the paper")
    assert (made.name, made.description) == ("paper", "for the paper")
    assert {"default", "iris", "wine", "paper"} <= {found.name for found in client.list_workspaces()}
    assert client.update_workspace("paper", description="printed").description == "printed"
    assert client.get_workspace("local--paper").description == "printed"
    with workspace("paper"):
        mlflow.set_experiment("drafts")
        with mlflow.start_run() as run:
            mlflow.log_metric("pages", 8)
            mlflow.log_text("hello", "note.txt")
        found = client.get_experiment_by_name("drafts")
        assert found.workspace == "paper"
        assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/note.txt") == "hello"
    assert client.get_experiment_by_name("drafts") is None
    other = MlflowClient(f"{server.url}/local/paper.mlflow")
    assert other.get_run(run.info.run_id).data.metrics == {"pages": 8}


@pytest.mark.parametrize(
    ("name", "code"),
    [("paper2", "RESOURCE_DOES_NOT_EXIST"), ("Paper", "INVALID_PARAMETER_VALUE"), ("eve--x", "RESOURCE_DOES_NOT_EXIST")],
)
def test_a_workspace_that_is_not_there_is_told(server, name, code):
    answer = requests.get(
        f"{server.url}/api/2.0/mlflow/experiments/get?experiment_id=0", headers={"X-MLFLOW-WORKSPACE": name}
    )
    assert answer.json()["error_code"] == code


def test_a_name_is_given_once(client):
    with pytest.raises(MlflowException) as refusal:
        client.create_workspace("iris")
    assert refusal.value.error_code == "RESOURCE_ALREADY_EXISTS"


def test_workspaces_must_be_asked_for(roost):
    assert requests.get(f"{roost.url}/api/3.0/mlflow/workspaces").status_code == 503
    answer = requests.get(
        f"{roost.url}/api/2.0/mlflow/experiments/get?experiment_id=0", headers={"X-MLFLOW-WORKSPACE": "iris"}
    )
    assert (answer.status_code, answer.json()["error_code"]) == (400, "FEATURE_DISABLED")
