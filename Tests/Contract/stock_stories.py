"""What people do with MLflow, told with the stock client; run as a program by the interpreter that has the client.

`python stock_stories.py URL FOLDER [STORY ...]` tells the named stories, or all, and prints a JSON line for each:
its name, whether it went well, else why, and the seconds it took. A story is independent of the others.
"""

import json
import math
import os
import pathlib
import sys
import tempfile
import threading
import time
import traceback

os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
os.environ.setdefault("MPLBACKEND", "agg")

import mlflow
import numpy
import pandas
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

MAJOR = int(mlflow.__version__.split(".")[0])
STORIES = {}
BESIDE = {}


def story(tell):
    STORIES[tell.__name__.replace("_", " ")] = tell
    return tell


def story_of_3(tell):
    return story(tell) if MAJOR >= 3 else tell


def story_on_request(tell):
    """A story that is only told when it is named."""
    BESIDE[tell.__name__.replace("_", " ")] = tell
    return tell


def experiment():
    """Makes a new experiment the active one; returns its id."""
    return mlflow.set_experiment(f"story {time.time_ns()}").experiment_id


def refused(action, code):
    """Does what must be refused, with this error code and at once."""
    start = time.monotonic()
    try:
        action()
    except MlflowException as refusal:
        assert refusal.error_code == code, f"{refusal.error_code}: {refusal.message}"
    else:
        raise AssertionError(f"not refused with {code}")
    assert time.monotonic() - start < 3, "a refusal must not make the client try again"


# Runs


@story
def a_first_run(folder):
    mlflow.set_experiment(f"first {time.time_ns()}")
    with mlflow.start_run(run_name="setosa", description="A note", tags={"a": "b"}) as run:
        mlflow.log_param("lr", 0.1)
        mlflow.log_params({"depth": 3, "model": "tree"})
        mlflow.log_metric("acc", 0.5)
        mlflow.log_metric("acc", 0.75, step=1)
        mlflow.log_metrics({"loss": 1.5, "f1": 0.25}, step=2)
        mlflow.set_tag("team", "blue")
        mlflow.set_tags({"x": 1, "y": None})
        mlflow.delete_tag("x")
    found = mlflow.get_run(run.info.run_id)
    assert found.info.status == "FINISHED" and found.info.run_name == "setosa"
    assert found.info.end_time >= found.info.start_time > 1_600_000_000_000
    assert found.data.params == {"lr": "0.1", "depth": "3", "model": "tree"}
    assert found.data.metrics == {"acc": 0.75, "loss": 1.5, "f1": 0.25}
    assert found.data.tags["team"] == "blue" and found.data.tags["y"] == "None" and "x" not in found.data.tags
    assert found.data.tags["mlflow.note.content"] == "A note"
    assert {"mlflow.user", "mlflow.source.name", "mlflow.source.type"} <= set(found.data.tags)
    assert mlflow.get_artifact_uri is not None and found.info.artifact_uri.startswith("mlflow-artifacts:/")
    assert mlflow.last_active_run().info.run_id == run.info.run_id


@story
def nested_runs(folder):
    where = experiment()
    with mlflow.start_run(experiment_id=where) as parent:
        children = []
        for _ in range(3):
            with mlflow.start_run(experiment_id=where, nested=True) as child:
                children.append(child.info.run_id)
    assert MlflowClient().get_parent_run(children[0]).info.run_id == parent.info.run_id
    filter = f"tags.mlflow.parentRunId = '{parent.info.run_id}'"
    assert set(mlflow.search_runs([where], filter).run_id) == set(children)


@story
def a_run_that_fails_and_one_that_is_resumed(folder):
    where = experiment()
    try:
        with mlflow.start_run(experiment_id=where) as run:
            raise ValueError("petals")
    except ValueError:
        pass
    assert mlflow.get_run(run.info.run_id).info.status == "FAILED"
    with mlflow.start_run(run_id=run.info.run_id):
        assert mlflow.get_run(run.info.run_id).info.status == "RUNNING"
        mlflow.log_metric("late", 1)
    found = mlflow.get_run(run.info.run_id)
    assert found.info.status == "FINISHED" and found.data.metrics == {"late": 1}


@story
def runs_through_the_client(folder):
    client, where = MlflowClient(), experiment()
    run = client.create_run(where, start_time=1000, tags={"a": "b"}, run_name="setosa").info.run_id
    client.update_run(run, status="RUNNING", name="versicolor")
    client.log_param(run, "p", "v")
    client.log_metric(run, "m", 1.5, timestamp=5, step=-3)
    client.set_tag(run, "t", "v")
    client.log_batch(
        run, [Metric("b", 2.0, 10, 1)], [Param("q", "w")], [RunTag("u", "x"), RunTag("mlflow.user", "ann")]
    )
    client.set_terminated(run, "KILLED", end_time=2000)
    found = client.get_run(run)
    assert (found.info.run_name, found.info.status, found.info.end_time) == ("versicolor", "KILLED", 2000)
    assert found.data.metrics == {"m": 1.5, "b": 2.0} and found.data.params == {"p": "v", "q": "w"}
    client.delete_tag(run, "t")
    assert "t" not in client.get_run(run).data.tags
    client.delete_run(run)
    assert client.get_run(run).info.lifecycle_stage == "deleted"
    assert not client.search_runs([where])
    assert len(client.search_runs([where], run_view_type=ViewType.DELETED_ONLY)) == 1
    client.restore_run(run)
    assert len(client.search_runs([where])) == 1


@story
def refusals(folder):
    client, where = MlflowClient(), experiment()
    run = client.create_run(where).info.run_id
    client.log_param(run, "lr", "0.1")
    refused(lambda: client.log_param(run, "lr", "0.2"), "INVALID_PARAMETER_VALUE")
    refused(lambda: client.get_run("0123456789abcdef0123456789abcdef"), "RESOURCE_DOES_NOT_EXIST")
    refused(lambda: client.get_experiment("98765"), "RESOURCE_DOES_NOT_EXIST")
    refused(lambda: client.create_experiment("Default"), "RESOURCE_ALREADY_EXISTS")
    refused(lambda: client.search_runs([where], "nonsense > 1"), "INVALID_PARAMETER_VALUE")
    refused(lambda: client.delete_tag(run, "none"), "RESOURCE_DOES_NOT_EXIST")
    client.delete_run(run)
    refused(lambda: client.log_metric(run, "m", 1), "INVALID_PARAMETER_VALUE")


# Experiments


@story
def experiments(folder):
    client, stem = MlflowClient(), f"exp{time.time_ns()}"
    made = [client.create_experiment(f"{stem}-{number}", tags={"n": str(number)}) for number in range(7)]
    assert client.get_experiment(made[0]).tags == {"n": "0"}
    assert client.get_experiment_by_name(f"{stem}-1").experiment_id == made[1]
    assert client.get_experiment_by_name("no such name") is None
    client.set_experiment_tag(made[0], "team", "blue")
    client.rename_experiment(made[0], f"{stem}-renamed")
    found = client.get_experiment(made[0])
    assert found.name == f"{stem}-renamed" and found.tags["team"] == "blue"
    filter, names, token = f"name LIKE '{stem}-%'", [], None
    while True:
        page = client.search_experiments(
            filter_string=filter, max_results=3, order_by=["name DESC"], page_token=token
        )
        names += [part.name for part in page]
        token = page.token
        if not token:
            break
    assert names == sorted(names, reverse=True) and len(names) == 7
    assert len(mlflow.search_experiments(filter_string=f"{filter} AND tags.n = '3'")) == 1
    client.delete_experiment(made[2])
    assert client.get_experiment(made[2]).lifecycle_stage == "deleted"
    assert len(mlflow.search_experiments(view_type=ViewType.DELETED_ONLY, filter_string=filter)) == 1
    refused(lambda: mlflow.set_experiment(f"{stem}-2"), "INVALID_PARAMETER_VALUE")
    client.restore_experiment(made[2])
    assert client.get_experiment(made[2]).lifecycle_stage == "active"
    assert client.get_experiment("0").name == "Default"


@story_of_3
def an_experiment_tag_is_deleted(folder):
    client, where = MlflowClient(), experiment()
    client.set_experiment_tag(where, "team", "blue")
    client.delete_experiment_tag(where, "team")
    assert "team" not in client.get_experiment(where).tags


# Searching


@story
def search_to_pandas(folder):
    client, where = MlflowClient(), experiment()
    for number in range(25):
        run = client.create_run(where, start_time=1000 + number, run_name=f"r{number:02}")
        metrics = [Metric("acc", number / 25, 1, 0)] + ([Metric("odd", 1, 1, 0)] if number % 2 else [])
        client.log_batch(run.info.run_id, metrics, [Param("lr", f"0.{number % 3}")], [RunTag("k", "v")])
    table = mlflow.search_runs([where])
    assert len(table) == 25 and list(table["tags.mlflow.runName"])[:2] == ["r24", "r23"]
    assert table["metrics.odd"].isna().sum() == 13
    assert str(table.start_time.dtype).startswith("datetime64")
    best = mlflow.search_runs([where], "metrics.acc > 0.5", order_by=["metrics.acc DESC"], max_results=3)
    assert list(best["tags.mlflow.runName"]) == ["r24", "r23", "r22"]
    seen, token = [], None
    while True:
        page = client.search_runs(
            [where], max_results=7, order_by=["params.lr", "start_time ASC"], page_token=token
        )
        seen += [run.info.run_name for run in page]
        token = page.token
        if not token:
            break
    assert seen == [f"r{n:02}" for rest in range(3) for n in range(25) if n % 3 == rest]
    found = mlflow.search_runs([where], "params.lr = '0.1' and metrics.acc < 0.5", output_format="list")
    assert {run.info.run_name for run in found} == {"r01", "r04", "r07", "r10"}


@story
def search_over_experiments(folder):
    first, second = experiment(), experiment()
    for where in (first, second):
        with mlflow.start_run(experiment_id=where):
            mlflow.log_metric("m", 1)
    assert len(mlflow.search_runs([first, second])) == 2
    names = [mlflow.get_experiment(where).name for where in (first, second)]
    assert len(mlflow.search_runs(experiment_names=names)) == 2


# Metrics


@story
def long_histories(folder):
    client, where = MlflowClient(), experiment()
    run = client.create_run(where).info.run_id
    for start in range(0, 3000, 1000):
        client.log_batch(
            run, [Metric("m", step * 0.5, 10_000 - step, step) for step in range(start, start + 1000)]
        )
    history = client.get_metric_history(run, "m")
    assert len(history) == 3000 and {point.step for point in history} == set(range(3000))
    assert client.get_run(run).data.metrics == {"m": 1499.5}
    assert client.get_metric_history(run, "none") == []


@story
def odd_values(folder):
    client, where = MlflowClient(), experiment()
    run = client.create_run(where).info.run_id
    client.log_metric(run, "nan", float("nan"))
    client.log_metric(run, "inf", float("inf"))
    client.log_metric(run, "-inf", float("-inf"))
    client.log_metric(run, "tiny", 5e-324)
    client.log_metric(run, "third", 1 / 3)
    client.log_metric(run, "numpy", numpy.float32(0.5))
    metrics = client.get_run(run).data.metrics
    assert math.isnan(metrics["nan"]) and metrics["inf"] > 1e308 and metrics["-inf"] < -1e308
    assert (metrics["tiny"], metrics["third"], metrics["numpy"]) == (5e-324, 1 / 3, 0.5)


@story
def identical_points_are_kept_once(folder):
    client, where = MlflowClient(), experiment()
    run = client.create_run(where).info.run_id
    batch = [Metric("m", 1.0, 5, 1), Metric("m", 1.0, 5, 2), Metric("n", float("nan"), 5, 1)]
    for _ in range(3):
        client.log_batch(run, batch, [Param("p", "v")], [RunTag("t", "v")])
        client.log_metric(run, "m", 1.0, timestamp=5, step=1)
    assert len(client.get_metric_history(run, "m")) == 2
    assert len(client.get_metric_history(run, "n")) == 1


@story
def many_at_once(folder):
    with mlflow.start_run(experiment_id=experiment()) as run:
        mlflow.log_params({f"p{number}": number for number in range(250)})
        mlflow.log_metrics({f"m{number}": number for number in range(1200)})
        mlflow.set_tags({f"t{number}": number for number in range(250)})
    data = mlflow.get_run(run.info.run_id).data
    assert len(data.params) == 250 and len(data.metrics) == 1200 and data.tags["t249"] == "249"


@story
def logging_in_the_background(folder):
    with mlflow.start_run(experiment_id=experiment()) as run:
        operations = [mlflow.log_metric("m", step, step=step, synchronous=False) for step in range(200)]
        operations.append(mlflow.log_params({"a": 1, "b": 2}, synchronous=False))
        operations.append(mlflow.set_tag("t", "v", synchronous=False))
        for operation in operations:
            operation.wait()
        mlflow.flush_async_logging()
    found = mlflow.get_run(run.info.run_id)
    assert found.data.params == {"a": "1", "b": "2"} and found.data.tags["t"] == "v"
    assert len(MlflowClient().get_metric_history(run.info.run_id, "m")) == 200


@story
def system_metrics(folder):
    mlflow.set_system_metrics_sampling_interval(0.2)
    mlflow.set_system_metrics_samples_before_logging(1)
    try:
        with mlflow.start_run(experiment_id=experiment(), log_system_metrics=True) as run:
            time.sleep(1.2)
    finally:
        mlflow.set_system_metrics_sampling_interval(None)
        mlflow.set_system_metrics_samples_before_logging(None)
    metrics = mlflow.get_run(run.info.run_id).data.metrics
    assert any(key.startswith("system/cpu") for key in metrics), sorted(metrics)


@story
def fifty_writers(folder):
    client, where = MlflowClient(), experiment()
    shared = client.create_run(where).info.run_id
    problems = []

    def write(number):
        try:
            run = client.create_run(where, run_name=f"writer {number}").info.run_id
            for step in range(5):
                client.log_batch(run, [Metric("m", step, 1, step)], [Param(f"p{step}", "v")])
                client.log_metric(shared, "m", number, timestamp=number, step=step)
            client.set_tag(shared, f"writer{number}", "done")
            client.set_terminated(run)
        except Exception as problem:
            problems.append(repr(problem))

    threads = [threading.Thread(target=write, args=[number]) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems, problems[:3]
    runs = client.search_runs([where], "tags.mlflow.runName LIKE 'writer %'")
    assert len(runs) == 50 and all(
        run.info.status == "FINISHED" and len(run.data.params) == 5 for run in runs
    )
    assert len(client.get_metric_history(shared, "m")) == 250
    assert sum(key.startswith("writer") for key in client.get_run(shared).data.tags) == 50


# Artifacts


@story
def files_up_and_down(folder):
    tree = folder / "tree"
    (tree / "deep" / "er").mkdir(parents=True)
    contents = {
        "a.txt": b"hello",
        "deep/b.bin": bytes(range(256)) * 100,
        "deep/er/\u00fc x.txt": b"",
        "c.json": b"{}",
    }
    for name, content in contents.items():
        (tree / name).write_bytes(content)
    client = MlflowClient()
    with mlflow.start_run(experiment_id=experiment()) as run:
        mlflow.log_artifact(str(tree / "a.txt"))
        mlflow.log_artifact(str(tree / "a.txt"), "sub/folder")
        mlflow.log_artifacts(str(tree), "tree")
        mlflow.log_artifacts(str(tree))
    identifier = run.info.run_id
    top = client.list_artifacts(identifier)
    assert [part.path for part in top] == ["a.txt", "c.json", "deep", "sub", "tree"], top
    assert [part.file_size for part in top if not part.is_dir] == [5, 2]
    assert [part.path for part in client.list_artifacts(identifier, "tree/deep")] == [
        "tree/deep/b.bin",
        "tree/deep/er",
    ]
    assert client.list_artifacts(identifier, "none") == []
    assert client.list_artifacts(identifier, "a.txt") == []
    down = pathlib.Path(client.download_artifacts(identifier, "tree", str(folder)))
    for name, content in contents.items():
        assert (down / name).read_bytes() == content, name
    one = mlflow.artifacts.download_artifacts(run_id=identifier, artifact_path="deep/b.bin")
    assert pathlib.Path(one).read_bytes() == contents["deep/b.bin"]
    assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/a.txt") == "hello"
    listed = mlflow.artifacts.list_artifacts(artifact_uri=f"runs:/{identifier}/sub")
    assert [part.path for part in listed] == ["sub/folder"], listed
    whole = pathlib.Path(
        mlflow.artifacts.download_artifacts(run_id=identifier, dst_path=str(folder / "whole"))
    )
    assert sum(path.is_file() for path in whole.rglob("*")) == 9


@story
def a_file_is_replaced(folder):
    client = MlflowClient()
    run = client.create_run(experiment()).info.run_id
    for text in ("first", "a longer second", ""):
        client.log_text(run, text, "note.txt")
        assert mlflow.artifacts.load_text(f"runs:/{run}/note.txt") == text


@story
def things_of_many_kinds(folder):
    import matplotlib.pyplot as plot
    from PIL import Image

    client = MlflowClient()
    with mlflow.start_run(experiment_id=experiment()) as run:
        mlflow.log_text("hello", "text/a.txt")
        mlflow.log_dict({"a": [1, 2]}, "a.json")
        mlflow.log_dict({"a": [1, 2]}, "a.yaml")
        figure, axes = plot.subplots()
        axes.plot([1, 2, 3])
        mlflow.log_figure(figure, "plots/figure.png")
        plot.close(figure)
        mlflow.log_image(numpy.zeros((8, 8, 3), dtype=numpy.uint8), "black.png")
        mlflow.log_image(Image.new("RGB", (4, 4)), key="samples", step=1, synchronous=True)
        mlflow.log_table({"question": ["a", "b"], "answer": ["c", "d"]}, "table.json")
        mlflow.log_table({"question": ["e"], "answer": ["f"]}, "table.json")
    identifier = run.info.run_id
    assert mlflow.artifacts.load_dict(f"runs:/{identifier}/a.json") == {"a": [1, 2]}
    assert mlflow.artifacts.load_image(f"runs:/{identifier}/black.png").size == (8, 8)
    table = mlflow.load_table("table.json", run_ids=[identifier])
    assert list(table["question"]) == ["a", "b", "e"]
    assert len(client.list_artifacts(identifier, "images")) >= 1
    assert "mlflow.loggedArtifacts" in client.get_run(identifier).data.tags


@story
def artifacts_are_deleted(folder):
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    client = MlflowClient()
    run = client.create_run(experiment())
    client.log_text(run.info.run_id, "x", "a/b.txt")
    client.log_text(run.info.run_id, "y", "c.txt")
    repository = get_artifact_repository(run.info.artifact_uri)
    repository.delete_artifacts("a")
    assert [part.path for part in client.list_artifacts(run.info.run_id)] == ["c.txt"]


@story
def a_large_file_in_parts(folder):
    """Multipart upload through the proxy, and the way back to one request where the server has none."""
    os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = "true"
    os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = str(6 << 20)
    os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = str(5 << 20)
    try:
        content = os.urandom(1 << 20) * 17 + b"the end"
        (folder / "large.bin").write_bytes(content)
        run = MlflowClient().create_run(experiment()).info.run_id
        MlflowClient().log_artifact(run, str(folder / "large.bin"), "sub")
        down = mlflow.artifacts.download_artifacts(run_id=run, artifact_path="sub/large.bin")
        assert pathlib.Path(down).read_bytes() == content
    finally:
        for name in (
            "ENABLE_PROXY_MULTIPART_UPLOAD",
            "MULTIPART_UPLOAD_MINIMUM_FILE_SIZE",
            "MULTIPART_UPLOAD_CHUNK_SIZE",
        ):
            del os.environ[f"MLFLOW_{name}"]


@story_on_request
def two_gigabytes(folder):
    """A file of 2 GB up and down; not all zeros, so that nobody can cheat with holes."""
    size, block = 2 << 30, os.urandom(8 << 20)
    path = folder / "huge.bin"
    with path.open("wb") as file:
        for number in range(size // len(block)):
            file.write(number.to_bytes(8, "big") + block[8:])
    client = MlflowClient()
    run = client.create_run(experiment()).info.run_id
    client.log_artifact(run, str(path))
    path.unlink()
    assert client.list_artifacts(run)[0].file_size == size
    down = pathlib.Path(
        mlflow.artifacts.download_artifacts(
            run_id=run, artifact_path="huge.bin", dst_path=str(folder / "down")
        )
    )
    with down.open("rb") as file:
        for number in range(size // len(block)):
            assert file.read(8) == number.to_bytes(8, "big") and file.read(len(block) - 8) == block[8:]
    down.unlink()


# Datasets and models


@story
def datasets(folder):
    where = experiment()
    frame = pandas.DataFrame({"x": [1, 2, 3], "y": [0, 1, 0]})
    data = mlflow.data.from_pandas(frame, name="iris", targets="y")
    with mlflow.start_run(experiment_id=where) as run:
        mlflow.log_input(data, context="train")
        mlflow.log_input(data, context="train")
        mlflow.log_input(mlflow.data.from_numpy(numpy.zeros(5), name="wine"), context="test", tags={"k": "v"})
    inputs = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
    assert sorted(part.dataset.name for part in inputs) == ["iris", "wine"]
    iris = next(part for part in inputs if part.dataset.name == "iris")
    assert iris.dataset.digest == data.digest and iris.tags[0].value == "train"
    assert json.loads(iris.dataset.profile)["num_rows"] == 3
    assert len(mlflow.search_runs([where], "dataset.name = 'iris' AND dataset.context = 'train'")) == 1
    assert len(mlflow.search_runs([where], "dataset.name = 'none'")) == 0
    client = MlflowClient()
    other = client.create_run(where).info.run_id
    given = Dataset("iris", data.digest, "local", "x")
    client.log_inputs(other, [DatasetInput(given, [InputTag("mlflow.data.context", "eval")])])
    assert len(mlflow.search_runs([where], "dataset.name = 'iris'")) == 2


def fitted():
    from sklearn.linear_model import LogisticRegression

    features = numpy.array([[0.0], [1.0], [2.0], [3.0]])
    return LogisticRegression().fit(features, [0, 0, 1, 1]), features


@story
def autolog_of_sklearn(folder):
    from sklearn.linear_model import LogisticRegression

    experiment()
    mlflow.sklearn.autolog(log_datasets=True, silent=True)
    try:
        with mlflow.start_run() as run:
            LogisticRegression(C=0.5).fit(
                numpy.array([[0.0], [1.0], [2.0], [3.0]]), numpy.array([0, 0, 1, 1])
            )
    finally:
        mlflow.sklearn.autolog(disable=True)
    found = mlflow.get_run(run.info.run_id)
    assert found.data.params["C"] == "0.5" and "training_accuracy_score" in found.data.metrics
    assert found.data.tags["estimator_name"] == "LogisticRegression"
    assert found.inputs.dataset_inputs
    names = [part.path for part in MlflowClient().list_artifacts(run.info.run_id)]
    assert "estimator.html" in names, names
    loaded = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model")
    assert list(loaded.predict([[0.0], [3.0]])) == [0, 1]


@story
def a_model_is_logged_and_loaded(folder):
    model, features = fitted()
    place = {"name": "model"} if MAJOR >= 3 else {"artifact_path": "model"}
    with mlflow.start_run(experiment_id=experiment()) as run:
        info = mlflow.sklearn.log_model(model, input_example=features, **place)
    for uri in (info.model_uri, f"runs:/{run.info.run_id}/model"):
        assert list(mlflow.sklearn.load_model(uri).predict(features)) == [0, 0, 1, 1]
        assert list(mlflow.pyfunc.load_model(uri).predict(features)) == [0, 0, 1, 1]
    assert mlflow.models.get_model_info(info.model_uri).signature is not None
    if MAJOR < 3:
        history = json.loads(mlflow.get_run(run.info.run_id).data.tags["mlflow.log-model.history"])
        assert history[0]["artifact_path"] == "model"


@story
def a_model_of_python(folder):
    class Adder(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return model_input + 1

    place = {"name": "adder"} if MAJOR >= 3 else {"artifact_path": "adder"}
    with mlflow.start_run(experiment_id=experiment()):
        info = mlflow.pyfunc.log_model(python_model=Adder(), **place)
    assert list(mlflow.pyfunc.load_model(info.model_uri).predict(numpy.array([1, 2]))) == [2, 3]


@story_of_3
def logged_models(folder):
    client, where = MlflowClient(), experiment()
    made = [
        mlflow.create_external_model(
            name=f"model{number}", params={"depth": str(number)}, tags={"team": "blue"}, model_type="tree"
        )
        for number in range(5)
    ]
    with mlflow.start_run() as run:
        for number, model in enumerate(made):
            mlflow.log_metric("acc", number / 10, model_id=model.model_id, step=number)
        mlflow.log_outputs(models=[mlflow.entities.LoggedModelOutput(made[0].model_id, 3)])
    found = mlflow.get_logged_model(made[3].model_id)
    assert found.params == {"depth": "3"} and found.metrics[0].value == 0.3 and found.status == "READY"
    best = mlflow.search_logged_models(
        [where],
        "metrics.acc >= 0.2",
        order_by=[{"field_name": "metrics.acc", "ascending": False}],
        output_format="list",
    )
    assert [model.name for model in best] == ["model4", "model3", "model2"]
    names, token = [], None
    while True:
        page = client.search_logged_models(
            [where], max_results=2, order_by=[{"field_name": "name"}], page_token=token
        )
        names += [model.name for model in page]
        token = page.token
        if not token:
            break
    assert names == [f"model{number}" for number in range(5)]
    client.set_logged_model_tags(made[0].model_id, {"a": "b"})
    client.delete_logged_model_tag(made[0].model_id, "team")
    assert {
        key: value for key, value in client.get_logged_model(made[0].model_id).tags.items() if "." not in key
    } == {"a": "b"}
    mlflow.log_model_params({f"p{number}": "v" for number in range(150)}, model_id=made[1].model_id)
    assert len(client.get_logged_model(made[1].model_id).params) == 151
    client.delete_logged_model(made[4].model_id)
    assert len(mlflow.search_logged_models([where], output_format="list")) == 4
    assert [output.model_id for output in mlflow.get_run(run.info.run_id).outputs.model_outputs] == [
        made[0].model_id
    ]


@story_of_3
def a_logged_model_with_files(folder):
    experiment()
    model = mlflow.initialize_logged_model(name="petal", model_type="tree")
    assert model.status == "PENDING"
    (folder / "weights.bin").write_bytes(b"weights")
    client = MlflowClient()
    client.log_model_artifact(model.model_id, str(folder / "weights.bin"))
    assert [part.path for part in client.list_logged_model_artifacts(model.model_id)] == ["weights.bin"]
    mlflow.finalize_logged_model(model.model_id, "READY")
    assert mlflow.get_logged_model(model.model_id).status == "READY"
    down = pathlib.Path(mlflow.artifacts.download_artifacts(f"models:/{model.model_id}"))
    assert (down / "weights.bin").read_bytes() == b"weights"


# The model registry


def name(stem="iris"):
    return f"{stem}-{time.time_ns()}"


def registered(versions=1):
    """A logged model that became so many versions of a registered one; its name and the features it knows."""
    model, features = fitted()
    place = {"name": "model"} if MAJOR >= 3 else {"artifact_path": "model"}
    title = name()
    with mlflow.start_run(experiment_id=experiment()):
        for _ in range(versions):
            mlflow.sklearn.log_model(model, registered_model_name=title, **place)
    return title, features


@story
def registered_models(folder):
    client, title = MlflowClient(), name()
    made = client.create_registered_model(title, {"team": "blue", "odd": ""}, "**Petals**")
    assert (made.name, made.description, made.tags["team"]) == (title, "**Petals**", "blue")
    client.update_registered_model(title, "Sepals")
    client.set_registered_model_tag(title, "a/b c", "x" * 5000)
    client.delete_registered_model_tag(title, "odd")
    found = client.get_registered_model(title)
    assert found.description == "Sepals" and found.tags == {"team": "blue", "a/b c": "x" * 5000}
    assert found.creation_timestamp <= found.last_updated_timestamp
    client.rename_registered_model(title, title + " 2")
    assert client.get_registered_model(title + " 2").tags["team"] == "blue"
    refused(lambda: client.get_registered_model(title), "RESOURCE_DOES_NOT_EXIST")
    refused(lambda: client.create_registered_model(title + " 2"), "RESOURCE_ALREADY_EXISTS")
    refused(lambda: client.rename_registered_model(title + " 2", "a/b"), "INVALID_PARAMETER_VALUE")
    client.delete_registered_model(title + " 2")
    refused(lambda: client.delete_registered_model(title + " 2"), "RESOURCE_DOES_NOT_EXIST")


@story
def registered_models_are_searched(folder):
    client, stem = MlflowClient(), name("rose")
    for number in range(5):
        client.create_registered_model(f"{stem}-{number}", {"even": str(number % 2 == 0)})
    mine = f"name LIKE '{stem}%'"
    found = client.search_registered_models(f"{mine} AND tags.even = 'True'", order_by=["name DESC"])
    assert [model.name for model in found] == [f"{stem}-4", f"{stem}-2", f"{stem}-0"]
    names, token = [], None
    while True:
        page = client.search_registered_models(mine, max_results=2, page_token=token)
        names += [model.name for model in page]
        token = page.token
        if not token:
            break
    assert names == [f"{stem}-{number}" for number in range(5)]
    assert client.search_registered_models(f"name ILIKE '{stem.upper()}-3'")[0].name == f"{stem}-3"
    assert not client.search_registered_models(f"name = '{stem}'")
    refused(lambda: client.search_registered_models("stage = 'x'"), "INVALID_PARAMETER_VALUE")


@story
def versions_and_their_stages(folder):
    client, title = MlflowClient(), name()
    client.create_registered_model(title)
    with mlflow.start_run(experiment_id=experiment()) as run:
        mlflow.log_text("x", "model/weights")
    for number in (1, 2, 3):
        version = client.create_model_version(
            title, f"runs:/{run.info.run_id}/model", run.info.run_id, {"n": str(number)}, description="new"
        )
        assert (version.version, version.status) in [(number, "READY"), (str(number), "READY")]
        assert (version.current_stage, version.run_id) == ("None", run.info.run_id)
    client.update_model_version(title, "1", "**first**")
    client.set_model_version_tag(title, "1", "good", "yes")
    client.delete_model_version_tag(title, "1", "n")
    found = client.get_model_version(title, "1")
    assert found.description == "**first**" and found.tags == {"good": "yes"}
    assert client.get_model_version_download_uri(title, "1") == f"runs:/{run.info.run_id}/model"
    client.transition_model_version_stage(title, "1", "staging")
    client.transition_model_version_stage(title, "2", "STAGING", archive_existing_versions=True)
    assert client.get_model_version(title, "1").current_stage == "Archived"
    latest = {part.current_stage: int(part.version) for part in client.get_latest_versions(title)}
    assert latest == {"Archived": 1, "Staging": 2, "None": 3}
    assert [int(part.version) for part in client.get_latest_versions(title, ["staging"])] == [2]
    ordered = client.search_model_versions(f"name = '{title}'", order_by=["version_number ASC"])
    assert [int(part.version) for part in ordered] == [1, 2, 3]
    assert len(client.search_model_versions(f"run_id = '{run.info.run_id}'", max_results=2)) == 2
    client.delete_model_version(title, "3")
    refused(lambda: client.get_model_version(title, "3"), "RESOURCE_DOES_NOT_EXIST")
    again = client.create_model_version(title, f"runs:/{run.info.run_id}/model", run.info.run_id)
    assert int(again.version) == 4
    refused(lambda: client.create_model_version(title, "/etc"), "INVALID_PARAMETER_VALUE")
    refused(
        lambda: client.create_model_version(title, f"runs:/{run.info.run_id}/m"), "INVALID_PARAMETER_VALUE"
    )
    refused(lambda: client.transition_model_version_stage(title, "1", "Beta"), "INVALID_PARAMETER_VALUE")


@story
def models_are_loaded_by_name(folder):
    client = MlflowClient()
    title, features = registered(versions=2)
    client.set_registered_model_alias(title, "champion", "1")
    client.transition_model_version_stage(title, "2", "Production")
    for suffix in ("/1", "/2", "@champion", "/Production", "/latest"):
        loaded = mlflow.pyfunc.load_model(f"models:/{title}{suffix}")
        assert list(loaded.predict(features)) == [0, 0, 1, 1], suffix
    client.set_registered_model_alias(title, "champion", "2")
    assert int(client.get_model_version_by_alias(title, "champion").version) == 2
    assert client.get_registered_model(title).aliases in ({"champion": "2"}, {"champion": 2})
    assert client.get_model_version(title, "2").aliases == ["champion"]
    client.delete_registered_model_alias(title, "champion")
    client.delete_registered_model_alias(title, "champion")
    refused(lambda: client.get_model_version_by_alias(title, "champion"), "INVALID_PARAMETER_VALUE")
    refused(lambda: client.set_registered_model_alias(title, "v1", "1"), "INVALID_PARAMETER_VALUE")
    refused(lambda: client.set_registered_model_alias(title, "champion", "9"), "RESOURCE_DOES_NOT_EXIST")


@story
def a_version_is_copied_to_another_model(folder):
    client = MlflowClient()
    title, features = registered()
    copy = client.copy_model_version(f"models:/{title}/1", title + "-prod")
    assert (copy.name, int(copy.version)) == (title + "-prod", 1)
    client.set_registered_model_alias(title + "-prod", "champion", "1")
    again = client.copy_model_version(f"models:/{title}-prod@champion", title + "-live")
    assert again.run_id == client.get_model_version(title, "1").run_id
    loaded = mlflow.pyfunc.load_model(f"models:/{title}-live/1")
    assert list(loaded.predict(features)) == [0, 0, 1, 1]


@story
def a_model_is_registered_after_it_was_logged(folder):
    model, features = fitted()
    place = {"name": "model"} if MAJOR >= 3 else {"artifact_path": "model"}
    with mlflow.start_run(experiment_id=experiment()) as run:
        info = mlflow.sklearn.log_model(model, **place)
    title = name()
    for uri in {info.model_uri, f"runs:/{run.info.run_id}/model"}:
        version = mlflow.register_model(uri, title, tags={"from": "story"})
        assert version.run_id == run.info.run_id and version.tags == {"from": "story"}
        assert list(mlflow.pyfunc.load_model(f"models:/{title}/{version.version}").predict(features)) == [
            0,
            0,
            1,
            1,
        ]
    if MAJOR >= 3:
        noted = json.loads(MlflowClient().get_logged_model(info.model_id).tags["mlflow.modelVersions"])
        assert noted[0]["name"] == title


@story
def versions_are_made_by_many_at_once(folder):
    client, title = MlflowClient(), name()
    client.create_registered_model(title)
    numbers = []

    def make():
        numbers.append(int(MlflowClient().create_model_version(title, "s3://bucket/model").version))

    threads = [threading.Thread(target=make) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 33)), sorted(numbers)


@story_of_3
def prompts(folder):
    experiment()
    title = name("greeting")
    first = mlflow.genai.register_prompt(title, "Hello {{name}}", commit_message="new", tags={"tone": "warm"})
    assert (first.version, first.template, first.commit_message) == (1, "Hello {{name}}", "new")
    chat = [{"role": "system", "content": "Be {{tone}}."}, {"role": "user", "content": "{{question}}"}]
    second = mlflow.genai.register_prompt(title, chat)
    assert second.version == 2
    mlflow.genai.set_prompt_alias(title, "production", 1)
    assert mlflow.genai.load_prompt(f"prompts:/{title}@production").format(name="Ann") == "Hello Ann"
    assert mlflow.genai.load_prompt(f"prompts:/{title}/2").template == chat
    assert mlflow.genai.load_prompt(title).version == 2
    mlflow.genai.set_prompt_version_tag(title, 2, "reviewed", "yes")
    mlflow.genai.set_prompt_tag(title, "team", "blue")
    client = MlflowClient()
    assert client.get_prompt_version(title, "2").tags["reviewed"] == "yes"
    assert [prompt.name for prompt in mlflow.genai.search_prompts(f"name = '{title}'")] == [title]
    assert title in [prompt.name for prompt in mlflow.genai.search_prompts("tags.team = 'blue'")]
    assert not client.search_registered_models(f"name = '{title}'")
    assert not client.search_model_versions(f"name = '{title}'")
    refused(lambda: client.create_registered_model(title), "RESOURCE_ALREADY_EXISTS")
    mlflow.genai.delete_prompt_alias(title, "production")
    missing = mlflow.genai.load_prompt(f"prompts:/{title}@production", allow_missing=True)
    assert missing is None
    client.delete_prompt_version(title, "1")
    assert mlflow.genai.load_prompt(f"prompts:/{title}/1", allow_missing=True) is None


# What comes later


@story_of_3
def traces_do_no_harm(folder):
    experiment()

    @mlflow.trace
    def double(number):
        return number * 2

    start = time.monotonic()
    assert double(21) == 42
    mlflow.flush_trace_async_logging()
    assert time.monotonic() - start < 20


def main(url, folder, *names):
    mlflow.set_tracking_uri(url)
    everything = {**STORIES, **BESIDE}
    for name in names or STORIES:
        start = time.monotonic()
        with tempfile.TemporaryDirectory(dir=folder) as place:
            try:
                everything[name](pathlib.Path(place))
                problem = None
            except Exception:
                problem = traceback.format_exc()
            finally:
                while mlflow.active_run():
                    mlflow.end_run()
        seconds = round(time.monotonic() - start, 2)
        print(json.dumps({"story": name, "problem": problem, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
