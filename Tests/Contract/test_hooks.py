"""Hooks of repositories are told what happens, in Gitea's words, signed, and nothing is lost."""

import base64
import hashlib
import hmac
import json

import pytest
import requests
from mlflow import MlflowClient

from receiver import Receiver
from servers import wait_until

OPEN = ("--webhook-allowed-schemes", "http,https", "--webhook-allow-private-ips")
SECRET = "a quiet word"


class Repository:
    """A repository of the local person, with what is asked of it."""

    def __init__(self, server, name):
        self.server = server
        self.name = name
        requests.post(f"{server.url}/api/v1/user/repos", json={"name": name}).raise_for_status()

    def call(self, method, path, **options):
        return requests.request(method, f"{self.server.url}/api/v1/repos/local/{self.name}/{path}", **options)

    def hook(self, url, *events, **fields):
        config = {"url": url, "secret": SECRET, **fields.pop("config", {})}
        made = self.call("POST", "hooks", json={"type": "gitea", "config": config, "events": list(events), **fields})
        assert made.status_code == 201, made.text
        return made.json()

    def commit(self, path, branch="main", text="x"):
        content = base64.b64encode(text.encode()).decode()
        files = [{"operation": "create", "path": path, "content": content}]
        made = self.call("POST", "contents", json={"files": files, "branch": branch, "message": f"Add {path}"})
        assert made.status_code == 201, made.text
        return made.json()["commit"]["id"]

    def client(self):
        address = f"{self.server.url}/local/{self.name}.mlflow"
        return MlflowClient(tracking_uri=address, registry_uri=address)


@pytest.fixture(scope="module")
def server(new_roost):
    with new_roost(options=OPEN) as server:
        yield server


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def told(receiver, count, seconds=15):
    """What a receiver has heard, once it is so much."""
    wait_until(lambda: len(receiver.heard) >= count, f"{count} deliveries came", seconds)
    assert len(receiver.heard) == count, [one.headers["X-Gitea-Event"] for one in receiver.heard]
    return receiver.heard


def test_pushes_branches_and_tags_are_told_as_gitea_tells_them(server, receiver):
    repository = Repository(server, "pushed")
    repository.hook(receiver.url, "push", "create", "delete")
    first = repository.commit("a.txt")
    second = repository.commit("b.txt")
    repository.call("POST", "branches", json={"new_branch_name": "topic"}).raise_for_status()
    repository.call("POST", "tags", json={"tag_name": "v1"}).raise_for_status()
    repository.call("DELETE", "branches/topic").raise_for_status()

    heard = told(receiver, 8)
    assert [one.headers["X-Gitea-Event"] for one in heard] == [
        "create", "push", "push", "create", "push", "create", "push", "delete"
    ]
    new, push, tag, gone = heard[1].message, heard[2].message, heard[5].message, heard[7].message
    assert (new["ref"], new["before"], new["after"]) == ("refs/heads/main", "0" * 40, first)
    assert (push["before"], push["after"], push["total_commits"]) == (first, second, 1)
    (commit,) = push["commits"]
    assert (commit["id"], commit["message"], commit["added"]) == (second, "Add b.txt\n", ["b.txt"])
    assert push["head_commit"]["id"] == second
    assert push["repository"]["full_name"] == "local/pushed"
    assert push["repository"]["clone_url"] == f"{server.url}/local/pushed.git"
    assert push["pusher"]["login"] == push["sender"]["login"] == "local"
    assert heard[4].message["commits"] == []
    assert (tag["ref"], tag["ref_type"], tag["sha"]) == ("v1", "tag", second)
    assert (gone["ref"], gone["ref_type"]) == ("topic", "branch")


def test_a_hook_is_told_of_the_branches_that_it_asks_for(server, receiver):
    repository = Repository(server, "filtered")
    hook = repository.hook(receiver.url, "push", "create", branch_filter="{main,release/*}")
    assert hook["branch_filter"] == "{main,release/*}"
    first = repository.commit("a.txt")
    for name in ("topic", "release/1.0"):
        repository.call("POST", "branches", json={"new_branch_name": name}).raise_for_status()
    repository.call("POST", "tags", json={"tag_name": "v1"}).raise_for_status()
    heard = told(receiver, 6)
    assert [one.message["ref"] for one in heard] == [
        "main", "refs/heads/main", "release/1.0", "refs/heads/release/1.0", "v1", "refs/tags/v1"
    ]
    assert heard[1].message["after"] == first
    path = f"hooks/{hook['id']}"
    assert repository.call("PATCH", path, json={"branch_filter": "[a"}).status_code == 422
    assert repository.call("PATCH", path, json={"active": True}).json()["branch_filter"] == "{main,release/*}"
    assert repository.call("PATCH", path, json={"branch_filter": ""}).json()["branch_filter"] == ""


def test_a_push_is_told_in_bounds(server, receiver):
    repository = Repository(server, "long")
    repository.commit("a.txt")
    repository.hook(receiver.url, "push")
    content = base64.b64encode(b"x").decode()
    files = [{"operation": "create", "path": "b.txt", "content": content}]
    made = repository.call("POST", "contents", json={"files": files, "branch": "main", "message": "é" * 20_000})
    assert made.status_code == 201, made.text

    (push,) = told(receiver, 1)
    (commit,) = push.message["commits"]
    assert commit["added"] == ["b.txt"] and commit["message"] == "é" * 4_096
    assert push.message["head_commit"] == commit


def test_each_delivery_is_signed_as_each_tool_expects(server, receiver):
    repository = Repository(server, "signed")
    repository.hook(receiver.url, "push")
    repository.hook(receiver.url, "push", config={"content_type": "form", "secret": ""}, type="gogs")
    repository.commit("a.txt")

    plain = next(one for one in told(receiver, 2) if one.headers["Content-Type"] == "application/json")
    (form,) = (one for one in receiver.heard if one is not plain)
    code = hmac.new(SECRET.encode(), plain.body, hashlib.sha256).hexdigest()
    for name in ("X-Gitea-Signature", "X-Gogs-Signature"):
        assert plain.headers[name] == code
    assert plain.headers["X-Hub-Signature-256"] == "sha256=" + code
    stamped = f"{plain.headers['X-Roost-Delivery']}.{plain.headers['X-Roost-Timestamp']}.".encode() + plain.body
    timed = base64.b64encode(hmac.new(SECRET.encode(), stamped, hashlib.sha256).digest()).decode()
    assert plain.headers["X-Roost-Signature"] == f"v1,{timed}"
    assert not any("Signature" in name for name in form.headers)
    assert form.message["ref"] == "refs/heads/main"
    assert form.headers["X-Gogs-Event"] == form.headers["X-GitHub-Event"] == "push"


def test_runs_and_versions_are_told(server, receiver):
    repository = Repository(server, "learned")
    repository.hook(receiver.url, "run.finished", "model_version.created", "model_version.moved")
    client = repository.client()
    run = client.create_run("0")
    client.update_run(run.info.run_id, status="FAILED")
    client.update_run(run.info.run_id, name="another name")
    client.create_registered_model("iris")
    client.create_model_version("iris", "s3://bucket/model", run.info.run_id)
    client.set_registered_model_alias("iris", "champion", "1")
    client.transition_model_version_stage("iris", "1", "Production")
    client.delete_registered_model_alias("iris", "champion")

    finished, created, set_, staged, removed = (one.message for one in told(receiver, 5))
    assert finished["run"]["run_id"] == run.info.run_id
    assert finished["run"]["status"] == "FAILED"
    assert created["model_version"] == {
        "name": "iris", "version": 1, "source": "s3://bucket/model", "run_id": run.info.run_id
    }
    assert (set_["action"], set_["alias"], set_["to"]) == ("alias_set", "champion", 1)
    assert (staged["action"], staged["from"], staged["to"]) == ("stage_changed", "None", "Production")
    assert removed["action"] == "alias_removed"
    assert all(one["repository"]["name"] == "learned" for one in (created, set_, staged, removed))


def test_what_has_changed_since_is_told_as_it_was(server, receiver):
    """All of this ends before the first of it is told, and the last deleted release left its number on SQLite once."""
    repository = Repository(server, "hasty")
    repository.commit("a.txt")
    repository.hook(receiver.url, "release", "run.finished")
    client = repository.client()
    run = client.create_run("0").info.run_id
    for name in ("FIRST", "SECOND"):
        fields = {"tag_name": "v1", "name": name, "body": f"{name} words", "target_commitish": "main"}
        made = repository.call("POST", "releases", json=fields)
        assert made.status_code == 201, made.text
        repository.call("DELETE", f"releases/{made.json()['id']}").raise_for_status()
    client.set_terminated(run, "FAILED", end_time=7_000)
    client.update_run(run, status="RUNNING")

    *releases, finished = (one.message for one in told(receiver, 5))
    assert [(one["action"], one["release"]["name"]) for one in releases] == [
        ("published", "FIRST"), ("deleted", "FIRST"), ("published", "SECOND"), ("deleted", "SECOND")
    ]
    first = releases[0]["release"]
    assert (first["tag_name"], first["body"], first["target_commitish"]) == ("v1", "FIRST words", "main")
    assert (first["draft"], first["prerelease"], first["assets"]) == (False, False, [])
    assert first["author"]["login"] == "local" and first["published_at"]
    assert (finished["run"]["status"], finished["run"]["end_time"]) == ("FAILED", 7_000)


def test_a_receiver_that_was_down_hears_each_event_once(server):
    repository = Repository(server, "patient")
    receiver = Receiver().reserve()
    repository.hook(receiver.url, "push")
    commits = [repository.commit(f"{number}.txt") for number in range(3)]
    server.kill()
    server.start()
    commits.append(repository.commit("after.txt"))

    with receiver:
        heard = told(receiver, 4, seconds=60)
    assert [one.message["after"] for one in heard] == commits
    assert len({one.headers["X-Roost-Delivery"] for one in heard}) == 4


def test_a_hook_is_tested_and_told_again(server, receiver):
    repository = Repository(server, "again")
    hook = repository.hook(receiver.url, "release")
    path = f"hooks/{hook['id']}"
    assert repository.call("POST", f"{path}/tests", json={}).status_code == 204
    (first,) = told(receiver, 1)
    assert (first.headers["X-Gitea-Event"], first.message["commits"]) == ("push", [])

    def deliveries():
        return repository.call("GET", f"{path}/deliveries").json()

    wait_until(lambda: deliveries()[0]["status"] == "delivered", "the delivery has ended")
    (delivery,) = deliveries()
    shown = repository.call("GET", f"{path}/deliveries/{delivery['id']}").json()
    assert shown["payload"] == first.message
    again = repository.call("POST", f"{path}/deliveries/{delivery['id']}/redeliver", json={})
    assert again.status_code == 202, again.text
    assert told(receiver, 2)[1].headers["X-Roost-Delivery"] == delivery["id"]


def test_hooks_are_changed_and_never_tell_their_secret(server, receiver):
    repository = Repository(server, "changed")
    hook = repository.hook(receiver.url, "push")
    assert hook["config"] == {"content_type": "json", "url": receiver.url}
    assert hook["has_secret"] and SECRET not in json.dumps(hook)
    path = f"hooks/{hook['id']}"
    changed = repository.call("PATCH", path, json={"active": False, "events": ["create"], "config": {"secret": ""}})
    assert changed.json()["has_secret"] is False
    assert repository.call("POST", f"{path}/tests", json={}).status_code == 400
    for wrong in (
        {"events": ["pushed"]},
        {"events": []},
        {"config": {"url": "ftp://127.0.0.1/"}},
        {"config": {"content_type": "xml"}},
        {"config": "text"},
    ):
        assert repository.call("PATCH", path, json=wrong).status_code == 422, wrong
    for kind in ("slack", "mlflow", ""):
        new = {"type": kind, "config": {"url": receiver.url}, "events": ["push"]}
        refused = repository.call("POST", "hooks", json=new)
        assert refused.status_code == 422 and "mlflow" not in refused.json()["message"], refused.text
    assert repository.call("GET", "hooks").json() == [repository.call("GET", path).json()]
    assert repository.call("DELETE", path).status_code == 204
    assert repository.call("GET", path).status_code == 404


def test_hooks_and_webhooks_of_mlflow_do_not_see_one_another(server, receiver):
    repository = Repository(server, "apart")
    repository.hook(receiver.url, "push", "model_version.created")
    client = repository.client()
    assert list(client.list_webhooks()) == []
    webhook = client.create_webhook(name="hook", url=receiver.url, events=["registered_model.created"])
    assert len(repository.call("GET", "hooks").json()) == 1
    client.create_registered_model("iris")
    (one,) = told(receiver, 1)
    assert one.message["entity"] == "registered_model"
    assert [found.webhook_id for found in client.list_webhooks()] == [webhook.webhook_id]
