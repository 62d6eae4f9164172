"""The stock `git` against a running Roost: what is pushed is there, whatever is killed, and memory stays small."""

import base64
import contextlib
import json
import os
import pathlib
import random
import socket
import sqlite3
import subprocess
import threading
import time

import pytest
import requests

from servers import children, postgres_programs, wait_until

PUSHERS = 3
KILLS = int(os.environ.get("ROOST_GIT_KILLS", "20"))


class Person:
    """Somebody with an own home and the stock git."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        self.home.mkdir(parents=True, exist_ok=True)

    def attempt(self, *arguments, at=".", **options):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            **{f"GIT_{who}_{what}": "ann@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        command = ["git", "-c", "init.defaultBranch=main", "-c", "safe.directory=*", *map(str, arguments)]
        return subprocess.run(
            command, cwd=self.home / at, env=environment, capture_output=True, text=True, **options
        )

    def git(self, *arguments, at=".", **options):
        done = self.attempt(*arguments, at=at, **options)
        assert done.returncode == 0, f"git {arguments}: {done.stdout}{done.stderr}"
        return done.stdout.strip()


class Hub:
    """A Roost, and what lies below it."""

    def __init__(self, server):
        self.server = server

    def rows(self, query):
        """The rows of a query whose columns are all text."""
        if self.server.database.startswith("sqlite"):
            with contextlib.closing(sqlite3.connect(self.server.database_file, timeout=30)) as database:
                rows = database.execute(query).fetchall()
                database.commit()
                return [[str(value) for value in row] for row in rows]
        answer = subprocess.run(
            [postgres_programs() / "psql", "-XqAt", "-F", "\x1f", self.server.database, "-c", query],
            capture_output=True,
            text=True,
            check=True,
        )
        return [line.split("\x1f") for line in answer.stdout.splitlines()]

    def make_repository(self, name):
        """A repository of the local person's."""
        [[key, owner]] = self.rows(
            f"""
            INSERT INTO repositories (owner_id, name, name_key, visibility, description, website, is_archived,
                created_ms, updated_ms)
            SELECT account_id, '{name}', '{name}', 'private', '', '', FALSE, 0, 0 FROM accounts
            WHERE is_server_admin
            RETURNING workspace_id, (SELECT login FROM accounts WHERE account_id = owner_id)
            """
        )
        return Repository(self, int(key), f"{owner}/{name}")


class Repository:
    def __init__(self, hub, key, name):
        self.hub = hub
        self.key = key
        self.name = name
        self.folder = hub.server.data / "repositories" / f"{key}.git"
        self.owner = Person(hub.server.folder / "owner")

    @property
    def url(self):
        return f"{self.hub.server.url}/{self.name}.git"

    def refs(self):
        lines = self.owner.git("for-each-ref", "--format=%(refname) %(objectname)", at=self.folder).splitlines()
        return dict(line.split(" ") for line in lines)

    def recorded_refs(self):
        return dict(self.hub.rows(f"SELECT name, object_id FROM git_refs WHERE workspace_id = {self.key}"))

    def histories(self):
        """What the events say that each branch was, one after the other."""
        histories = {}
        for kind, details in self.hub.rows(
            f"SELECT kind, details FROM events WHERE workspace_id = {self.key} AND kind LIKE 'git.%' ORDER BY event_id"
        ):
            change = json.loads(details)
            history = histories.setdefault(change["ref"], [None])
            assert change.get("before") == history[-1], f"{kind} of {change['ref']} does not follow on what was before"
            history.append(change.get("after"))
        return histories

    def locks(self):
        return [*self.folder.glob("*.lock"), *self.folder.glob("refs/**/*.lock")]

    def assert_sound(self):
        wait_until(lambda: self.recorded_refs() == self.refs(), "the database knows the refs on disk")
        done = self.owner.attempt("fsck", "--strict", "--no-dangling", "--connectivity-only", at=self.folder)
        assert done.returncode == 0, done.stderr
        assert {name: history[-1] for name, history in self.histories().items() if history[-1]} == self.refs()


@pytest.fixture(scope="module")
def hub(new_roost):
    with new_roost() as server:
        yield Hub(server)


def test_a_story_of_two_people(hub, tmp_path):
    repository = hub.make_repository("iris")
    ann, bob = Person(tmp_path / "ann"), Person(tmp_path / "bob")
    ann.git("clone", "-q", repository.url, "iris")
    (ann.home / "iris/a.txt").write_text("1")
    ann.git("add", ".", at="iris")
    ann.git("commit", "-qm", "one", at="iris")
    ann.git("push", "-q", "origin", "main", at="iris")
    # The address of the page is one for git, too.
    bob.git("clone", "-q", repository.url.removesuffix(".git"), "iris")
    (bob.home / "iris/a.txt").write_text("2")
    bob.git("commit", "-qam", "two", at="iris")
    bob.git("push", "-q", "origin", "main:topic", at="iris")
    ann.git("fetch", "-q", at="iris")
    assert ann.git("show", "origin/topic:a.txt", at="iris") == "2"
    ann.git("merge", "-q", "origin/topic", at="iris")
    ann.git("tag", "v1", at="iris")
    ann.git("push", "-q", "--atomic", "origin", "main", "v1", ":topic", at="iris")
    assert set(repository.refs()) == {"refs/heads/main", "refs/tags/v1"}
    repository.assert_sound()


def test_a_repository_that_is_not_there_is_not_found(hub, tmp_path):
    done = Person(tmp_path).attempt("clone", f"{hub.server.url}/ann/nothing.git")
    assert done.returncode != 0
    assert "not found" in done.stderr


@pytest.mark.slow
def test_a_large_push_and_its_clone_pass_through_little_memory(hub, tmp_path):
    """As large as ROOST_GIT_LARGE_MB says; 256 MB where it says nothing."""
    repository = hub.make_repository("large")
    ann = Person(tmp_path)
    ann.git("init", "-q", "large")
    with (ann.home / "large/noise.bin").open("wb") as file:
        for _ in range(int(os.environ.get("ROOST_GIT_LARGE_MB", "256"))):
            file.write(os.urandom(1 << 20))
    ann.git("-c", "core.compression=0", "add", ".", at="large")
    ann.git("commit", "-qm", "noise", at="large")
    hub.server.forget_peak_memory()
    before = hub.server.peak_memory_bytes()
    ann.git("push", "-q", repository.url, "main", at="large")
    assert hub.server.peak_memory_bytes() - before < 32 << 20
    ann.git("clone", "-q", "--no-checkout", repository.url, "copy")
    assert hub.server.peak_memory_bytes() - before < 32 << 20
    repository.assert_sound()


def test_who_hangs_up_leaves_neither_processes_nor_objects(hub, tmp_path):
    repository = hub.make_repository("broken-off")
    ann = Person(tmp_path)
    ann.git("init", "-q", "work")
    ann.git("commit", "-q", "--allow-empty", "-m", "one", at="work")
    ann.git("push", "-q", repository.url, "main", at="work")
    wish = f"{'0' * 40} {'1' * 40} refs/heads/half\0report-status\n".encode()
    start = f"{len(wish) + 4:04x}".encode() + wish + b"0000" + b"PACK\0\0\0\2\0\0\0\1"
    with socket.create_connection(("127.0.0.1", hub.server.port)) as line:
        line.sendall(
            f"POST /{repository.name}.git/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Content-Type: application/x-git-receive-pack-request\r\nTransfer-Encoding: chunked\r\n\r\n"
            f"{len(start):x}\r\n".encode() + start + b"\r\n"
        )
        wait_until(lambda: any(children(hub.server.pid)), "git runs")
    wait_until(lambda: not any(children(hub.server.pid)), "git has ended")
    wait_until(lambda: hub.rows("SELECT COUNT(*) FROM pushes") == [["0"]], "the push is over")
    assert list((repository.folder / "objects").glob("*incoming*")) == []
    assert set(repository.refs()) == {"refs/heads/main"}
    repository.assert_sound()


class Merger(threading.Thread):
    """Makes branches with a commit each and merges them into `main`, and keeps account of what was acknowledged."""

    def __init__(self, repository, name):
        super().__init__()
        self.repository = repository
        self.name = name
        self.acknowledged = []
        self.failure = None
        self.stopped = threading.Event()

    def run(self):
        step = 0
        while not self.stopped.is_set():
            step += 1
            branch = f"{self.name}-{step}"
            content = base64.b64encode(branch.encode()).decode()
            file = {"branch": "main", "new_branch": branch, "content": content}
            try:
                self.ask(f"contents/{branch}.txt", file)
                merged = self.ask("merges", {"base": "main", "head": branch})
            except requests.ConnectionError:
                # The server was killed.
                continue
            if merged.status_code == 201:
                self.acknowledged.append(merged.json()["sha"])

    def ask(self, path, body):
        address = f"{self.repository.hub.server.url}/api/v1/repos/{self.repository.name}/{path}"
        answer = requests.post(address, json=body, timeout=60)
        if answer.status_code >= 300 and not self.stopped.is_set():
            self.failure = self.failure or f"{path}: {answer.status_code} {answer.text}"
        return answer


class Pusher(threading.Thread):
    """Commits and pushes to a branch of its own until it is told to stop, and keeps account of what was acknowledged."""

    def __init__(self, repository, folder, number):
        super().__init__()
        self.repository = repository
        self.person = Person(folder)
        self.branch = f"b{number}"
        self.acknowledged = []
        self.stopped = threading.Event()

    def run(self):
        self.person.git("init", "-q", "work")
        step = 0
        while not self.stopped.is_set():
            step += 1
            (self.person.home / "work/file.txt").write_text(str(step) * 1_000)
            self.person.git("add", ".", at="work")
            self.person.git("commit", "-qm", str(step), at="work")
            commit = self.person.git("rev-parse", "HEAD", at="work")
            pushed = self.person.attempt("push", self.repository.url, f"HEAD:{self.branch}", at="work")
            if pushed.returncode == 0:
                self.acknowledged.append(commit)


def test_a_kill_during_pushes_loses_nothing(new_roost, tmp_path):
    """Kill -9 at a random moment, ROOST_GIT_KILLS times: `git fsck` is clean, and the database has every change once."""

    def make(repository, number):
        return [Pusher(repository, tmp_path / f"{number}-{each}", f"{number}-{each}") for each in range(PUSHERS)]

    def check(repository, pushers):
        refs, histories = repository.refs(), repository.histories()
        for pusher in pushers:
            name = f"refs/heads/{pusher.branch}"
            assert set(pusher.acknowledged) <= set(histories.get(name, [])), "an acknowledged push has no event"
            if pusher.acknowledged:
                last = pusher.acknowledged[-1]
                repository.owner.git("merge-base", "--is-ancestor", last, refs[name], at=repository.folder)

    assert_kills_lose_nothing(new_roost, make, check)


def test_a_kill_during_merges_loses_nothing(new_roost):
    """The same while branches are merged into one by the hub's interface, several at a time."""

    def make(repository, number):
        if number == 0:
            Merger(repository, "first").ask("contents/first.txt", {"content": "", "branch": "main"}).raise_for_status()
        return [Merger(repository, f"m{number}-{each}") for each in range(PUSHERS)]

    def check(repository, mergers):
        main, history = repository.refs()["refs/heads/main"], repository.histories()["refs/heads/main"]
        # Each merge follows on the one before it; what happened within one look at the disk is one event.
        own = repository.owner.git("rev-list", "--reverse", "--first-parent", main, at=repository.folder).splitlines()
        assert [commit for commit in own if commit in set(history)] == history[1:]
        for merger in mergers:
            assert merger.failure is None
            assert set(merger.acknowledged) <= set(own), "an acknowledged merge is gone"

    assert_kills_lose_nothing(new_roost, make, check)


def assert_kills_lose_nothing(new_roost, make, check):
    """Kills a server under load again and again.

    `make` takes a repository and the number of the kill and returns threads that keep account of what was `acknowledged`;
    `check` takes the repository and them when the server is there again.
    """
    chance = random.Random(4)
    server = new_roost().start()
    repository = Hub(server).make_repository("iris")
    acknowledged = 0
    for number in range(KILLS):
        workers = make(repository, number)
        for worker in workers:
            worker.start()
        time.sleep(chance.uniform(0.3, 1.5))
        # What fails from here on fails for the kill.
        for worker in workers:
            worker.stopped.set()
        server.kill()
        for worker in workers:
            worker.join()
        server.start()
        wait_until(lambda: not repository.locks(), "what the killed server has locked is free", 20)
        repository.assert_sound()
        check(repository, workers)
        acknowledged += sum(len(worker.acknowledged) for worker in workers)
    assert acknowledged > KILLS, "too little load to prove anything"
    server.stop()
