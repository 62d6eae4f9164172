"""Merges by the hub's interface: of branches, and of what is new in the repository that a fork was made of."""

import base64
import subprocess

import pytest
import requests

from receiver import Receiver
from servers import wait_until

OPEN = ("--webhook-allowed-schemes", "http,https", "--webhook-allow-private-ips")


class Repository:
    """A repository of the local person or of an organization, with what is asked of it."""

    def __init__(self, server, name):
        self.server = server
        self.name = name

    @classmethod
    def make(cls, server, name):
        made = requests.post(f"{server.url}/api/v1/user/repos", json={"name": name, "auto_init": True})
        assert made.status_code == 201, made.text
        return cls(server, f"local/{name}")

    def call(self, method, path, **options):
        return requests.request(
            method, f"{self.server.url}/api/v1/repos/{self.name}{path and '/'}{path}", **options
        )

    def get(self, path):
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def write(self, path, text, branch="main", **fields):
        content = base64.b64encode(text.encode()).decode()
        body = {"content": content, "branch": branch, "message": f"Write {path}", **fields}
        made = self.call("PUT", f"contents/{path}", json=body)
        assert made.status_code == 200, made.text
        return made.json()["commit"]["sha"]

    def tip(self, branch="main"):
        return self.get(f"branches/{branch}")["commit"]["sha"]

    def merge(self, base, head, **fields):
        return self.call("POST", "merges", json={"base": base, "head": head, **fields})

    def sync(self, **fields):
        return self.call("POST", "merge-upstream", json=fields)


@pytest.fixture(scope="module")
def server(new_roost):
    with new_roost(options=OPEN) as server:
        yield server


def test_a_branch_is_merged_as_github_merges_it(server):
    iris = Repository.make(server, "merged")
    base = iris.tip()
    topic = iris.write("a.txt", "a", new_branch="topic")

    made = iris.merge("main", "topic", commit_message="Take the topic")
    assert made.status_code == 201, made.text
    commit = made.json()
    assert commit["message"] == "Take the topic\n"
    assert [parent["sha"] for parent in commit["parents"]] == [base, topic]
    assert commit["sha"] == iris.tip() != topic
    assert iris.call("GET", "raw/main/a.txt").text == "a"

    again = iris.merge("main", "topic")
    assert (again.status_code, again.content) == (204, b"")
    by_commit = iris.write("b.txt", "b", branch="topic")
    named = iris.merge("main", by_commit).json()
    assert named["message"] == f"Merge {by_commit} into main\n"


def test_what_is_not_there_is_told(server):
    iris = Repository.make(server, "absent")
    assert iris.merge("main", "nothing").status_code == 404
    assert iris.merge("nothing", "main").status_code == 404
    assert iris.merge("main", "../x").status_code == 422
    assert iris.merge("-x", "main").status_code == 422
    assert iris.call("POST", "merges", json={"base": "main"}).status_code == 422
    assert iris.call("POST", "merges", data={"base": "main", "head": "main"}).status_code == 422
    assert Repository(server, "local/none").merge("main", "x").status_code == 404


def test_conflicts_are_named_and_change_nothing(server):
    iris = Repository.make(server, "conflict")
    iris.write("a.txt", "theirs", new_branch="topic")
    tip = iris.write("a.txt", "ours")

    refused = iris.merge("main", "topic")
    assert refused.status_code == 409
    told = refused.json()
    assert told["conflicts"] == ["a.txt"]
    assert "'a.txt'" in told["message"] and "clone" in told["message"]
    assert iris.tip() == tip


def test_a_merge_is_judged_and_told_as_a_push_is(server):
    iris = Repository.make(server, "ruled")
    topic = iris.write("a.txt", "a", new_branch="topic")
    rule = {"kind": "branch", "pattern": "main", "push": "nobody", "merge": "writers"}
    assert iris.call("PUT", "rules", json=rule).status_code == 204
    refused = iris.merge("main", "topic")
    assert refused.status_code == 403 and "branch rule 'main'" in refused.json()["message"]
    assert iris.call("DELETE", "rules", json=rule).status_code == 204

    before = iris.tip()
    with Receiver() as receiver:
        config = {"url": receiver.url}
        iris.call(
            "POST", "hooks", json={"type": "gitea", "config": config, "events": ["push"]}
        ).raise_for_status()
        merge = iris.merge("main", "topic").json()["sha"]
        wait_until(lambda: receiver.heard, "the merge is told")
        told = receiver.heard[0].message
    assert (told["ref"], told["before"], told["after"]) == ("refs/heads/main", before, merge)
    assert {commit["id"] for commit in told["commits"]} == {merge, topic}
    assert told["pusher"]["login"] == "local"
    assert iris.call("PATCH", "", json={"archived": True}).status_code == 200
    assert iris.merge("main", "topic").status_code == 403


def test_a_fork_is_brought_up_to_its_parent(server, tmp_path):
    parent = Repository.make(server, "parent")
    requests.post(f"{server.url}/api/v1/user/orgs", json={"username": "lab"}).raise_for_status()
    parent.call("POST", "forks", json={"organization": "lab"}).raise_for_status()
    fork = Repository(server, "lab/parent")

    none = fork.sync(branch="main")
    assert none.status_code == 200, none.text
    assert (none.json()["merge_type"], none.json()["base_branch"]) == ("none", "local:main")
    new = parent.write("theirs.txt", "theirs")
    moved = fork.sync(branch="main", ff_only=True)
    assert moved.json()["merge_type"] == "fast-forward", moved.text
    assert fork.tip() == new

    own = fork.write("ours.txt", "ours")
    new = parent.write("theirs.txt", "more")
    only = fork.sync(branch="main", ff_only=True)
    assert only.status_code == 400 and "without a merge" in only.json()["message"]
    assert fork.sync().json()["merge_type"] == "merge"
    assert [commit["sha"] for commit in fork.get(f"commits/{fork.tip()}")["commit"]["parents"]] == [own, new]
    subprocess.run(
        ["git", "clone", "-q", f"{server.url}/lab/parent.git", str(tmp_path / "clone")], check=True
    )
    assert (tmp_path / "clone/theirs.txt").read_text() == "more"

    parent.write("both.txt", "theirs")
    tip = fork.write("both.txt", "ours")
    conflict = fork.sync(branch="main")
    assert (conflict.status_code, conflict.json()["conflicts"]) == (409, ["both.txt"])
    assert fork.tip() == tip
    assert fork.sync(branch="nothing").status_code == 404
    assert parent.sync(branch="main").status_code == 422
