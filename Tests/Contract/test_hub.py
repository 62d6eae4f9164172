"""The hub, asked by DagsHub's own client, by hand, and by a tester that reads the interface's document."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
import requests

CLIENT = """
import json, os, sys
import dagshub
from dagshub.common.api import RepoAPI, UserAPI
from dagshub.common.api.repo import BranchNotFoundError, RepoNotFoundError

host, owner, name = sys.argv[1:]
dagshub.init(repo_owner=owner, repo_name=name)
dagshub.init(repo_owner=owner, repo_name=name)
told = {variable: os.environ[variable] for variable in ("MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_USERNAME")}
api = RepoAPI(f"{owner}/{name}", host=host)
info = api.get_repo_info()
told |= {"full_name": info.full_name, "empty": info.empty, "owner": info.owner.login, "clone": info.clone_url}
told["me"] = UserAPI.get_current_user(host=host).username
made = dagshub.upload.create_repo(name + "-2", description="two words", private=True)
told["created"] = RepoAPI(f"{made.owner}/{made.name}", host=host).get_repo_info().private
try:
    RepoAPI(f"{owner}/nothing", host=host).get_repo_info()
except RepoNotFoundError:
    told["absent"] = True
try:
    dagshub.upload.create_repo(name)
except RuntimeError as error:
    told["taken"] = str(error)
print("TOLD " + json.dumps(told))
"""


@pytest.fixture(scope="module")
def hub(new_roost):
    with new_roost() as server:
        yield server


def dagshub(server, folder, program, *arguments):
    """What a program that uses DagsHub's client tells."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW_", "DAGSHUB_"))
    }
    environment |= {
        "DAGSHUB_CLIENT_HOST": server.url,
        "DAGSHUB_USER_TOKEN": "a-token",
        "DAGSHUB_CLIENT_TOKENS_CACHE": str(folder / "tokens"),
        "DAGSHUB_DISABLE_ANALYTICS": "true",
        "DAGSHUB_QUIET": "true",
        "HOME": str(folder),
    }
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", program, server.url, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    told = [line for line in done.stdout.splitlines() if line.startswith("TOLD ")]
    return json.loads(told[-1].removeprefix("TOLD "))


def test_the_client_of_dagshub_makes_and_reads_repositories(hub, tmp_path):
    told = dagshub(hub, tmp_path, CLIENT, "local", "iris")

    taken = told.pop("taken")
    assert told == {
        "MLFLOW_TRACKING_URI": f"{hub.url}/local/iris.mlflow",
        "MLFLOW_TRACKING_USERNAME": "local",
        "full_name": "local/iris",
        "empty": True,
        "owner": "local",
        "clone": f"{hub.url}/local/iris.git",
        "me": "local",
        "created": True,
        "absent": True,
    }
    assert "already" in taken, taken


def test_lists_are_paged_with_links(hub):
    address = f"{hub.url}/api/v1"
    for number in range(3):
        name = f"page{number}"
        assert requests.post(f"{address}/user/repos", json={"name": name}).status_code == 201

    found = []
    url = f"{address}/repos/search?q=page&limit=2"
    while url:
        answer = requests.get(url)
        assert answer.headers["X-Total-Count"] == "3"
        found += [repository["name"] for repository in answer.json()["data"]]
        url = answer.links.get("next", {}).get("url")
    assert found == ["page0", "page1", "page2"]
    assert requests.get(f"{address}/repos/search?limit=101").status_code == 422


def test_an_old_address_leads_to_the_new_one(hub):
    address = f"{hub.url}/api/v1"
    requests.post(f"{address}/user/repos", json={"name": "old"}).raise_for_status()
    renamed = requests.patch(f"{address}/repos/local/old", json={"name": "new"})
    assert renamed.json()["full_name"] == "local/new"

    moved = requests.get(f"{address}/repos/local/old?a=b", allow_redirects=False)
    assert moved.status_code == 308
    assert moved.headers["Location"] == "/api/v1/repos/local/new?a=b"
    assert requests.get(f"{address}/repos/local/old").json()["name"] == "new"


def test_a_form_needs_a_token_in_a_header(hub):
    address = f"{hub.url}/api/v1/user/repos"
    refused = requests.post(address, data={"name": "form"})
    assert refused.status_code == 422, refused.text
    # A page elsewhere can make a browser send nothing, too.
    assert requests.post(f"{hub.url}/api/v1/repos/local/new/forks").status_code in (404, 422)
    made = requests.post(
        address, data={"name": "form", "private": "True"}, headers={"Authorization": "token a-token"}
    )
    assert made.status_code == 201
    assert made.json()["private"] is True


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("user/repos", {"name": "../x"}, 422),
        ("user/repos", {"name": "-x"}, 422),
        ("user/repos", {"name": "x.git"}, 422),
        ("user/repos", {"name": 7}, 422),
        ("user/repos", {}, 422),
        ("user/repos", {"name": "site", "website": "javascript:alert(1)"}, 422),
        ("user/orgs", {"username": "api"}, 422),
        ("user/keys", {"key": "command=\"sh\" ssh-ed25519 AAAA"}, 422),
        ("org/nothing/repos", {"name": "x"}, 404),
    ],
)
def test_what_cannot_be_made_is_refused_with_words(hub, path, body, status):
    answer = requests.post(f"{hub.url}/api/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["message"]


def test_a_deleted_repository_comes_back(hub):
    address = f"{hub.url}/api/v1"
    made = requests.post(f"{address}/user/repos", json={"name": "gone"}).json()
    assert requests.delete(f"{address}/repos/local/gone").status_code == 204
    assert requests.get(f"{address}/repos/local/gone").status_code == 404
    deleted = requests.get(f"{address}/user/repos/deleted").json()
    assert [repository["id"] for repository in deleted] == [made["id"]]
    assert requests.post(f"{address}/user/repos", json={"name": "gone"}).status_code == 422
    restored = requests.post(f"{address}/user/repos/deleted/{made['id']}/restore", json={})
    assert restored.json()["full_name"] == "local/gone"


def test_a_fork_holds_what_its_parent_holds(hub, tmp_path):
    address = f"{hub.url}/api/v1"
    requests.post(f"{address}/user/repos", json={"name": "parent"}).raise_for_status()
    requests.post(f"{address}/user/orgs", json={"username": "lab"}).raise_for_status()
    work = tmp_path / "work"
    git = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-C", str(work)]
    subprocess.run(["git", "init", "-q", "-b", "main", str(work)], check=True)
    (work / "README.md").write_text("# Iris\n")
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "Begin"], check=True)
    subprocess.run([*git, "push", "-q", f"{hub.url}/local/parent.git", "main"], check=True)

    assert requests.get(f"{address}/repos/local/parent").json()["empty"] is False
    fork = requests.post(f"{address}/repos/local/parent/forks", json={"organization": "lab"})
    assert fork.status_code == 202, fork.text
    assert fork.json()["parent"]["full_name"] == "local/parent"
    assert fork.json()["empty"] is False
    subprocess.run(["git", "clone", "-q", fork.json()["clone_url"], str(tmp_path / "fork")], check=True)
    assert (tmp_path / "fork/README.md").read_text() == "# Iris\n"
    forks = requests.get(f"{address}/repos/local/parent/forks").json()
    assert [repository["full_name"] for repository in forks] == ["lab/parent"]


def test_a_tester_that_reads_the_document_finds_no_fault_of_the_server(hub, tmp_path):
    address = f"{hub.url}/api/v1"
    requests.post(f"{address}/user/repos", json={"name": "1"}).raise_for_status()
    command = [
        str(pathlib.Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{address}/openapi.json",
        *("--checks", "not_a_server_error", "--max-examples", os.environ.get("ROOST_FUZZ_EXAMPLES", "25")),
        *("--phases", "examples,coverage,fuzzing", "--request-timeout", "20", "--seed", "1"),
        *("--header", "Authorization: Bearer a-token", "--warnings", "off", "--continue-on-failure"),
    ]
    environment = os.environ | {"NO_COLOR": "1", "HOME": str(tmp_path)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert hub.is_running()
