"""Measures Roost's pages in Chromium beside MLflow's own pages on `mlflow server`: see docs/performance.md.

Both servers stand on the same runs: they are written once as a database of MLflow, which Roost imports. Each figure is the
median of several tries in a fresh tab.
"""

import argparse
import contextlib
import gzip
import os
import pathlib
import random
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid

import psutil
import requests
from playwright.sync_api import TimeoutError as NotInTime
from playwright.sync_api import sync_playwright

METRICS = [f"m{number}" for number in range(20)]
REPOSITORY = pathlib.Path(__file__).resolve().parents[1]


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def serving(command, port, log):
    with open(log, "w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd="/")
    try:
        end = time.monotonic() + 600
        while time.monotonic() < end:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"http://127.0.0.1:{port}/health", timeout=2).ok:
                    break
            if process.poll() is not None:
                raise RuntimeError(pathlib.Path(log).read_text()[-2000:])
            time.sleep(0.1)
        else:
            raise RuntimeError(f"nothing answers on port {port}: {pathlib.Path(log).read_text()[-2000:]}")
        yield process
    finally:
        end_all(process)


def family_of(process):
    """A server with its workers."""
    first = psutil.Process(process.pid)
    return [first, *first.children(recursive=True)]


class Turns:
    """Servers that are measured in turn: whose turn it is not stands still, with whatever it has begun."""

    def __init__(self, *processes):
        self._processes = processes

    def take(self, process):
        for other in self._processes:
            for one in family_of(other):
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.resume() if other is process else one.suspend()

    def end(self):
        for process in self._processes:
            for one in family_of(process):
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.resume()


def wait_until_calm(process):
    """Workers go on starting for a while after the first answer."""
    for _ in range(60):
        family = family_of(process)
        used = sum(sum(one.cpu_times()[:2]) for one in family)
        time.sleep(1)
        if sum(sum(one.cpu_times()[:2]) for one in family) - used < 0.05:
            return
    say("its workers do not come to rest")


def end_all(process):
    """Ends a server with its workers, also where these are lost in a long query."""
    family = family_of(process)
    process.terminate()
    _, left = psutil.wait_procs(family, timeout=20)
    for one in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    process.wait(20)


def fill(database, count):
    """Writes an experiment of `count` runs with 20 metrics, 4 params and a tag each into a database of MLflow."""
    chance = random.Random(7)
    connection = sqlite3.connect(database)
    now = int(time.time() * 1000)
    connection.execute(
        "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)"
        " VALUES (1, 'many', 'mlflow-artifacts:/1', 'active', ?, ?)",
        (now, now),
    )
    for start in range(0, count, 5_000):
        runs = [uuid.UUID(int=chance.getrandbits(128)).hex for _ in range(min(5_000, count - start))]
        connection.executemany(
            "INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, end_time, lifecycle_stage,"
            " artifact_uri, experiment_id) VALUES (?, ?, 'UNKNOWN', 'ann', 'FINISHED', ?, ?, 'active', ?, 1)",
            [
                (run, f"run-{start + place}", now + start + place, now + start + place + 60_000, f"mlflow-artifacts:/1/{run}/artifacts")
                for place, run in enumerate(runs)
            ],
        )
        values = [(key, chance.random(), now, run) for run in runs for key in METRICS]
        connection.executemany(
            "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, 0, 0)", values
        )
        connection.executemany(
            "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, 0, 0, ?)", values
        )
        connection.executemany(
            "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)",
            [(f"p{number}", str(chance.randrange(10)), run) for run in runs for number in range(4)],
        )
        connection.executemany("INSERT INTO tags (key, value, run_uuid) VALUES ('team', 'blue', ?)", [(run,) for run in runs])
    connection.commit()
    connection.close()


def fill_long(database, runs, points):
    """Writes an experiment of a few runs with a long history each; to log a million points takes MLflow long."""
    connection = sqlite3.connect(database)
    now = int(time.time() * 1000)
    connection.execute(
        "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)"
        " VALUES (2, 'long', 'mlflow-artifacts:/2', 'active', ?, ?)",
        (now, now),
    )
    for number in range(runs):
        chance = random.Random(1_000 + number)
        run = uuid.UUID(int=chance.getrandbits(128)).hex
        connection.execute(
            "INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, end_time, lifecycle_stage,"
            " artifact_uri, experiment_id) VALUES (?, ?, 'UNKNOWN', 'ann', 'FINISHED', ?, ?, 'active', ?, 2)",
            (run, f"long-{number}", now + number, now + number + 60_000, f"mlflow-artifacts:/2/{run}/artifacts"),
        )
        values = [(1 / (1 + step / 1000) + chance.random() / 10, step, step, run) for step in range(points)]
        connection.executemany(
            "INSERT INTO metrics (key, value, timestamp, step, run_uuid, is_nan) VALUES ('loss', ?, ?, ?, ?, 0)", values
        )
        connection.execute(
            "INSERT INTO latest_metrics (key, value, timestamp, step, run_uuid, is_nan) VALUES ('loss', ?, ?, ?, ?, 0)", values[-1]
        )
    connection.commit()
    connection.close()


def runs_of(url, name):
    """The id of an experiment by its name, and those of its runs."""
    found = requests.get(f"{url}/api/2.0/mlflow/experiments/get-by-name", {"experiment_name": name}, timeout=60).json()
    experiment = found["experiment"]["experiment_id"]
    wanted = {"experiment_ids": [experiment], "max_results": 10}
    runs = requests.post(f"{url}/api/2.0/mlflow/runs/search", json=wanted, timeout=300).json()["runs"]
    return experiment, [run["info"]["run_id"] for run in runs]


class AtLeast(float):
    """Milliseconds after which nobody waited any longer."""


class Pages:
    """A browser that times what a person waits for, `patience` seconds long; `turn` lets its server work alone."""

    def __init__(self, browser, url, turn, tries, patience=30):
        self._browser, self._url, self._turn, self._tries, self._patience = browser, url, turn, tries, patience

    def tab(self):
        return self._browser.new_page(base_url=self._url, viewport={"width": 1440, "height": 900}, bypass_csp=True)

    def median(self, act):
        """Of several tries, each in a tab of its own; `act` returns seconds. What takes long is tried once."""
        times = []
        self._turn()
        for _ in range(self._tries):
            page = self.tab()
            page.set_default_timeout(self._patience * 1000)
            try:
                times.append(act(page))
            except NotInTime:
                say(f"not in {self._patience} s: {self._url}")
                return AtLeast(self._patience * 1000)
            finally:
                page.close()
            if times[-1] > 20:
                break
        return statistics.median(times) * 1000

    def opened(self, path, shown):
        """Milliseconds from the navigation until `shown`, an expression in the page, holds."""

        def act(page):
            begin = time.monotonic()
            page.goto(path, wait_until="commit")
            page.wait_for_function(shown, polling="raf")
            return time.monotonic() - begin

        return self.median(act)

    def changed(self, path, ready, act, first):
        """Milliseconds from `act` until the first row, as `first` reads it, is another."""

        def measured(page):
            page.goto(path)
            page.wait_for_function(ready, polling="raf")
            page.wait_for_timeout(1_500)
            before = page.evaluate(first)
            begin = time.monotonic()
            act(page)
            page.wait_for_function(f"(before) => {{ const now = ({first}); return now && now !== before }}", arg=before, polling="raf")
            return time.monotonic() - begin

        return self.median(measured)

    def zoomed(self, path):
        """Milliseconds from the end of a drag over a tenth of a chart until its finer points are drawn."""

        def act(page):
            page.goto(path)
            plot = page.locator(".u-over").first
            plot.wait_for()
            page.wait_for_timeout(1_500)
            box = plot.bounding_box()
            left, middle = box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2
            page.mouse.move(left, middle)
            page.mouse.down()
            page.mouse.move(left + box["width"] * 0.1, middle, steps=5)
            begin = time.monotonic()
            with page.expect_response(lambda response: "metrics.json" in response.url and "from=" in response.url) as finer:
                page.mouse.up()
            finer.value.finished()
            # The frame in which they are drawn, and the one after.
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            return time.monotonic() - begin

        return self.median(act)

    def script_bytes(self, path):
        """What a page loads of scripts, packed by gzip."""
        self._turn()
        page = self.tab()
        bodies = []
        page.on("response", lambda response: bodies.append(response) if response.request.resource_type == "script" else None)
        page.goto(path)
        # The network never rests: a page of ours hears what changes.
        page.wait_for_timeout(5_000)
        size = sum(len(gzip.compress(response.body(), 6)) for response in bodies)
        page.close()
        return size


def watching(url, process, experiment, count=1_000, seconds=10):
    """The share of a core that a server needs while `count` pages watch one run that is logged to twice a second."""
    run = requests.post(
        f"{url}/api/2.0/mlflow/runs/create", json={"experiment_id": experiment, "start_time": int(time.time() * 1000)}
    ).json()["run"]["info"]["run_id"]
    host, port = "127.0.0.1", int(url.rsplit(":", 1)[1])
    streams = []
    for _ in range(count):
        stream = socket.create_connection((host, port))
        stream.sendall(f"GET /live?run={run} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        streams.append(stream)
    received = [0]
    stop = threading.Event()

    def read():
        import selectors

        selector = selectors.DefaultSelector()
        for stream in streams:
            stream.setblocking(False)
            selector.register(stream, selectors.EVENT_READ)
        while not stop.is_set():
            for key, _ in selector.select(0.2):
                received[0] += key.fileobj.recv(65_536).count(b"event: run")

    reader = threading.Thread(target=read)
    reader.start()
    time.sleep(2)
    server = psutil.Process(process.pid)
    before, begin, told = sum(server.cpu_times()[:2]), time.monotonic(), received[0]
    step = 0
    while time.monotonic() - begin < seconds:
        requests.post(
            f"{url}/api/2.0/mlflow/runs/log-metric",
            json={"run_id": run, "key": "loss", "value": step, "timestamp": step, "step": step},
        )
        step += 1
        time.sleep(0.5)
    share = (sum(server.cpu_times()[:2]) - before) / (time.monotonic() - begin)
    told = received[0] - told
    stop.set()
    reader.join()
    for stream in streams:
        stream.close()
    return share, told / count


ROOST = {
    "seen": "document.querySelectorAll(\"main a[href*='/runs/']\").length >= 10",
    "rows": "document.querySelectorAll('.grid-row').length >= 10",
    "first": "document.querySelector(\".grid-row[data-place='0'] a\")?.href",
}
# The names of the runs stand apart from the other columns.
MLFLOW = {
    "rows": "document.querySelectorAll('.ag-center-cols-container .ag-row').length >= 10",
    "first": "document.querySelector('.ag-pinned-left-cols-container .ag-row[row-index=\"0\"]')?.innerText.trim()",
    "traces": "document.querySelectorAll('.js-plotly-plot .scatterlayer .trace').length >= 10",
}


def through_address(**words):
    """Brings MLflow's run table to what its own controls write into the address: it shows few columns and names its menus anew
    with each version."""

    def act(page):
        page.evaluate("words => { location.hash = `#/experiments/1/runs?${new URLSearchParams(words)}` }", words)

    return act



def mlflow_server(folder, port):
    mlflow = [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "2"]
    # On a machine that is busy its workers would be ended before they have started.
    mlflow += ["--uvicorn-opts", "--timeout-worker-healthcheck 300"]
    return mlflow + ["--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}", "--artifacts-destination", str(folder / "artifacts")]


def prepare(arguments, folder):
    """Writes the runs as a database of MLflow, and imports it into Roost."""
    database = folder / "mlflow.db"
    say("making a database of MLflow")
    port = free_port()
    with serving(mlflow_server(folder, port), port, folder / "mlflow.log"):
        pass
    say(f"writing {arguments.runs} runs into it, and 10 of {arguments.points} points")
    fill(database, arguments.runs)
    fill_long(database, 10, arguments.points)
    say("importing it into Roost")
    (folder / "artifacts").mkdir(exist_ok=True)
    source = [f"sqlite:///{database}", "--artifacts", folder / "artifacts", "--data", folder / "roost-data"]
    subprocess.run([arguments.roost, "import", "mlflow", *source], check=True, stdout=subprocess.DEVNULL)


def measure(arguments, folder):
    mlflow_port, roost_port = free_port(), free_port()
    roost = [arguments.roost, "serve", "--port", str(roost_port), "--data", str(folder / "roost-data")]
    roost += ["--web-parts", str(REPOSITORY / ".web-parts")]
    rows = []
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(serving(roost, roost_port, folder / "roost.log"))
        theirs = stack.enter_context(serving(mlflow_server(folder, mlflow_port), mlflow_port, folder / "mlflow.log"))
        wait_until_calm(theirs)
        roost_url, mlflow_url = f"http://127.0.0.1:{roost_port}", f"http://127.0.0.1:{mlflow_port}"
        long_experiment, long_runs = runs_of(roost_url, "long")
        their_experiment, their_runs = runs_of(mlflow_url, "long")
        playwright = stack.enter_context(sync_playwright())
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        stack.callback(browser.close)
        turns = Turns(ours, theirs)
        stack.callback(turns.end)
        pages = Pages(browser, roost_url, lambda: turns.take(ours), arguments.tries)
        their_pages = Pages(browser, mlflow_url, lambda: turns.take(theirs), arguments.tries, patience=arguments.patience)
        many = requests.get(f"{roost_url}/api/2.0/mlflow/experiments/get-by-name?experiment_name=many").json()
        table = f"/experiments/{many['experiment']['experiment_id']}"
        their_table = "/#/experiments/1/runs"

        say("run table")
        rows.append(("run table visible", "ms", pages.opened(table, ROOST["seen"]), their_pages.opened(their_table, MLFLOW["rows"]), "< 500"))
        say("sort by a metric")
        rows.append(
            (
                "sort by a metric",
                "ms",
                pages.changed(table, ROOST["rows"], lambda page: page.click("[data-word='m.m0'] .head-label"), ROOST["first"]),
                their_pages.changed(their_table, MLFLOW["rows"], through_address(orderByKey="metrics.`m0`", orderByAsc="false"), MLFLOW["first"]),
                "< 300",
            )
        )
        say("filter")
        words = "metrics.m1 > 0.9 and params.p0 = '3'"

        def filter_(page):
            page.fill("[name='filter']", words)
            page.press("[name='filter']", "Enter")

        rows.append(
            (
                "filter by two values",
                "ms",
                pages.changed(table, ROOST["rows"], filter_, ROOST["first"]),
                their_pages.changed(their_table, MLFLOW["rows"], through_address(searchFilter=words), MLFLOW["first"]),
                "< 300",
            )
        )
        say("charts")
        selected = "&".join(f"run={run}" for run in long_runs)
        quoted = ",".join(f'"{run}"' for run in their_runs)
        rows.append(
            (
                f"chart of 10 runs × {arguments.points} points",
                "ms",
                pages.opened(f"/experiments/{long_experiment}/charts?{selected}", "document.querySelector('.uplot canvas')"),
                their_pages.opened(
                    f"/#/metric?runs=[{quoted}]&metric=\"loss\"&experiments=[\"{their_experiment}\"]&plot_metric_keys=[\"loss\"]",
                    MLFLOW["traces"],
                ),
                "< 500",
            )
        )
        say("zoom")
        rows.append(("zoom into a tenth of it", "ms", pages.zoomed(f"/experiments/{long_experiment}/charts?{selected}"), None, "< 200"))
        say("scripts")
        rows.append(("script on the page of the run table", "kB, gzip", pages.script_bytes(table) / 1000, their_pages.script_bytes(their_table) / 1000, "< 150"))
        say("1 000 pages that watch one run")
        turns.take(ours)
        share, told = watching(roost_url, ours, long_experiment)
        rows.append((f"1 000 pages watch one run, each told {told:.0f} times in 10 s", "% of a core", share * 100, None, "< 10"))
    return rows


def say(text):
    print(text, file=sys.stderr, flush=True)


def print_table(rows):
    print("|  | unit | Roost | MLflow's pages | × | wanted |")
    print("| --- | --- | --: | --: | --: | --: |")
    for name, unit, ours, theirs, wanted in rows:
        bound = "> " if isinstance(theirs, AtLeast) else ""
        ratio = f"{bound}{theirs / ours:.1f}" if theirs else ""
        print(f"| {name} | {unit} | {ours:.3g} | {f'{bound}{theirs:.4g}' if theirs else '–'} | {ratio} | {wanted} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roost", type=lambda path: str(pathlib.Path(path).resolve()), required=True, help="the program to measure")
    parser.add_argument("--runs", type=int, default=100_000, help="how many runs the table has")
    parser.add_argument("--points", type=int, default=100_000, help="how many points each run of the chart has")
    parser.add_argument("--patience", type=int, default=300, help="how many seconds MLflow's pages are waited for")
    parser.add_argument("--folder", type=pathlib.Path, help="where the runs are kept, to measure again what was prepared once")
    parser.add_argument("--tries", type=int, default=5, help="how often each is measured")
    arguments = parser.parse_args()
    os.environ["MLFLOW_ENABLE_TELEMETRY"] = "false"
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    with contextlib.ExitStack() as stack:
        folder = arguments.folder or pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="roost-pages-")))
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "roost-data").exists():
            prepare(arguments, folder)
        print_table(measure(arguments, folder))


if __name__ == "__main__":
    main()
