"""`roost import mlflow`: what a stock client sees in the source is what it sees in Roost afterwards, and nothing twice."""

import json
import os
import pathlib
import random
import sqlite3
import subprocess
import sys

import pytest

from servers import Original, Roost

PROGRAM = pathlib.Path(__file__).with_name("mlflow_contents.py")
PYTHONS = {"3.17.2": sys.executable, "2.22.5": os.environ.get("ROOST_MLFLOW2_PYTHON")}
KINDS = ["database", "postgres", "folder", "server"]


def run_contents(version, action, uri, folder):
    """Runs `mlflow_contents.py` with the stock client of a version."""
    python = PYTHONS[version]
    assert python, "set ROOST_MLFLOW2_PYTHON to a Python that has mlflow 2.22.5"
    folder.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    environment |= {"MLFLOW_ALLOW_FILE_STORE": "true", "DO_NOT_TRACK": "true"}
    command = [python, PROGRAM, action, uri]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def contents(version, uri, folder):
    return json.loads(run_contents(version, "tell", uri, folder).splitlines()[-1])


class OriginalOf(Original):
    """`mlflow server` of a version."""

    def __init__(self, version, folder):
        super().__init__(folder)
        self.python = PYTHONS[version]

    def command(self):
        return [self.python, *super().command()[1:]]


def import_command(source, roost, *options):
    return [
        str(part)
        for part in [
            *(Roost.binary(), "import", "mlflow", source, "--json"),
            *("--database", roost.database, "--data", roost.data),
            *options,
        ]
    ]


def import_into(roost, source, *options, status=0):
    command = import_command(source, roost, *options)
    done = subprocess.run(command, cwd=roost.folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def source(request, workshop):
    """Makes a filled source of a version and a kind, and gives its address; each is made once."""
    made = {}
    servers = []

    def make(version, kind):
        if (version, kind) not in made:
            folder = workshop / f"source-{version}-{kind}"
            if kind == "server":
                server = OriginalOf(version, folder).start()
                servers.append(server)
                uri = server.url
            elif kind == "postgres":
                postgres = request.getfixturevalue("postgres")
                uri = postgres.create_database(f"mlflow_{version.replace('.', '_')}")
                uri = uri.replace("postgresql:", "postgresql+psycopg2:")
            else:
                uri = f"sqlite:///{folder}/mlflow.db" if kind == "database" else f"file://{folder}/mlruns"
            run_contents(version, "fill", uri, folder)
            made[version, kind] = uri
        return made[version, kind]

    yield make
    for server in servers:
        server.stop()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", PYTHONS)
def test_everything_comes_and_nothing_twice(version, kind, source, new_roost, workshop):
    uri = source(version, kind)
    before = contents(version, uri, workshop / "telling")
    roost = new_roost()

    rehearsal = import_into(roost, uri, "--dry-run")
    first = import_into(roost, uri)
    with roost:
        after = contents(version, roost.url, workshop / "telling")
        beside = import_into(roost, uri)
        again = contents(version, roost.url, workshop / "telling")

    assert after == before
    assert again == before
    assert rehearsal["found"] == first["found"] == beside["found"]
    assert set(rehearsal["new"].values()) == {0}
    assert set(beside["new"].values()) == {0}
    assert first["new"]["runs"] == first["found"]["runs"] == 5
    assert first["new"]["datasets"] == first["found"]["datasets"] == 2
    assert first["new"]["registered_models"] == first["found"]["registered_models"] == 4
    assert (
        first["new"]["model_versions"] == first["found"]["model_versions"] == (7 if version[0] == "3" else 6)
    )
    assert contents(version, uri, workshop / "telling") == before


def test_the_address_of_a_run_says_where_its_artifacts_are(new_roost, tmp_path, monkeypatch):
    import mlflow

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    client = mlflow.MlflowClient(f"file://{tmp_path}/mlruns")
    places = {
        "bucket": "s3://bucket/x",
        "else": f"file://{tmp_path}/else",
        "gone": f"file://{tmp_path}/gone",
        "own": None,
    }
    runs = {
        name: client.create_run(client.create_experiment(name, artifact_location=place)).info
        for name, place in places.items()
    }
    for name in ("else", "own"):
        client.log_text(runs[name].run_id, "hello", f"{name}.txt")

    with new_roost() as roost:
        report = import_into(roost, tmp_path / "mlruns")
        seen = mlflow.MlflowClient(roost.url)
        here = {name: seen.get_run(run.run_id).info.artifact_uri for name, run in runs.items()}
        files = {
            name: [file.path for file in seen.list_artifacts(runs[name].run_id)] for name in ("else", "own")
        }

    assert here["bucket"] == runs["bucket"].artifact_uri
    assert files == {"else": ["else.txt"], "own": ["own.txt"]}
    assert report["new"]["artifact_files"] == 2
    assert any("begin with s3" in sentence for sentence in report["left"])
    assert any(f"lies in {tmp_path}/gone, which is not" in sentence for sentence in report["left"])
    assert len(report["left"]) == 2


def test_a_run_without_an_address_has_no_artifacts(new_roost, tmp_path):
    import mlflow

    client = mlflow.MlflowClient(f"sqlite:///{tmp_path}/mlflow.db")
    runs = [client.create_run("0").info.run_id for _ in range(2)]
    with sqlite3.connect(tmp_path / "mlflow.db") as database:
        for run, address in zip(runs, (None, ""), strict=True):
            database.execute("UPDATE runs SET artifact_uri = ? WHERE run_uuid = ?", (address, run))

    with new_roost() as roost:
        report = import_into(roost, f"sqlite:///{tmp_path}/mlflow.db")
        seen = mlflow.MlflowClient(roost.url)
        assert [seen.list_artifacts(run) for run in runs] == [[], []]

    assert report["found"]["artifact_files"] == 0


def test_the_default_experiment_is_what_it_was(new_roost, tmp_path):
    import mlflow
    from mlflow.entities import ViewType

    uri = f"sqlite:///{tmp_path}/mlflow.db"
    client = mlflow.MlflowClient(uri)
    client.rename_experiment("0", "first")
    client.create_run("0", run_name="in the first")
    second = client.create_experiment("Default")
    client.create_run(second, run_name="in the second")
    client.delete_experiment("0")

    with new_roost() as roost:
        report = import_into(roost, uri)
        again = import_into(roost, uri)
        seen = mlflow.MlflowClient(roost.url)
        found = {}
        for experiment in seen.search_experiments(view_type=ViewType.ALL):
            runs = seen.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL)
            names = [run.info.run_name for run in runs]
            found[experiment.experiment_id] = [experiment.name, experiment.lifecycle_stage, *names]

    assert found == {
        "0": ["first", "deleted", "in the first"],
        second: ["Default", "active", "in the second"],
    }
    assert report["changes"] == again["changes"] == []
    assert set(again["new"].values()) == {0}


class StockServer(OriginalOf):
    """As somebody types it who names a database and nothing else."""

    def command(self):
        command = list(super().command())
        place = command.index("--artifacts-destination")
        return command[:place] + command[place + 2 :]


def test_what_a_stock_server_kept_comes_from_beside_its_database(new_roost, workshop, tmp_path):
    import mlflow
    import requests

    folder = workshop / "stock"
    with StockServer("3.17.2", folder) as original:
        client = mlflow.MlflowClient(original.url)
        runs = [client.create_run("0").info.run_id for _ in range(3)]
        client.log_text(runs[0], "hello", "hello.txt")
        (tmp_path / "MLmodel").write_text("flavors: {}\n")
        model = client.create_logged_model("0", name="petal")
        client.log_model_artifacts(model.model_id, str(tmp_path))
        client.finalize_logged_model(model.model_id, "READY")
        client.create_registered_model("iris")
        client.create_model_version("iris", f"models:/{model.model_id}", model_id=model.model_id)
    uri = f"sqlite:///{folder}/mlflow.db"
    (folder / "mlartifacts").rename(folder / "away")

    with new_roost() as roost:
        lacking = import_into(roost, uri, status=1)
        (folder / "away").rename(folder / "mlartifacts")
        whole = import_into(roost, uri)
        again = import_into(roost, uri)
        found = [file.path for file in mlflow.MlflowClient(roost.url).list_artifacts(runs[0])]
        address = f"{roost.url}/api/2.0/roost/model-versions/verify"
        version = requests.get(address, {"uri": "models:/iris/1"}, timeout=30).json()

    assert lacking["missed_count"] == 1
    assert lacking["missed"][0]["what"] == "artifacts of 4 runs and logged models, if they have any"
    assert "--artifacts" in lacking["missed"][0]["reason"]
    assert whole["changes"] == [f"the artifacts that the server kept are taken from {folder}/mlartifacts"]
    assert (whole["new"]["model_versions"], whole["new"]["artifact_files"]) == (0, 2)
    assert set(again["new"].values()) == {0}
    assert found == ["hello.txt"]
    assert version["verified"]


@pytest.mark.parametrize("kind", ["database", "server"])
def test_a_model_that_nothing_was_logged_into_is_noted(kind, new_roost, workshop):
    import mlflow

    folder = workshop / f"empty-model-{kind}"
    with StockServer("3.17.2", folder) as original:
        client = mlflow.MlflowClient(original.url)
        client.log_text(client.create_run("0").info.run_id, "hello", "hello.txt")
        model = client.create_logged_model("0", name="empty")
        client.finalize_logged_model(model.model_id, "READY")
        source = original.url if kind == "server" else f"sqlite:///{folder}/mlflow.db"
        roost = new_roost()
        report = import_into(roost, source)
        (folder / "mlartifacts").rename(folder / "away")
        lost = import_into(roost, source, "--artifacts", folder / "gone", status=1)

    assert report["changes"][-1] == "1 logged models have no files, there as here"
    assert [miss["what"] for miss in lost["missed"]] == [f"artifacts of logged model {model.model_id}"]


def test_deleted_models_that_runs_name_come_from_a_server(new_roost, workshop, tmp_path):
    import mlflow
    import requests
    from mlflow.entities import LoggedModelOutput

    with OriginalOf("3.17.2", workshop / "source-of-deleted-models") as original:
        client = mlflow.MlflowClient(original.url)
        run = client.create_run("0").info.run_id
        kept, deleted = (client.create_logged_model("0", name=name).model_id for name in ("kept", "deleted"))
        (tmp_path / "MLmodel").write_text("flavors: {}\n")
        for model in (kept, deleted):
            client.log_model_artifacts(model, str(tmp_path))
            client.finalize_logged_model(model, "READY")
            client.log_outputs(run, models=[LoggedModelOutput(model, 0)])
        client.delete_logged_model(deleted)
        with new_roost() as roost:
            report = import_into(roost, original.url)
            again = import_into(roost, original.url)
            address = f"{roost.url}/api/2.0/mlflow/logged-models"
            statuses = [
                requests.get(f"{address}/{model}", timeout=30).status_code for model in (kept, deleted)
            ]
            found = requests.get(f"{address}/{deleted}", {"allow_deleted": "true"}, timeout=30).json()

    assert report["new"]["logged_models"] == report["found"]["logged_models"] == 2
    assert report["new"]["artifact_files"] == 2
    assert set(again["new"].values()) == {0}
    assert statuses == [200, 404]
    assert found["model"]["info"]["name"] == "deleted"


def test_a_rehearsal_makes_no_server(source, new_roost):
    uri = source("3.17.2", "database")
    roost = new_roost()
    before = sorted(roost.folder.iterdir())

    report = import_into(roost, uri, "--dry-run")

    assert report["found"]["runs"] == 5
    assert sorted(roost.folder.iterdir()) == before


def test_a_name_that_no_filter_can_say_stays_behind_alone(new_roost, workshop):
    import mlflow

    name = """it's "quoted\""""
    with OriginalOf("3.17.2", workshop / "source-of-quotes") as original:
        client = mlflow.MlflowClient(original.url)
        for model in (name, "zebra"):
            client.create_registered_model(model)
            client.create_model_version(model, "s3://bucket/model")
        report = import_into(new_roost(), original.url, status=1)

    assert report["new"]["registered_models"] == report["new"]["model_versions"] == 1
    assert [miss["what"] for miss in report["missed"]] == [f"registered model {name}"]


def test_a_number_that_is_taken_is_told(source, new_roost, workshop):
    uri = source("3.17.2", "database")
    with new_roost() as roost:
        run_contents("3.17.2", "fill", roost.url, workshop / "taken")
        rename(roost, "iris", "mine")

        report = import_into(roost, uri, "--experiment", "iris")

    assert len(report["changes"]) == 1
    assert "'iris' had the number 1 and is 3 here" in report["changes"][0]
    assert report["found"]["runs"] == 3


def rename(roost, old, new):
    import mlflow

    client = mlflow.MlflowClient(roost.url)
    client.rename_experiment(client.get_experiment_by_name(old).experiment_id, new)


def test_what_comes_to_a_renamed_experiment_is_found_in_it(new_roost, tmp_path):
    import mlflow

    uri = f"sqlite:///{tmp_path}/mlflow.db"
    client = mlflow.MlflowClient(uri)
    iris = client.create_experiment("iris", artifact_location=f"file://{tmp_path}/files")
    run = client.create_run(iris).info.run_id
    client.log_text(run, "first", "first.txt")

    with new_roost() as roost:
        import_into(roost, uri)
        seen = mlflow.MlflowClient(roost.url)
        rename(roost, "iris", "mine")
        mine = seen.get_experiment_by_name("mine").experiment_id
        before = seen.get_run(run).info.artifact_uri
        client.log_text(run, "second", "second.txt")
        client.set_tag(run, "q", "fresh")
        import_into(roost, uri)

        assert [found.info.run_id for found in seen.search_runs([mine], "tags.q = 'fresh'")] == [run]
        assert seen.get_run(run).info.artifact_uri == before
        assert [file.path for file in seen.list_artifacts(run)] == ["first.txt", "second.txt"]


def test_a_run_that_the_database_does_not_take_stays_behind_alone(request, new_roost, tmp_path, monkeypatch):
    """PostgreSQL has no room in its index for the name of a dataset of several kilobytes; SQLite has."""
    import mlflow
    from mlflow.entities import Dataset, DatasetInput

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    client = mlflow.MlflowClient(f"file://{tmp_path}/mlruns")
    long, short = (client.create_run("0").info.run_id for _ in range(2))
    client.log_inputs(long, [DatasetInput(Dataset("train", "d1", "local", "{}"), [])])
    client.log_metric(long, "loss", 1)
    (dataset,) = tmp_path.glob("mlruns/0/datasets/*/meta.yaml")
    name = random.randbytes(8_000).hex()
    dataset.write_text(dataset.read_text().replace("name: train", f"name: {name}"))
    is_refused = request.config.getoption("--backend") == "postgres"

    report = import_into(new_roost(), tmp_path / "mlruns", status=1 if is_refused else 0)

    assert report["new"]["runs"] == (1 if is_refused else 2)
    assert [miss["what"] for miss in report["missed"]] == ([f"run {long}"] if is_refused else [])


def test_what_cannot_come_is_told(source, new_roost, workshop):
    folder = workshop / "broken"
    uri = f"file://{folder}/mlruns"
    run_contents("3.17.2", "fill", uri, folder)
    run = next(
        path.parent for path in folder.glob("mlruns/*/*/meta.yaml") if "name: parent" in path.read_text()
    )
    (run / "artifacts" / "way#out.txt").write_text("a name that no path here has")
    (run / "artifacts" / "link").symlink_to("/etc/passwd")
    with (run / "metrics" / "loss").open("a") as lines:
        lines.write("not a point at all\n")

    report = import_into(new_roost(), uri, "--experiment", "iris", "--experiment", "nothing", status=1)

    missed = {miss["what"].split(", ")[-1]: miss["reason"] for miss in report["missed"]}
    assert set(missed) == {"file way#out.txt", "file link", "metric loss", "experiment nothing"}
    assert report["missed_count"] == 4
    assert report["new"]["metric_points"] >= 1_500


def test_other_sources_are_refused_in_a_sentence(new_roost, workshop):
    text = workshop / "text"
    text.write_text("no database")
    for wrong in ["s3://bucket/x", workshop / "missing.db", text, workshop]:
        command = import_command(wrong, new_roost())
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode not in (0, 1) or done.stderr.startswith("Error: "), done.stderr
        assert done.stdout == ""


@pytest.fixture(scope="module")
def large(workshop):
    """A database of 120 runs with 90,000 points, written past MLflow because that takes it minutes."""
    folder = workshop / "large"
    run_contents("3.17.2", "fill", f"sqlite:///{folder}/mlflow.db", folder)
    with sqlite3.connect(folder / "mlflow.db") as database:
        for number in range(120):
            run = f"{number:032x}"
            database.execute(
                "INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, lifecycle_stage, "
                "artifact_uri, experiment_id) VALUES (?, ?, 'LOCAL', 'ann', 'FINISHED', ?, 'active', ?, 1)",
                (run, f"run {number}", number, f"{folder}/mlruns/1/{run}/artifacts"),
            )
            points = [(f"m{step % 3}", step / 7, step, run, step, 0) for step in range(750)]
            database.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", points)
            files = folder / "mlruns" / "1" / run / "artifacts"
            files.mkdir(parents=True)
            (files / "small.txt").write_text(run)
            (files / "large.bin").write_bytes(run.encode() * 4_000)
    return f"sqlite:///{folder}/mlflow.db"


def test_it_may_be_killed_at_any_moment(large, new_roost, workshop):
    whole, often = new_roost(), new_roost()
    expected = import_into(whole, large)["found"]
    seconds = 0.2
    kills = 0
    while True:
        process = subprocess.Popen(
            import_command(large, often), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            process.wait(seconds * random.uniform(0.5, 1.0))
            assert process.returncode == 0, process.stderr.read()
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
            seconds *= 1.25

    again = import_into(often, large)

    assert kills > 3
    assert again["found"] == expected
    assert set(again["new"].values()) == {0}
    with whole, often:
        folder = workshop / "telling"
        assert contents("3.17.2", often.url, folder) == contents("3.17.2", whole.url, folder)
