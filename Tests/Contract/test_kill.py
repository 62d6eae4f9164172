"""What was acknowledged is there, once, whatever is killed: Roost, PostgreSQL, or the disk when it is full."""

import contextlib
import http.client
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time

import pytest

from requests_by_hand import Line
from servers import wait_until

KEYS = ("a", "b", "c")
PROXY = "/api/2.0/mlflow-artifacts/artifacts"
WRITERS = 6


class Writer(threading.Thread):
    """Writes batches to a run of its own until it is told to stop, and keeps account of each answer.

    A batch is three metrics, a param and a tag, all numbered by the step; every fourth step also uploads a file.
    """

    def __init__(self, server, experiment, name):
        super().__init__(daemon=True)
        self.server = server
        self.experiment = experiment
        self.name = name
        self.run_id = None
        self.created = False
        self.acknowledged = set()
        self.unknown = set()
        self.files = set()
        self.refusals = []
        self.stopped = threading.Event()

    def run(self):
        line = Line(self.server)
        step = 0
        while not self.stopped.is_set():
            try:
                if self.run_id is None:
                    self.create(line)
                else:
                    self.write(line, step)
                    step += 1
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        line.close()

    def create(self, line):
        body = {"experiment_id": self.experiment, "run_name": self.name, "start_time": 1}
        status, answer = line.send("POST", "runs/create", body)
        if status == 200:
            self.run_id = answer["run"]["info"]["run_id"]
        else:
            self.refuse(status, answer)

    def write(self, line, step):
        metrics = [{"key": key, "value": step, "timestamp": step, "step": step} for key in KEYS]
        pair = [{"key": f"s{step}", "value": "x" * 50}]
        self.unknown.add(step)
        body = {"run_id": self.run_id, "metrics": metrics, "params": pair, "tags": pair}
        status, answer = line.send("POST", "runs/log-batch", body)
        if status != 200:
            return self.refuse(status, answer)
        self.unknown.remove(step)
        self.acknowledged.add(step)
        if step % 4 == 0:
            status, answer = line.send("PUT", self.file(step), raw=self.content(step))
            if status == 200:
                self.files.add(step)
            else:
                self.refuse(status, answer)

    def refuse(self, status, answer):
        self.refusals.append((status, answer))
        time.sleep(0.02)

    def stop(self):
        self.stopped.set()
        self.join(60)
        assert not self.is_alive(), "a writer waits for an answer that never comes"

    def file(self, step):
        return f"{PROXY}/{self.experiment}/{self.run_id}/artifacts/files/{step}.bin"

    def content(self, step):
        return f"{self.name} {step} ".encode() * 500

    def verify(self, line):
        """Holds the server to the account."""
        for status, answer in self.refusals:
            assert status >= 500, f"{status} {answer}"
        if self.run_id is None:
            return
        found = line.get(f"runs/get?run_id={self.run_id}")["run"]
        assert found["info"]["run_name"] == self.name
        stored = {int(param["key"][1:]) for param in found["data"].get("params", [])}
        tags = [tag["key"] for tag in found["data"]["tags"] if tag["key"].startswith("s")]
        assert self.acknowledged <= stored, f"lost {sorted(self.acknowledged - stored)}"
        assert stored <= self.acknowledged | self.unknown, "more than was sent"
        assert sorted(f"s{step}" for step in stored) == sorted(tags), "half a batch"
        for key in KEYS:
            history = line.get(f"metrics/get-history?run_id={self.run_id}&metric_key={key}").get(
                "metrics", []
            )
            assert sorted(point["step"] for point in history) == sorted(stored), "half a batch, or one twice"
        if stored:
            latest = {metric["key"]: metric["value"] for metric in found["data"]["metrics"]}
            assert latest == dict.fromkeys(KEYS, max(stored))
        for step in self.files:
            status, content = line.send("GET", self.file(step))
            assert status == 200 and content == self.content(step), f"file {step}: {status}"


def new_experiment(server):
    return Line(server).post("experiments/create", {"name": f"kill {time.time_ns()}"})["experiment_id"]


def start_writers(server, experiment, name, count=WRITERS):
    writers = [Writer(server, experiment, f"{name}-{number}") for number in range(count)]
    for writer in writers:
        writer.start()
    return writers


def await_load(writers, batches=20):
    """Waits until the writers have been told of this many more batches."""
    before = sum(len(writer.acknowledged) for writer in writers)

    def is_done():
        return sum(len(writer.acknowledged) for writer in writers) >= before + batches

    wait_until(is_done, "the load goes on", 30)


def stop(writers):
    for writer in writers:
        writer.stopped.set()
    for writer in writers:
        writer.stop()


def verify(server, experiment, writers):
    line = Line(server)
    for writer in writers:
        writer.verify(line)
    names = [writer.name for writer in writers if writer.run_id]
    body = {"experiment_ids": [experiment], "max_results": 50000}
    found = [run["info"]["run_name"] for run in line.post("runs/search", body).get("runs", [])]
    for name in names:
        assert found.count(name) == 1, f"{name} is there {found.count(name)} times"
    line.close()


def assert_sound(file):
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_roost_is_killed_fifty_times(request, new_roost):
    """Kill -9 at a random moment of the load, fifty times; all is verified after each start and again at the end."""
    chance = random.Random(50)
    server = new_roost().start()
    experiment = new_experiment(server)
    everyone = []
    for number in range(50):
        writers = start_writers(server, experiment, f"round{number}")
        time.sleep(chance.uniform(0.05, 0.45))
        server.kill()
        stop(writers)
        server.start()
        verify(server, experiment, writers)
        if request.config.getoption("--backend") == "sqlite":
            assert_sound(server.database_file)
        everyone += writers
    assert sum(len(writer.acknowledged) for writer in everyone) > 500, "too little load to prove anything"
    verify(server, experiment, everyone)
    server.stop()


def make_versions(server, acknowledged, stopped):
    """Makes versions of one model with three tags each, and moves an alias along, until it is told to stop."""
    line = Line(server)
    tags = [{"key": key, "value": "x"} for key in KEYS]
    body = {"name": "iris", "source": "s3://b/m", "tags": tags}
    while not stopped.is_set():
        try:
            status, answer = line.send("POST", "model-versions/create", body)
            if status != 200:
                continue
            number = answer["model_version"]["version"]
            acknowledged.append(int(number))
            line.send(
                "POST",
                "registered-models/alias",
                {"name": "iris", "alias": "champion", "version": number},
            )
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    line.close()


def test_a_kill_leaves_no_half_made_version(new_roost):
    """Each version that is there is whole and in the history, each that was acknowledged is there, none twice."""
    chance = random.Random(20)
    server = new_roost().start()
    Line(server).post("registered-models/create", {"name": "iris"})
    acknowledged = []
    for _ in range(20):
        stopped = threading.Event()
        threads = [
            threading.Thread(target=make_versions, args=(server, acknowledged, stopped))
            for _ in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.05, 0.3))
        server.kill()
        stopped.set()
        for thread in threads:
            thread.join()
        server.start()
    line = Line(server)
    found = line.get("model-versions/search?order_by=version_number")["model_versions"]
    numbers = [int(version["version"]) for version in found]
    assert len(acknowledged) == len(set(acknowledged)) > 100
    assert set(acknowledged) <= set(numbers)
    assert numbers == list(range(1, len(numbers) + 1)), "a number was lost or given twice"
    assert all(len(version["tags"]) == len(KEYS) for version in found)
    assert history_of_versions(line) == numbers
    line.close()
    server.stop()


def history_of_versions(line):
    """The numbers of the versions whose creation the history knows."""
    numbers, token = [], None
    while True:
        query = "name=iris&max_results=1000" + (f"&page_token={token}" if token else "")
        answer = line.get(f"/api/2.0/roost/registered-models/history?{query}")
        events = [event for event in answer["events"] if event["kind"] == "model_version.created"]
        numbers += [event["details"]["version"] for event in events]
        token = answer.get("next_page_token")
        if not token:
            return numbers[::-1]


def test_an_upload_that_is_killed_leaves_nothing_to_see(new_roost):
    server = new_roost().start()
    path = f"{PROXY}/half/file.bin"
    for _ in range(5):
        upload = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        upload.putrequest("PUT", path)
        upload.putheader("Content-Length", str(50 << 20))
        upload.endheaders()
        with contextlib.suppress(OSError):
            upload.send(b"x" * (4 << 20))
        server.kill()
        upload.close()
        server.start()
        line = Line(server)
        assert line.send("GET", path)[0] == 404
        assert line.get(f"{PROXY}?path=half") == {}
        line.close()
    server.stop()


def test_a_client_that_hangs_up_leaves_nothing_to_see(roost):
    path = f"{PROXY}/hung/file.bin"
    upload = http.client.HTTPConnection("127.0.0.1", roost.port, timeout=10)
    upload.putrequest("PUT", path)
    upload.putheader("Content-Length", str(1 << 20))
    upload.endheaders()
    upload.send(b"x" * 1000)
    upload.close()
    line = Line(roost)
    assert line.send("GET", path)[0] == 404
    assert line.get(f"{PROXY}?path=hung") == {}


@pytest.fixture
def once(request):
    """For tests that bring their own database: they need not run for each backend."""
    if request.config.getoption("--backend") != "sqlite":
        pytest.skip("runs with --backend sqlite")


@pytest.mark.parametrize("how", ["at once", "all processes"])
def test_postgresql_is_killed(how, once, new_roost, new_postgres):
    """Roost stays up, refuses what it cannot store, and goes on by itself when PostgreSQL is back."""
    database = new_postgres()
    server = new_roost(database=database.create_database("roost")).start()
    experiment = new_experiment(server)
    writers = start_writers(server, experiment, "postgres", count=4)
    for _ in range(5):
        await_load(writers)
        if how == "at once":
            database.end(signal.SIGQUIT)
        else:
            database.crash()
        time.sleep(0.3)
        assert server.is_running(), server.tail()
        database.start()
    await_load(writers)
    stop(writers)
    verify(server, experiment, writers)
    server.stop()


class SmallDisk:
    """A file system in memory of a few megabytes, in a mount namespace that a sleeping process holds open."""

    def __init__(self, path, megabytes):
        self.path = pathlib.Path(path)
        self.path.mkdir(parents=True)
        flags = ["--mount"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--mount"]
        mount = f"mount -t tmpfs -o size={megabytes}m,mode=0755 tmpfs '{self.path}' && echo ready && exec sleep 1000"
        self.holder = subprocess.Popen(["unshare", *flags, "sh", "-c", mount], stdout=subprocess.PIPE)
        assert self.holder.stdout.readline() == b"ready\n", "cannot make a small disk"

    @property
    def view(self):
        """The folder as it is seen from outside."""
        return pathlib.Path(f"/proc/{self.holder.pid}/root{self.path}")

    def inside(self, command):
        flags = ["--mount"] if os.geteuid() == 0 else ["--user", "--preserve-credentials", "--mount"]
        return ["nsenter", "--target", str(self.holder.pid), *flags, *command]

    def fill(self):
        with (self.view / "filler").open("ab", buffering=0) as filler:
            with contextlib.suppress(OSError):
                while True:
                    filler.write(b"x" * 4096)

    def free(self):
        (self.view / "filler").unlink()

    def end(self):
        self.holder.kill()
        self.holder.wait()


def test_a_full_disk_gives_errors_and_no_loss(once, workshop, new_roost):
    disk = SmallDisk(workshop / "small", 64)
    try:
        server = new_roost(
            database=f"sqlite:///{disk.path}/roost.db", data=disk.path / "data", around=disk.inside
        ).start()
        experiment = new_experiment(server)
        writers = start_writers(server, experiment, "full")
        await_load(writers, 100)

        disk.fill()

        wait_until(
            lambda: sum(len(writer.refusals) for writer in writers) > 20, "the full disk is noticed", 60
        )
        line = Line(server)
        assert line.send("GET", f"experiments/get?experiment_id={experiment}")[0] == 200
        assert line.send("PUT", f"{PROXY}/full/large.bin", raw=b"x" * (8 << 20))[0] in (500, 503, 507)
        assert line.send("GET", f"{PROXY}/full/large.bin")[0] == 404
        assert server.is_running(), server.tail()

        disk.free()

        await_load(writers)
        server.kill()
        stop(writers)
        server.start()
        verify(server, experiment, writers)
        server.stop()
        for file in disk.view.glob("roost.db*"):
            shutil.copy(file, server.folder)
        assert_sound(server.folder / "roost.db")
    finally:
        disk.end()
