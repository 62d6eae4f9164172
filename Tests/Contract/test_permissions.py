"""Permissions for single experiments and models: as `mlflow server --app-name basic-auth` answers, and what they open.

In each server `ann` looks after everything; `eve` and `bob` have an account and nothing else. In Roost all happens in a
private repository of ann's.
"""

import json
import os
import pathlib
import re
import subprocess

import mlflow
import pytest
import requests
from mlflow.exceptions import MlflowException
from mlflow.server import get_app_client
from mlflow.tracking import MlflowClient

from servers import BasicAuth, wait_until
from test_accounts import PASSWORD, Team, set_up_link

PEOPLE = ["ann", "bob", "eve"]
MLFLOW = "/api/2.0/mlflow"
USERS = "/api/3.0/mlflow/users"
ROLES = "/api/3.0/mlflow/roles"
APPROVALS = "/api/2.0/roost/approval"


class Place:
    """Where people talk to a server: the address of its users, and that of its experiments."""

    def __init__(self, url, address, workspace):
        self.url = url
        self.address = address
        self.workspace = workspace

    def ask(self, login, method, path, **fields):
        of_server = path.startswith((ROLES, f"{MLFLOW}/users", f"{USERS}/roles", f"{USERS}/current"))
        of_server = of_server or path == f"{USERS}/permissions/list"
        sent = {"params": fields} if method == "GET" else {"json": fields}
        url = (self.url if of_server else self.address) + path
        return requests.request(method, url, auth=(login, PASSWORD), timeout=60, **sent)

    def make(self, path, **fields):
        answer = self.ask("ann", "POST", MLFLOW + path, **fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def experiment(self, name):
        id = self.make("/experiments/create", name=name)["experiment_id"]
        run = self.make("/runs/create", experiment_id=id, run_name=name)["run"]["info"]["run_id"]
        return id, run


@pytest.fixture(scope="module")
def roost(new_roost):
    with new_roost(options=("--auth", "--enable-workspaces")) as server:
        team = Team(server)
        wait_until(lambda: "/set-up/" in server.log.read_text(), "the link is printed")
        assert team.submit(set_up_link(server), login="ann", password=PASSWORD)[0] == 303
        for login in PEOPLE[1:]:
            team.add(login)
        made = requests.post(
            f"{server.url}/api/v1/user/repos", json={"name": "iris", "private": True}, auth=("ann", PASSWORD)
        )
        assert made.status_code == 201, made.text
        yield Place(server.url, f"{server.url}/ann/iris.mlflow", "iris")


@pytest.fixture(scope="module")
def basic_auth(workshop):
    with BasicAuth(workshop / "basic-auth", "ann", PASSWORD) as server:
        place = Place(server.url, server.url, "default")
        for login in PEOPLE[1:]:
            place.make("/users/create", username=login, password=PASSWORD)
        yield place


def grant(who, permission, of="eve", type="experiment", id="{open}"):
    fields = {"username": of, "resource_type": type, "resource_id": id, "permission": permission}
    return (who, "POST", f"{USERS}/permissions/grant", fields)


def revoke(who, of="eve", type="experiment", id="{open}"):
    fields = {"username": of, "resource_type": type, "resource_id": id}
    return (who, "POST", f"{USERS}/permissions/revoke", fields)


def check(who, of="eve", type="experiment", id="{open}"):
    fields = {"username": of, "resource_type": type, "resource_id": id}
    return (who, "GET", f"{USERS}/permissions/get", fields)


def call(who, method, path, **fields):
    return (who, method, MLFLOW + path, fields)


def roles(who, method, path, **fields):
    return (who, method, ROLES + path, fields)


#: What is not there, and what is and may not be seen, are the same thing in Roost: 404 where the original says 403.
ABSENT = "absent"
#: Roost says so, and why it is not what the original says stands beside it.
CONVERSATION = [
    (grant("ann", "READ"), None),
    (grant("ann", "READ"), None),
    (grant("ann", "NO_PERMISSIONS"), None),
    (grant("ann", "NOTHING"), None),
    (grant("ann", "READ", of="nobody"), None),
    (grant("ann", "READ", type="thing"), None),
    (grant("ann", "READ", type="workspace", id="*"), None),
    # What does not exist might be somebody else's tomorrow.
    (grant("ann", "READ", of="bob", id="999"), (404, "RESOURCE_DOES_NOT_EXIST")),
    # Permissions only add here; and everything of a type is a role in the repository.
    (grant("ann", "DENY", of="bob", type="registered_model", id="hidden"), (400, "INVALID_PARAMETER_VALUE")),
    (grant("ann", "READ", of="bob", type="prompt", id="*"), (501, "NOT_IMPLEMENTED")),
    (grant("ann", "READ", of="bob", type="trace", id="*"), (501, "NOT_IMPLEMENTED")),
    (("ann", "POST", f"{USERS}/permissions/grant", {"username": "eve"}), None),
    (grant("eve", "READ", of="bob"), None),
    (grant("eve", "READ", of="bob", id="{closed}"), ABSENT),
    (check("ann"), None),
    (check("eve"), None),
    (check("ann", of="nobody"), None),
    (check("ann", type="thing"), None),
    (check("ann", type="workspace", id="*"), None),
    (check("eve", of="bob"), None),
    (check("ann", id="{closed}"), None),
    (call("eve", "GET", "/experiments/get", experiment_id="{open}"), None),
    (call("eve", "GET", "/experiments/get", experiment_id="{closed}"), ABSENT),
    (call("eve", "GET", "/experiments/get", experiment_id="999"), ABSENT),
    (call("eve", "GET", "/experiments/get-by-name", experiment_name="closed"), ABSENT),
    (call("eve", "POST", "/experiments/search", max_results=100), None),
    (call("eve", "POST", "/runs/search", experiment_ids=["{open}", "{closed}"]), None),
    (call("eve", "GET", "/runs/get", run_id="{closed_run}"), ABSENT),
    (call("eve", "POST", "/runs/create", experiment_id="{open}"), None),
    (call("eve", "POST", "/runs/create", experiment_id="{closed}"), ABSENT),
    (call("eve", "POST", "/runs/delete", run_id="{open_run}"), None),
    (call("eve", "POST", "/experiments/delete", experiment_id="{open}"), None),
    (call("eve", "GET", "/registered-models/search"), None),
    (call("eve", "GET", "/registered-models/get", name="hidden"), ABSENT),
    (revoke("eve"), None),
    (revoke("ann"), None),
    (revoke("ann"), None),
    (grant("ann", "EDIT"), None),
    (call("eve", "POST", "/runs/set-tag", run_id="{open_run}", key="a", value="b"), None),
    (call("eve", "POST", "/runs/set-tag", run_id="{closed_run}", key="a", value="b"), ABSENT),
    (call("eve", "POST", "/runs/delete", run_id="{open_run}"), None),
    (grant("eve", "READ", of="bob"), None),
    (revoke("ann"), None),
    (grant("ann", "MANAGE"), None),
    (grant("eve", "READ", of="bob"), None),
    (check("ann", of="bob"), None),
    (call("eve", "POST", "/experiments/delete", experiment_id="{open}"), None),
    (call("eve", "POST", "/experiments/restore", experiment_id="{open}"), None),
    (revoke("eve", of="bob"), None),
    (grant("ann", "READ", type="registered_model", id="shown"), None),
    (call("eve", "GET", "/registered-models/search"), None),
    (("ann", "GET", f"{USERS}/permissions/list", {"username": "eve"}), None),
    (("eve", "GET", f"{USERS}/permissions/list", {"username": "eve"}), None),
    (("eve", "GET", f"{USERS}/permissions/list", {"username": "ann"}), None),
    (("eve", "GET", f"{USERS}/current/permissions", {}), None),
    (("eve", "GET", f"{USERS}/roles/list", {"username": "eve"}), None),
    (("ann", "GET", f"{USERS}/roles/list", {"username": "nobody"}), None),
    (call("ann", "POST", "/registered-models/rename", name="shown", new_name="renamed"), "any"),
    (call("eve", "GET", "/registered-models/search"), None),
    (call("ann", "DELETE", "/registered-models/delete", name="renamed"), None),
    (call("ann", "POST", "/registered-models/create", name="renamed"), "any"),
    (call("eve", "GET", "/registered-models/search"), None),
    (roles("ann", "POST", "/create", name="readers", workspace="{workspace}", description="who reads"), None),
    (roles("ann", "POST", "/create", name="readers", workspace="{workspace}"), None),
    (roles("ann", "POST", "/create", name="__user_9__", workspace="{workspace}"), None),
    (roles("ann", "POST", "/create", name="", workspace="{workspace}"), (400, "INVALID_PARAMETER_VALUE")),
    (roles("bob", "POST", "/create", name="mine", workspace="{workspace}"), None),
    (roles("ann", "GET", "/get", role_id="{role}"), None),
    (roles("ann", "GET", "/get", role_id="999"), None),
    (roles("ann", "GET", "/get", role_id="x"), None),
    (roles("ann", "GET", "/get"), None),
    (roles("bob", "GET", "/get", role_id="{role}"), None),
    (roles("bob", "GET", "/get", role_id="999"), None),
    (roles("bob", "GET", "/list"), None),
    (
        roles(
            "ann",
            "POST",
            "/permissions/add",
            role_id="{role}",
            resource_type="experiment",
            resource_pattern="{closed}",
            permission="READ",
        ),
        None,
    ),
    (
        roles(
            "ann",
            "POST",
            "/permissions/add",
            role_id="{role}",
            resource_type="experiment",
            resource_pattern="{closed}",
            permission="EDIT",
        ),
        None,
    ),
    (roles("ann", "POST", "/assign", role_id="{role}", username="bob"), None),
    (roles("ann", "POST", "/assign", role_id="{role}", username="bob"), None),
    (roles("ann", "POST", "/assign", role_id="{role}", username="nobody"), None),
    (call("bob", "GET", "/experiments/get", experiment_id="{closed}"), None),
    (roles("bob", "GET", "/get", role_id="{role}"), None),
    (roles("bob", "PATCH", "/update", role_id="{role}", name="mine"), None),
    (roles("ann", "PATCH", "/update", role_id="{role}"), None),
    (roles("ann", "PATCH", "/update", role_id="{role}", name="viewers", description="d"), None),
    (roles("ann", "GET", "/users/list", role_id="{role}"), None),
    (roles("ann", "GET", "/permissions/list", role_id="{role}"), None),
    (roles("ann", "PATCH", "/permissions/update", role_permission_id=999, permission="READ"), None),
    (roles("ann", "DELETE", "/permissions/remove", role_permission_id=999), None),
    (roles("ann", "DELETE", "/unassign", role_id="{role}", username="bob"), None),
    (roles("ann", "DELETE", "/unassign", role_id="{role}", username="bob"), None),
    (call("bob", "GET", "/experiments/get", experiment_id="{closed}"), ABSENT),
    (roles("ann", "DELETE", "/delete", role_id="{role}"), None),
    (roles("ann", "DELETE", "/delete", role_id="{role}"), None),
]


def told(place):
    """What a server says to each question of the conversation: its status and its body."""
    open, open_run = place.experiment("open")
    closed, closed_run = place.experiment("closed")
    for name in ["shown", "hidden"]:
        place.make("/registered-models/create", name=name)
    names = {"open": open, "open_run": open_run, "closed": closed, "closed_run": closed_run}
    names |= {"workspace": place.workspace, "role": ""}
    answers = []
    for (login, method, path, fields), _ in CONVERSATION:
        answer = place.ask(login, method, path, **filled(fields, names))
        body = (
            json.loads(answer.text) if answer.headers["Content-Type"] == "application/json" else answer.text
        )
        if path == f"{ROLES}/create" and answer.status_code == 200:
            names["role"] = body["role"]["id"]
        answers.append((answer.status_code, normal(body, names)))
    return answers


def filled(value, names):
    if isinstance(value, dict):
        return {key: filled(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, names) for part in value]
    if isinstance(value, str) and re.fullmatch(r"\{\w+\}", value):
        return names[value[1:-1]]
    return value


def normal(body, names):
    """A body without what two servers number, name and time otherwise."""
    if isinstance(body, str):
        return {"error_code": "PERMISSION_DENIED"} if body == "Permission denied" else body
    if body.get("error_code") == "PERMISSION_DENIED":
        return {"error_code": "PERMISSION_DENIED"}
    if "message" in body:
        text = body["message"].split(" Error: (")[0]
        for name in ["open", "closed"]:
            text = text.replace(f"resource_id={names[name]} ", f"resource_id=<{name}> ")
            text = text.replace(f"resource_pattern={names[name]})", f"resource_pattern=<{name}>)")
        text = text.replace(f"workspace={names['workspace']})", "workspace=<workspace>)")
        text = re.sub(r"(role_id=|user_id=|with id=)(?!999)\d+", r"\1<id>", text)
        return {"error_code": body["error_code"], "message": text}
    return without_times(body, names)


def without_times(value, names):
    if isinstance(value, dict):
        return {
            key: f"<{key}>"
            if key in ("id", "role_id", "user_id", "workspace")
            else without_times(part, names)
            for key, part in sorted(value.items())
            if not re.search("time|location|uri|run_name|run_id|run_uuid|role_name|status", key)
        }
    if isinstance(value, list):
        return [without_times(part, names) for part in value]
    if isinstance(value, str):
        known = {value: f"<{name}>" for name, value in names.items()}
        return "<own role>" if re.fullmatch(r"__user_\d+__", value) else known.get(value, value)
    return value


def test_answers_as_basic_auth_does(roost, basic_auth):
    expected, actual = told(basic_auth), told(roost)
    problems = []
    for (question, difference), theirs, ours in zip(CONVERSATION, expected, actual):
        title = f"{' '.join(question[:3])} {question[3]}\n    original: {theirs}\n    roost:    {ours}"
        if difference is None:
            if theirs != ours:
                problems.append(title)
        elif difference == "any":
            if theirs[0] != ours[0]:
                problems.append(title)
        elif difference == ABSENT:
            if ours[0] != 404 or theirs[0] != 403:
                problems.append(title)
        elif (ours[0], ours[1]["error_code"]) != difference or theirs[0] == ours[0] != 400:
            problems.append(title)
    assert not problems, "\n".join(problems)


@pytest.fixture
def by(monkeypatch):
    def become(login):
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", login)
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)

    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    yield become
    # Clients of later modules would go on to ask this server.
    mlflow.set_tracking_uri("")
    mlflow.set_registry_uri("")


def refused(action, code="RESOURCE_DOES_NOT_EXIST"):
    with pytest.raises(MlflowException) as refusal:
        action()
    assert refusal.value.error_code == code, refusal.value


def test_a_stranger_uses_one_experiment_and_nothing_else(roost, by, tmp_path):
    open, run = roost.experiment("shared")
    closed, closed_run = roost.experiment("kept")
    by("ann")
    client = MlflowClient(roost.address)
    (tmp_path / "secret.txt").write_text("secret")
    client.log_artifact(run, tmp_path / "secret.txt")
    client.log_artifact(closed_run, tmp_path / "secret.txt")
    client.log_metric(run, "loss", 1.0)
    client.log_metric(closed_run, "loss", 1.0)
    auth = get_app_client("basic-auth", tracking_uri=roost.address)

    by("bob")
    refused(lambda: client.get_experiment(open))
    by("ann")
    auth.grant_user_permission("bob", "experiment", open, "READ")
    by("bob")
    assert auth.get_user_permission("bob", "experiment", open).permission == "READ"
    assert client.get_experiment(open).name == "shared"
    by_header = requests.get(
        f"{roost.url}{MLFLOW}/experiments/get",
        params={"experiment_id": open},
        headers={"X-MLFLOW-WORKSPACE": "ann--iris"},
        auth=("bob", PASSWORD),
    )
    assert by_header.json()["experiment"]["name"] == "shared"
    assert [found.name for found in client.search_experiments()] == ["shared"]
    assert [found.info.run_id for found in client.search_runs([open, closed])] == [run]
    assert [point.value for point in client.get_metric_history(run, "loss")] == [1.0]
    assert pathlib.Path(client.download_artifacts(run, "secret.txt", tmp_path)).read_text() == "secret"
    for action in [
        lambda: client.get_experiment(closed),
        lambda: client.get_run(closed_run),
        lambda: client.get_metric_history(closed_run, "loss"),
        lambda: client.list_artifacts(closed_run),
        lambda: client.log_param(closed_run, "a", "b"),
        lambda: auth.grant_user_permission("bob", "experiment", closed, "MANAGE"),
    ]:
        refused(action)
    for action in [
        lambda: client.log_param(run, "a", "b"),
        lambda: client.create_run(open),
        lambda: client.create_experiment("mine"),
        lambda: client.create_registered_model("mine"),
        lambda: client.delete_experiment(open),
        lambda: client.log_artifact(run, tmp_path / "secret.txt"),
    ]:
        with pytest.raises(
            (MlflowException, requests.HTTPError), match="PERMISSION_DENIED|403|404|No repository"
        ):
            action()

    by("ann")
    auth.revoke_user_permission("bob", "experiment", open)
    auth.grant_user_permission("bob", "experiment", open, "EDIT")
    by("bob")
    mlflow.set_tracking_uri(roost.address)
    with mlflow.start_run(experiment_id=open) as mine:
        mlflow.log_params({"a": 1})
        mlflow.log_metrics({"b": 2.0})
        mlflow.log_text("text", "folder/file.txt")
    assert client.get_run(mine.info.run_id).data.params == {"a": "1"}
    assert [found.path for found in client.list_artifacts(mine.info.run_id)] == ["folder"]
    refused(lambda: client.delete_experiment(open), "PERMISSION_DENIED")
    refused(lambda: auth.grant_user_permission("eve", "experiment", open, "READ"), "PERMISSION_DENIED")

    by("ann")
    auth.revoke_user_permission("bob", "experiment", open)
    auth.grant_user_permission("bob", "experiment", open, "MANAGE")
    by("bob")
    auth.grant_user_permission("eve", "experiment", open, "READ")
    by("eve")
    assert client.get_experiment(open).name == "shared"
    by("bob")
    client.delete_experiment(open)
    client.restore_experiment(open)
    for path in [
        "/ann/iris",
        "/ann/iris/experiments",
        f"/ann/iris/experiments/{open}",
        "/api/v1/repos/ann/iris",
    ]:
        assert requests.get(roost.url + path, auth=("bob", PASSWORD)).status_code == 404, path
    by("ann")
    auth.revoke_user_permission("bob", "experiment", open)
    by("bob")
    refused(lambda: client.get_experiment(open))


def test_who_reads_a_model_loads_its_files_and_no_others(roost, by, tmp_path):
    experiment, run = roost.experiment("training")
    by("ann")
    client = MlflowClient(roost.address)
    for name in ["model", "other"]:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "MLmodel").write_text(name)
        client.log_artifacts(run, folder, name)
        client.create_registered_model(name)
        client.create_model_version(name, f"{client.get_run(run).info.artifact_uri}/{name}", run)
    get_app_client("basic-auth", tracking_uri=roost.address).grant_user_permission(
        "bob", "registered_model", "model", "READ"
    )
    by("bob")
    mlflow.set_tracking_uri(roost.address)
    mlflow.set_registry_uri(roost.address)
    local = mlflow.artifacts.download_artifacts("models:/model/1", dst_path=str(tmp_path / "got"))
    assert (pathlib.Path(local) / "MLmodel").read_text() == "model"
    refused(lambda: client.get_model_version("other", "1"))
    files = f"{roost.address}/api/2.0/mlflow-artifacts/artifacts"
    inside = f"{experiment}/{run}/artifacts"
    for path, status in [
        (f"{inside}/model/MLmodel", 200),
        (f"{inside}/other/MLmodel", 404),
        (f"{inside}/model/../other/MLmodel", 400),
        (f"{inside}/model%2F..%2Fother/MLmodel", 400),
        (f"{inside}/mode", 404),
        (f"{inside}/model2", 404),
        (inside, 404),
    ]:
        asked = requests.Request("GET", "http://x", auth=("bob", PASSWORD)).prepare()
        asked.url = f"{files}/{path}"
        with requests.Session() as session:
            assert session.send(asked).status_code == status, path
    for path, status in [(f"{inside}/model", 200), (inside, 404), (experiment, 404), ("", 403)]:
        listed = requests.get(files, params={"path": path}, auth=("bob", PASSWORD))
        assert listed.status_code == status, path
    for method in ["PUT", "DELETE"]:
        answer = requests.request(
            method, f"{files}/{inside}/model/MLmodel", auth=("bob", PASSWORD), data=b"x"
        )
        assert answer.status_code in (403, 404)
    refused(lambda: client.get_run(run))


OLDER = """
import json, os, sys
from mlflow.exceptions import MlflowException
from mlflow.server import get_app_client

users, place = (get_app_client("basic-auth", tracking_uri=url) for url in sys.argv[1:3])
experiment, model = sys.argv[3:5]
said = []

def tell(action):
    try:
        answer = action()
        said.append(answer.to_json() if answer is not None else None)
    except MlflowException as refusal:
        said.append([refusal.error_code, refusal.message])

tell(lambda: users.create_user("otto", "a grey heron stands"))
tell(lambda: place.create_experiment_permission(experiment, "otto", "READ"))
tell(lambda: place.create_experiment_permission(experiment, "otto", "READ"))
tell(lambda: place.create_experiment_permission(experiment, "otto", "NOTHING"))
tell(lambda: place.create_experiment_permission(experiment, "nobody", "READ"))
tell(lambda: place.get_experiment_permission(experiment, "otto"))
tell(lambda: place.get_experiment_permission(experiment, "eve"))
tell(lambda: place.update_experiment_permission(experiment, "otto", "EDIT"))
tell(lambda: place.update_experiment_permission(experiment, "eve", "EDIT"))
tell(lambda: place.get_experiment_permission(experiment, "otto"))
tell(lambda: place.create_registered_model_permission(model, "otto", "MANAGE"))
tell(lambda: place.get_registered_model_permission(model, "otto"))
tell(lambda: place.update_registered_model_permission(model, "otto", "NO_PERMISSIONS"))
tell(lambda: place.get_registered_model_permission(model, "otto"))
tell(lambda: place.delete_registered_model_permission(model, "otto"))
tell(lambda: place.delete_registered_model_permission(model, "otto"))
tell(lambda: place.delete_experiment_permission(experiment, "otto"))
tell(lambda: users.create_experiment_permission("0", "otto", "MANAGE"))
tell(lambda: users.create_experiment_permission("0", "eve", "READ"))
tell(lambda: users.get_user("otto"))
tell(lambda: users.delete_user("otto"))
print(json.dumps(said))
"""


def test_the_client_of_mlflow_2_gives_and_takes(roost):
    """What it is told is what MLflow 2.22.5 says, by its `mlflow/server/auth/sqlalchemy_store.py`."""
    python = os.environ.get("ROOST_MLFLOW2_PYTHON")
    assert python, "set ROOST_MLFLOW2_PYTHON to a Python that has mlflow 2.22.5"
    experiment, _ = roost.experiment("older")
    roost.make("/registered-models/create", name="older")
    environment = os.environ | {"MLFLOW_TRACKING_USERNAME": "ann", "MLFLOW_TRACKING_PASSWORD": PASSWORD}
    command = [python, "-c", OLDER, roost.url, roost.address, experiment, "older"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])

    user = said[0]["id"]
    lacks = f"Experiment permission with experiment_id={experiment} and username=eve not found"
    assert said[0]["experiment_permissions"] == []

    def of_experiment(permission, id=experiment):
        return {"experiment_id": id, "user_id": user, "permission": permission}

    def of_model(permission):
        return {"name": "older", "user_id": user, "permission": permission}

    def refusal(code, message):
        return [code, f"{code}: {message}"]

    assert said[1] == of_experiment("READ")
    assert said[2][0] == "RESOURCE_ALREADY_EXISTS"
    assert said[2][1].startswith(
        "RESOURCE_ALREADY_EXISTS: Experiment permission "
        f"(experiment_id={experiment}, username=otto) already exists."
    )
    assert said[3] == refusal(
        "INVALID_PARAMETER_VALUE",
        "Invalid permission 'NOTHING'. Valid permissions are: ('READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS')",
    )
    assert said[4] == refusal("RESOURCE_DOES_NOT_EXIST", "User with username=nobody not found")
    assert said[5] == of_experiment("READ")
    assert said[6] == refusal("RESOURCE_DOES_NOT_EXIST", lacks)
    assert said[7] is None
    assert said[8] == refusal("RESOURCE_DOES_NOT_EXIST", lacks)
    assert said[9] == of_experiment("EDIT")
    assert said[10] == said[11] == of_model("MANAGE")
    assert said[12] is None
    assert said[13] == of_model("NO_PERMISSIONS")
    assert said[14] is None
    assert said[15] == refusal(
        "RESOURCE_DOES_NOT_EXIST", "Registered model permission with name=older and username=otto not found"
    )
    assert said[16] is None
    assert said[17] == of_experiment("MANAGE", "0")
    # Everybody who has an account writes the default workspace, and less for one experiment would be no less.
    assert said[18][0] == "INVALID_PARAMETER_VALUE"
    assert "takes nothing of that away" in said[18][1]
    assert said[19]["experiment_permissions"] == [of_experiment("MANAGE", "0")]
    assert said[20] is None


def test_permissions_are_in_the_audit(roost, by):
    """Who gave what to whom is known afterwards."""
    experiment, _ = roost.experiment("noted")
    for question in [
        grant("ann", "READ", of="eve", id=experiment),
        revoke("ann", of="eve", id=experiment),
    ]:
        login, method, path, fields = question
        assert roost.ask(login, method, path, **fields).status_code == 200
    audit = requests.get(f"{roost.url}/admin/audit.jsonl", auth=("ann", PASSWORD))
    lines = [
        line for line in audit.text.splitlines() if f'"object":"{experiment}"' in line.replace(": ", ":")
    ]
    kinds = sorted(re.search(r'"kind":\s*"([^"]+)"', line)[1] for line in lines)
    assert kinds == ["permission.given", "permission.taken"]
    assert all("ann/iris" in line and "eve" in line for line in lines)


def test_who_may_change_one_model_sees_and_withdraws_what_they_asked_for(roost, by):
    by("ann")
    client = MlflowClient(roost.address)
    for name in ["asked", "unseen"]:
        client.create_registered_model(name)
        client.create_model_version(name, "s3://bucket/model")
        rule = {"name": name, "alias": "*", "approvals": 1}
        assert roost.ask("ann", "POST", f"{APPROVALS}-rules/set", **rule).status_code == 200
        with pytest.raises(MlflowException, match="needs 1 approval"):
            client.set_registered_model_alias(name, "first", "1")
    get_app_client("basic-auth", tracking_uri=roost.address).grant_user_permission(
        "eve", "registered_model", "asked", "EDIT"
    )
    by("eve")
    with pytest.raises(MlflowException, match="needs 1 approval"):
        MlflowClient(roost.address).set_registered_model_alias("asked", "mine", "1")

    def requests_of(who, name):
        listed = roost.ask(who, "GET", f"{APPROVALS}-requests/list", name=name)
        return listed.status_code, {r["alias"]: r["id"] for r in listed.json().get("requests", [])}

    assert requests_of("eve", "unseen")[0] in (403, 404)
    status, found = requests_of("eve", "asked")
    assert status == 200 and set(found) == {"first", "mine"}
    foreign = requests_of("ann", "unseen")[1]["first"]
    for id, status in [(found["mine"], 200), (foreign, 404)]:
        assert roost.ask("eve", "GET", f"{APPROVALS}-requests/get", request_id=id).status_code == status
    for verb, id, status in [
        ("withdraw", found["first"], 403),
        ("withdraw", foreign, 404),
        ("approve", found["first"], 404),
        ("refuse", found["first"], 404),
        ("withdraw", found["mine"], 200),
    ]:
        answer = roost.ask("eve", "POST", f"{APPROVALS}-requests/{verb}", request_id=id)
        assert answer.status_code == status, (verb, answer.text)
