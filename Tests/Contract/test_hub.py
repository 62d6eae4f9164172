"""The hub, asked by DagsHub's own client, by hand, and by a tester that reads the interface's document."""

import base64
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


UPLOADS = """
import io, json, pathlib, sys
from dagshub.common.api import RepoAPI
from dagshub.common.api.repo import BranchNotFoundError
from dagshub.streaming import DagsHubFilesystem
from dagshub.upload import Repo
from dagshub.upload.errors import InvalidLastCommitError, UpdateNotAllowedError, VersioningConflictError

host, owner, name = sys.argv[1:]
repo, api, told = Repo(owner, name, branch="main"), RepoAPI(f"{owner}/{name}", host=host), {}
here = pathlib.Path("files")
(here / "deep/er").mkdir(parents=True)
(here / "a b.txt").write_text("one")
(here / "deep/er/c.bin").write_bytes(bytes(range(256)))


def refusal(action):
    try:
        action()
    except Exception as error:
        return type(error).__name__


repo.upload_files([("top.txt", io.BytesIO(b"top"))], versioning="git", commit_message="First")
told["first"] = api.get_branch_info("main").commit.message
repo.upload(str(here), remote_path="data/set", versioning="git", commit_message="A folder")
told["again"] = refusal(lambda: repo.upload_files([("top.txt", io.BytesIO(b"other"))], versioning="git"))
told["old tip"] = refusal(
    lambda: repo.upload_files([("top.txt", io.BytesIO(b"other"))], versioning="git", last_commit="0" * 40)
)
told["dvc"] = refusal(lambda: repo.upload_files([("big.bin", io.BytesIO(b"other"))], versioning="dvc"))
tip = api.get_branch_info("main").commit.id
repo.upload_files([("top.txt", io.BytesIO(b"new"))], versioning="git", force=True)
told["moved"] = api.get_branch_info("main").commit.id != tip
told["parent"] = api.get_commit_info(tip).message
side = Repo(owner, name, branch="side/branch")
side.upload_files([("side.txt", io.BytesIO(b"side"))], versioning="git")
told["side"] = api.get_branch_info("side/branch").name
told["no branch"] = refusal(lambda: api.get_branch_info("nothing"))

root = pathlib.Path("mounted").absolute()
root.mkdir()
files = DagsHubFilesystem(project_root=str(root), repo_url=f"{host}/{owner}/{name}", branch="main", token="a-token")
told["root"] = sorted(path.name for path in map(pathlib.Path, files.listdir(str(root))))
told["folder"] = sorted(files.listdir(str(root / "data/set")))
with files.open(str(root / "top.txt")) as text:
    told["text"] = text.read()
with files.open(str(root / "data/set/deep/er/c.bin"), "rb") as binary:
    told["binary"] = binary.read() == bytes(range(256))
with files.open(str(root / "data/set/a b.txt")) as text:
    told["spaced"] = text.read()
told["absent"] = refusal(lambda: files.open(str(root / "data/none.txt")))
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


def test_the_client_of_dagshub_uploads_and_streams(hub, tmp_path):
    requests.post(f"{hub.url}/api/v1/user/repos", json={"name": "stream"}).raise_for_status()
    told = dagshub(hub, tmp_path, UPLOADS, "local", "stream")

    assert told == {
        "first": "First\n",
        "again": "UpdateNotAllowedError",
        "old tip": "InvalidLastCommitError",
        "dvc": "VersioningConflictError",
        "moved": True,
        "parent": "A folder\n",
        "side": "side/branch",
        "no branch": "BranchNotFoundError",
        "root": [".dagshub-streaming", "data", "top.txt"],
        "folder": ["a b.txt", "deep"],
        "text": "new",
        "binary": True,
        "spaced": "one",
        "absent": "FileNotFoundError",
    }


def test_a_repository_tells_of_what_was_pushed(hub):
    address = f"{hub.url}/api/v1"
    empty = requests.post(f"{address}/user/repos", json={"name": "told"}).json()
    assert (empty["size"], empty["pushed_at"], empty["default_branch"]) == (0, None, "main")
    file = {"operation": "create", "path": "a.txt", "content": base64.b64encode(b"a" * 5000).decode()}
    requests.post(f"{address}/repos/local/told/contents", json={"files": [file]}).raise_for_status()
    requests.post(f"{address}/repos/local/told/branches", json={"new_branch_name": "next"}).raise_for_status()

    told = requests.get(f"{address}/repos/local/told").json()
    assert told["size"] > 0 and not told["empty"] and not told["mirror"]
    assert told["pushed_at"] == told["updated_at"] >= empty["updated_at"]
    listed = requests.get(f"{address}/user/repos?limit=100").json()
    assert {repository["name"]: repository["size"] for repository in listed}["told"] == told["size"]
    changed = requests.patch(f"{address}/repos/local/told", json={"default_branch": "next"})
    assert changed.json()["default_branch"] == "next"
    assert requests.patch(f"{address}/repos/local/told", json={"default_branch": "no"}).status_code == 422
    refused = {"default_branch": "main", "website": "no address"}
    assert requests.patch(f"{address}/repos/local/told", json=refused).status_code == 422
    assert requests.get(f"{address}/repos/local/told").json()["default_branch"] == "next"


def test_a_refused_change_changes_nothing(hub):
    address = f"{hub.url}/api/v1"
    made = {"name": "whole", "private": True, "auto_init": True}
    before = requests.post(f"{address}/user/repos", json=made).json()
    refused = {"name": "other", "private": False, "description": "two words", "default_branch": "no"}
    answer = requests.patch(f"{address}/repos/local/whole", json=refused)
    assert answer.status_code == 422 and "There is no branch 'no'." in answer.json()["message"], answer.text
    after = requests.get(f"{address}/repos/local/whole", allow_redirects=False)
    assert after.status_code == 200
    for field in ("private", "description", "default_branch"):
        assert after.json()[field] == before[field], field


def test_addresses_are_those_by_which_the_server_is_asked(new_roost):
    options = ("--ssh-address", "git@git.example.com:2222", "--behind-proxy", "--no-auth")
    with new_roost(options=options) as server:
        address = f"{server.url}/api/v1"
        requests.post(f"{address}/user/repos", json={"name": "iris"}).raise_for_status()
        told = requests.get(f"{address}/repos/local/iris", headers={"X-Forwarded-Proto": "https"}).json()
    secure = server.url.replace("http://", "https://")
    assert told["clone_url"] == f"{secure}/local/iris.git"
    assert told["html_url"] == f"{secure}/local/iris"
    assert told["ssh_url"] == "ssh://git@git.example.com:2222/local/iris.git"
    with new_roost(options=("--trusted-proxies", "192.0.2.1")) as server:
        made = requests.post(
            f"{server.url}/api/v1/user/repos", json={"name": "iris"}, headers={"X-Forwarded-Proto": "https"}
        )
    assert made.json()["clone_url"] == f"{server.url}/local/iris.git"


def test_a_repository_begins_on_the_branch_that_is_asked_for(hub):
    address = f"{hub.url}/api/v1"
    for name, wish in (("on-trunk", {"auto_init": True}), ("on-trunk-empty", {})):
        made = {"name": name, "default_branch": "trunk", **wish}
        requests.post(f"{address}/user/repos", json=made).raise_for_status()
        change = {"content": base64.b64encode(b"a").decode()}
        requests.post(f"{address}/repos/local/{name}/contents/a.txt", json=change).raise_for_status()
        assert requests.get(f"{address}/repos/local/{name}").json()["default_branch"] == "trunk"
        branches = requests.get(f"{address}/repos/local/{name}/branches").json()
        assert [branch["name"] for branch in branches] == ["trunk"]
    refused = requests.post(f"{address}/user/repos", json={"name": "on-none", "default_branch": "a b"})
    assert refused.status_code == 422 and "name of a branch" in refused.json()["message"]
    assert requests.get(f"{address}/repos/local/on-none").status_code == 404


def test_several_files_change_in_one_commit(hub):
    address = f"{hub.url}/api/v1"
    made = {"name": "edit", "auto_init": True, "gitignores": "Python", "license": "MIT", "description": "Flowers"}
    requests.post(f"{address}/user/repos", json=made).raise_for_status()
    repository = f"{address}/repos/local/edit"
    paths = [entry["path"] for entry in requests.get(f"{repository}/content/main/").json()]
    assert paths == [".gitignore", "LICENSE", "README.md"]
    readme = requests.get(f"{repository}/readme").json()
    assert base64.b64decode(readme["content"]) == b"# edit\n\nFlowers\n"

    def encoded(text):
        return base64.b64encode(text.encode()).decode()

    files = [
        {"operation": "create", "path": "src/a.py", "content": encoded("a = 1\n")},
        {"operation": "update", "path": "README.md", "content": encoded("# Edit\n"), "sha": readme["hash"]},
        {"operation": "delete", "path": "LICENSE"},
        {"operation": "rename", "from_path": ".gitignore", "path": "ignored"},
    ]
    changed = requests.post(f"{repository}/contents", json={"files": files, "message": "All at once"})
    assert changed.status_code == 201, changed.text
    commit = requests.get(f"{repository}/commits/{changed.json()['commit']['id'][:12]}").json()
    assert commit["commit"]["message"] == "All at once\n"
    assert commit["commit"]["added"] == ["src/a.py"]
    assert requests.get(f"{repository}/raw/main/src/a.py").text == "a = 1\n"
    stale = requests.put(
        f"{repository}/contents/README.md", json={"content": encoded("x"), "sha": readme["hash"]}
    )
    assert stale.status_code == 409, stale.text
    stale = requests.put(
        f"{repository}/contents/README.md", json={"content": encoded("x"), "last_commit": "0" * 40}
    )
    assert stale.status_code == 409, stale.text
    for name in ("one", "two"):
        requests.post(f"{repository}/contents/d/{name}.txt", json={"content": ""}).raise_for_status()
    folder = {"files": [{"operation": "delete", "path": "d"}]}
    for refused in (
        requests.delete(f"{repository}/contents/d"),
        requests.post(f"{repository}/contents", json=folder),
    ):
        assert refused.status_code == 422 and "'recursive': true" in refused.json()["message"], refused.text
    requests.delete(f"{repository}/contents/d/one.txt").raise_for_status()
    requests.delete(f"{repository}/contents/d", json={"recursive": True}).raise_for_status()
    assert requests.get(f"{repository}/content/main/d").status_code == 404
    for path in ("../x", ".git/config", "a/.GIT/hooks/x", "git~1/x", "a//b", "a/./b"):
        refused = requests.post(
            f"{repository}/contents", json={"files": [{"operation": "create", "path": path, "content": ""}]}
        )
        assert refused.status_code == 422, (path, refused.text)
    for name in ("-x", "@", "HEAD/x", "refs/heads/z"):
        assert requests.post(f"{repository}/branches", json={"new_branch_name": name}).status_code == 422, name
    assert requests.post(f"{repository}/branches", json={"new_branch_name": "topic/a"}).status_code == 201
    requests.post(
        f"{repository}/contents/b.txt", json={"content": encoded("b\n"), "branch": "topic/a"}
    ).raise_for_status()
    compared = requests.get(f"{repository}/compare/main...topic/a").json()
    assert (compared["ahead_by"], compared["behind_by"]) == (1, 0)
    assert compared["files"][0]["patch"].endswith("+b\n")
    assert requests.get(f"{repository}/content/topic/a/b.txt").json()["path"] == "b.txt"
    assert requests.post(f"{repository}/tags", json={"tag_name": "v1", "message": "One"}).status_code == 201
    assert requests.get(f"{repository}/tags/v1").json()["message"].strip() == "One"
    archive = requests.get(f"{repository}/archive/v1.zip")
    assert archive.content[:2] == b"PK"
    renamed = requests.post(f"{repository}/branches/topic/a/rename", json={"new_name": "topic/b"})
    assert (renamed.status_code, renamed.json()["name"]) == (201, "topic/b"), renamed.text
    assert requests.patch(f"{repository}/branches/topic/b", json={"name": "topic/a"}).status_code == 204
    assert requests.get(f"{repository}/branches/topic/b").status_code == 404
    assert requests.patch(f"{repository}/branches/topic/a", json={"name": "main"}).status_code == 422
    assert requests.patch(f"{repository}/branches/main", json={"name": "trunk"}).status_code == 204
    assert requests.get(repository).json()["default_branch"] == "trunk"
    requests.patch(f"{repository}/branches/trunk", json={"name": "main"}).raise_for_status()
    assert requests.delete(f"{repository}/branches/topic/a").status_code == 204
    assert requests.delete(f"{repository}/branches/main").status_code == 400
    assert [branch["name"] for branch in requests.get(f"{repository}/branches").json()] == ["main"]
    assert len(requests.get(f"{repository}/commits?limit=1").json()) == 1


def test_files_trees_refs_and_commits_are_told_as_gitea_tells_them(hub):
    address = f"{hub.url}/api/v1"
    version = requests.get(f"{address}/version").json()["version"]
    assert version.startswith("1.22.0+roost-"), version
    requests.post(f"{address}/user/repos", json={"name": "shapes", "auto_init": True}).raise_for_status()
    repository, page = f"{address}/repos/local/shapes", f"{hub.url}/local/shapes"

    def encoded(content):
        return base64.b64encode(content).decode()

    files = [
        {"operation": "create", "path": "src/a b.py", "content": encoded(b"a = 1\n")},
        {"operation": "create", "path": "big.bin", "content": encoded(b"0" * (1 << 20) + b"0")},
    ]
    requests.post(f"{repository}/contents", json={"files": files, "message": "Two"}).raise_for_status()
    requests.post(f"{repository}/branches", json={"new_branch_name": "topic/a"}).raise_for_status()
    later = {"content": encoded(b"b\n"), "branch": "topic/a"}
    requests.post(f"{repository}/contents/later.txt", json=later).raise_for_status()
    requests.post(f"{repository}/tags", json={"tag_name": "v1", "message": "One"}).raise_for_status()
    tip = requests.get(f"{repository}/branches/main").json()["commit"]["id"]

    root = requests.get(f"{repository}/contents").json()
    assert [(one["name"], one["type"]) for one in root] == [("README.md", "file"), ("big.bin", "file"), ("src", "dir")]
    assert requests.get(f"{repository}/contents/").json() == root
    assert all(one["content"] is None and one["encoding"] is None for one in root)
    listed = requests.get(f"{repository}/contents/src", params={"ref": "topic/a"}).json()
    assert [one["path"] for one in listed] == ["src/a b.py"]
    file = requests.get(f"{repository}/contents/src/a b.py").json()
    assert (file["type"], file["encoding"], file["size"]) == ("file", "base64", 6)
    assert base64.b64decode(file["content"]) == b"a = 1\n"
    assert requests.get(file["url"]).json() == file
    assert requests.get(file["download_url"]).content == b"a = 1\n"
    assert base64.b64decode(requests.get(file["git_url"]).json()["content"]) == b"a = 1\n"
    assert requests.get(file["html_url"]).status_code == 200 and file["html_url"].startswith(f"{page}/src/")
    large = requests.get(f"{repository}/contents/big.bin").json()
    assert (large["encoding"], large["content"], large["size"]) == ("none", "", (1 << 20) + 1)
    assert len(requests.get(large["download_url"]).content) == large["size"]
    assert requests.get(f"{repository}/contents/later.txt").status_code == 404
    assert requests.get(f"{repository}/contents/later.txt?ref=topic/a").json()["name"] == "later.txt"
    assert requests.get(f"{repository}/contents?ref=nothing").status_code == 404

    assert requests.get(f"{repository}/raw/later.txt?ref=topic/a").text == "b\n"
    assert requests.get(f"{repository}/raw/src/a b.py").text == "a = 1\n"
    assert requests.get(f"{repository}/raw/topic/a/later.txt").text == "b\n"
    assert requests.get(f"{repository}/raw/later.txt").status_code == 404

    tree = requests.get(f"{repository}/git/trees/main").json()
    assert [(one["path"], one["type"], one["mode"]) for one in tree["tree"]] == [
        ("README.md", "blob", "100644"),
        ("big.bin", "blob", "100644"),
        ("src", "tree", "040000"),
    ]
    assert (tree["truncated"], tree["total_count"]) == (False, 3)
    deep = requests.get(f"{repository}/git/trees/{tree['sha']}?recursive=1&per_page=3").json()
    assert (deep["truncated"], deep["total_count"], len(deep["tree"])) == (True, 4, 3)
    deep = requests.get(f"{repository}/git/trees/{tip}?recursive=true&per_page=3&page=2").json()
    assert (deep["truncated"], [one["path"] for one in deep["tree"]]) == (False, ["src/a b.py"])
    assert requests.get(f"{repository}/git/trees/topic/a").json()["total_count"] == 4

    refs = requests.get(f"{repository}/git/refs").json()
    assert [one["ref"] for one in refs] == ["refs/heads/main", "refs/heads/topic/a", "refs/tags/v1"]
    main = requests.get(f"{repository}/git/refs/heads/main").json()
    assert main == refs[0] and main["object"]["type"] == "commit" and main["object"]["sha"] == tip
    assert requests.get(main["url"]).json() == main
    assert requests.get(f"{repository}/git/refs/heads/topic").json() == [refs[1]]
    tag = requests.get(f"{repository}/git/refs/tags/v1").json()
    assert tag["object"]["type"] == "tag" and requests.get(tag["object"]["url"]).json()["name"] == "v1"
    assert requests.get(f"{repository}/git/refs/heads/nothing").status_code == 404

    (commit, *_) = requests.get(f"{repository}/commits").json()
    assert commit["sha"] == tip and commit["html_url"] == f"{page}/commit/{tip}"
    assert commit["commit"]["message"] == commit["message"] == "Two\n"
    assert commit["commit"]["author"]["name"] == commit["author"]["name"]
    assert commit["commit"]["author"]["date"] and commit["commit"]["committer"]["email"]
    assert commit["commit"]["tree"]["sha"] == tree["sha"]
    assert requests.get(commit["commit"]["tree"]["url"]).json() == tree
    single = requests.get(f"{repository}/commits/{tip}").json()
    for field in ("sha", "url", "html_url", "author", "committer", "parents"):
        assert single[field] == commit[field], field
    assert single["commit"]["tree"] == commit["commit"]["tree"]


def test_a_rule_holds_for_the_hub_as_for_a_push(hub):
    address = f"{hub.url}/api/v1"
    requests.post(f"{address}/user/repos", json={"name": "ruled", "auto_init": True}).raise_for_status()
    repository = f"{address}/repos/local/ruled"
    rule = {"kind": "branch", "pattern": "main", "push": "nobody", "merge": "writers"}
    assert requests.put(f"{repository}/rules", json=rule).status_code == 204
    told = requests.get(f"{repository}/rules").json()
    assert [(one["pattern"], one["push"], one["merge"], one["force"]) for one in told] == [
        ("main", "nobody", "writers", "nobody")
    ]
    file = {"content": base64.b64encode(b"x").decode()}
    refused = requests.post(f"{repository}/contents/x.txt", json=file)
    assert refused.status_code == 403, refused.text
    assert "branch rule 'main'" in refused.json()["message"]
    beside = requests.post(f"{repository}/contents/x.txt", json=file | {"new_branch": "topic"})
    assert beside.status_code == 201, beside.text
    rule |= {"push": "nobody", "push_accounts": ["local"]}
    assert requests.put(f"{repository}/rules", json=rule).status_code == 204
    assert requests.post(f"{repository}/contents/x.txt", json=file).status_code == 201
    assert requests.get(f"{repository}/rules").json()[0]["push_accounts"] == ["local"]
    requests.post(f"{address}/user/orgs", json={"username": "rulers"}).raise_for_status()
    refused = requests.put(f"{repository}/rules", json=rule | {"push_accounts": ["rulers"]})
    assert refused.status_code == 422 and "'rulers' is an organization" in refused.json()["message"]
    assert requests.get(f"{repository}/rules").json()[0]["push_accounts"] == ["local"]
    assert requests.delete(f"{repository}/rules", json=rule).status_code == 204
    assert requests.delete(f"{repository}/rules", json=rule).status_code == 404
    wrong = requests.put(f"{repository}/rules", json=rule | {"push": "everybody"})
    assert wrong.status_code == 422


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
    for limit in ("101", "1000", "0"):
        answer = requests.get(f"{address}/repos/search?q=page&limit={limit}")
        assert answer.status_code == 200 and len(answer.json()["data"]) == 3, limit
    for limit in ("-1", "x", "1.5"):
        assert requests.get(f"{address}/repos/search?limit={limit}").status_code == 422, limit


def test_an_old_address_leads_to_the_new_one(hub):
    address = f"{hub.url}/api/v1"
    requests.post(f"{address}/user/repos", json={"name": "old"}).raise_for_status()
    renamed = requests.patch(f"{address}/repos/local/old", json={"name": "new"})
    assert renamed.json()["full_name"] == "local/new"

    moved = requests.get(f"{address}/repos/local/old?a=b", allow_redirects=False)
    assert moved.status_code == 308
    assert moved.headers["Location"] == "/api/v1/repos/local/new?a=b"
    assert requests.get(f"{address}/repos/local/old").json()["name"] == "new"


def test_addresses_that_people_paste_lead_to_the_repository(hub):
    address = f"{hub.url}/api/v1"
    requests.post(f"{address}/user/repos", json={"name": "pasted", "auto_init": True}).raise_for_status()

    def go(path, **more):
        answer = requests.get(f"{hub.url}{path}", allow_redirects=False, **more)
        return answer.status_code, answer.headers.get("Location")

    assert go("/local/pasted.git") == (308, "/local/pasted")
    assert go("/local/pasted.git/?tab=x") == (308, "/local/pasted?tab=x")
    assert go("/local/pasted/") == (308, "/local/pasted")
    assert go("/local/") == (308, "/local")
    assert go("/api/v1/repos/local/pasted/") == (308, "/api/v1/repos/local/pasted")
    tracking = requests.get(f"{hub.url}/local/pasted.mlflow")
    assert tracking.status_code == 200 and tracking.url.startswith(f"{hub.url}/local/pasted")
    # Neither Git nor MLflow is led away, and nobody to another server.
    assert go("/local/pasted.git/info/refs?service=git-upload-pack")[0] == 200
    assert go("/local/pasted.git/HEAD")[0] == 404
    assert go("/local/pasted.mlflow/api/2.0/mlflow/experiments/get/")[0] == 404
    assert requests.post(f"{hub.url}/local/pasted.git", allow_redirects=False).status_code in (403, 404, 405)
    for path in ("//evil.example/", "//evil.example/x.git", "/%5Cevil.example/x.git"):
        assert not (go(path)[1] or "/x").startswith(("//", "/\\", "http")), path


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
        ("user/repos", {"name": "x", "private": True, "visibility": "public"}, 422),
        ("user/repos", {"name": "x", "visibility": "internal"}, 422),
        ("user/tokens", {"name": "x", "scopes": ["read:user"]}, 422),
        ("user/tokens", {"name": "x", "scopes": ["all"]}, 422),
        ("user/tokens", {"name": "x", "scopes": []}, 422),
        ("user/tokens", {"name": "x", "scopes": ["read:repository"], "role": "write"}, 422),
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


def test_what_is_meant_to_be_private_is_private_in_either_word(hub):
    address = f"{hub.url}/api/v1"
    made = requests.post(f"{address}/user/repos", json={"name": "unseen", "visibility": "private"})
    assert made.status_code == 201 and made.json()["private"] is True
    shown = requests.patch(f"{address}/repos/local/unseen", json={"visibility": "public"})
    assert shown.json()["private"] is False


def test_a_deleted_repository_comes_back(hub):
    address = f"{hub.url}/api/v1"
    made = requests.post(f"{address}/user/repos", json={"name": "gone"}).json()
    assert requests.delete(f"{address}/repos/local/gone").status_code == 204
    assert requests.get(f"{address}/repos/local/gone").status_code == 404
    deleted = requests.get(f"{address}/user/repos/deleted").json()
    assert [repository["id"] for repository in deleted] == [made["id"]]
    refused = requests.post(f"{address}/user/repos", json={"name": "gone"})
    assert refused.status_code == 422
    assert "'local/gone' was deleted and keeps its name: it can be restored until 2" in refused.json()["message"]
    restored = requests.post(f"{address}/user/repos/deleted/{made['id']}/restore", json={})
    assert restored.json()["full_name"] == "local/gone"

    assert requests.delete(f"{address}/user/repos/deleted/{made['id']}").status_code == 404
    assert requests.delete(f"{address}/repos/local/gone").status_code == 204
    assert requests.delete(f"{address}/user/repos/deleted/{made['id']}").status_code == 204
    assert requests.get(f"{address}/user/repos/deleted").json() == []
    restored = requests.post(f"{address}/user/repos/deleted/{made['id']}/restore", json={})
    assert restored.status_code == 404
    refused = requests.post(f"{address}/user/repos", json={"name": "gone"})
    assert "gone for good within minutes" in refused.json()["message"]


def test_an_organization_ends_when_nothing_is_its_own(hub):
    address = f"{hub.url}/api/v1"
    requests.post(f"{address}/user/orgs", json={"username": "ending"}).raise_for_status()
    requests.post(f"{address}/orgs/ending/repos", json={"name": "kept"}).raise_for_status()
    refused = requests.delete(f"{address}/orgs/ending")
    assert refused.status_code == 400 and "still has repositories, such as 'kept'" in refused.json()["message"]
    assert requests.delete(f"{address}/repos/ending/kept").status_code == 204
    # What can be restored is still its own.
    refused = requests.delete(f"{address}/orgs/ending")
    assert refused.status_code == 400
    assert "deleted repositories, such as 'kept': it can be restored until" in refused.json()["message"]
    deleted = requests.get(f"{address}/user/repos/deleted").json()
    (kept,) = [repository["id"] for repository in deleted if repository["full_name"] == "ending/kept"]
    assert requests.delete(f"{address}/user/repos/deleted/{kept}").status_code == 204
    assert requests.delete(f"{address}/orgs/ending").status_code == 204

    requests.post(f"{address}/user/orgs", json={"username": "ended"}).raise_for_status()
    assert requests.delete(f"{address}/orgs/ended").status_code == 204
    assert requests.get(f"{address}/orgs/ended").status_code == 404
    assert requests.delete(f"{address}/orgs/ended").status_code == 404
    assert requests.post(f"{address}/user/orgs", json={"username": "ended"}).status_code == 201


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
