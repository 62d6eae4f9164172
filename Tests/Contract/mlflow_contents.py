"""Fills an MLflow store and tells what is in one, each with the stock client that runs this.

    python mlflow_contents.py fill TRACKING_URI
    python mlflow_contents.py tell TRACKING_URI       one JSON object on standard output

Both work on databases, folders and servers, with mlflow 2.22.5 and 3.17.2.
"""

import json
import math
import pathlib
import sys
import tempfile

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, ViewType

HAS_MODELS = mlflow.__version__.startswith("3")


def fill(client):
    iris = client.create_experiment("iris", tags={"team": "botany", "note": "two\nlines, ünï"})
    parent = client.create_run(iris, run_name="parent", start_time=1_000, tags={"mlflow.user": "ann"})
    child = client.create_run(iris, run_name="child", tags={"mlflow.parentRunId": parent.info.run_id})
    log_history(client, parent.info.run_id)
    log_everything(client, parent.info.run_id)
    client.log_metric(child.info.run_id, "acc", 0.5, timestamp=7, step=0)
    if HAS_MODELS:
        log_models(client, iris, parent.info.run_id, child.info.run_id)
    register(client, parent)
    client.set_terminated(parent.info.run_id, "FINISHED", end_time=2_000)
    client.set_terminated(child.info.run_id, "KILLED", end_time=2_001)
    client.delete_run(client.create_run(iris, run_name="thrown away").info.run_id)
    gone = client.create_experiment("gone")
    client.create_run(gone, run_name="with it")
    client.delete_experiment(gone)
    client.create_run("0", run_name="in the default experiment")


def log_history(client, run):
    loss = [Metric("loss", 1 / (step + 1), 100 + step, step) for step in range(1_500)]
    for start in range(0, len(loss), 500):
        client.log_batch(run, metrics=loss[start : start + 500])
    odd = [(math.nan, 0), (math.inf, 2), (-math.inf, -3), (1.5, 1), (1.5, 1)]
    client.log_batch(run, metrics=[Metric("odd/values", value, 50 + step, step) for value, step in odd])


def log_everything(client, run):
    params = {"lr": "0.1", "a/b": "x y", "empty": "", "lines": "one\ntwo", "long": "ü" * 400}
    client.log_batch(
        run,
        params=[Param(key, value) for key, value in params.items()],
        tags=[RunTag("note", "one\ntwo ünï"), RunTag("nested/tag", "t")],
    )
    dataset = Dataset("train", "d1", "local", '{"uri": "train.csv"}', '{"columns": 2}', '{"rows": 3}')
    bare = Dataset("bare", "d2", "code", "{}")
    client.log_inputs(
        run,
        [
            DatasetInput(dataset, [InputTag("mlflow.data.context", "training"), InputTag("k", "v")]),
            DatasetInput(bare, []),
        ],
    )
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "deep" / "er").mkdir(parents=True)
        (root / "deep" / "er" / "ünï code.txt").write_text("hello")
        (root / "empty").write_bytes(b"")
        (root / "large.bin").write_bytes(bytes(range(256)) * 4_096)
        client.log_artifacts(run, folder)


def log_models(client, experiment, parent, child):
    from mlflow.entities import LoggedModelInput, LoggedModelOutput

    model = client.create_logged_model(
        experiment,
        name="forest",
        source_run_id=parent,
        params={"depth": "3"},
        tags={"stage": "first"},
        model_type="sklearn",
    )
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "MLmodel").write_text("flavors: {}\n")
        client.log_model_artifacts(model.model_id, folder)
    client.finalize_logged_model(model.model_id, "READY")
    client.log_outputs(parent, models=[LoggedModelOutput(model.model_id, 3)])
    client.log_inputs(child, models=[LoggedModelInput(model.model_id)])
    client.log_metric(child, "test acc", 0.75, timestamp=9, step=0, model_id=model.model_id)
    client.create_logged_model(experiment, name="pending")


def register(client, run):
    client.create_registered_model("petals", {"team": "botany", "empty": ""}, "**Petals**, ünï")
    root = run.info.artifact_uri
    sources = [
        (f"runs:/{run.info.run_id}/deep", "runs"),
        (root + "/deep", "address"),
        ("s3://bucket/m", "bucket"),
    ]
    if HAS_MODELS:
        model = next(
            found for found in client.search_logged_models([run.info.experiment_id]) if found.name == "forest"
        )
        sources.append((f"models:/{model.model_id}", "model"))
    for source, kind in sources:
        known = {"model_id": model.model_id} if kind == "model" else {"run_id": run.info.run_id}
        client.create_model_version("petals", source, tags={"kind": kind}, description=kind, **known)
    client.create_registered_model("sepals")
    client.copy_model_version("models:/petals/2", "sepals")
    client.create_model_version("petals", "s3://bucket/gone")
    client.delete_model_version("petals", str(len(sources) + 1))
    client.transition_model_version_stage("petals", "1", "Production")
    client.transition_model_version_stage("petals", "2", "Archived")
    client.set_registered_model_alias("petals", "champion", "2")
    client.set_registered_model_alias("petals", "challenger", "1")
    client.register_prompt("greeting", "Hello {{name}}", commit_message="first", tags={"tone": "warm"})
    client.register_prompt("greeting", "Hi {{name}}")
    client.set_prompt_alias("greeting", "production", 1)
    client.create_registered_model("bare")


def tell(client):
    """Everything that people can see, without what an import may change: addresses and the numbers of experiments."""
    contents = {}
    for experiment in client.search_experiments(view_type=ViewType.ALL):
        contents[experiment.name] = {
            "stage": experiment.lifecycle_stage,
            "tags": experiment.tags,
            "times": [experiment.creation_time, experiment.last_update_time],
            "runs": runs(client, experiment.experiment_id),
            "models": models(client, experiment.experiment_id),
        }
    contents["registered models"] = registered_models(client)
    return contents


def registered_models(client):
    found = {}
    for kind in ("", "tags.`mlflow.prompt.is_prompt` = 'true'"):
        for model in client.search_registered_models(kind):
            found[model.name] = registered_model(client, model, kind)
    return found


def registered_model(client, model, kind):
    versions = client.search_model_versions(f"name = '{model.name}'" + (kind and f" AND {kind}"))
    return {
        "times": [model.creation_timestamp, model.last_updated_timestamp],
        "description": model.description or "",
        "tags": model.tags,
        "aliases": {alias: str(version) for alias, version in model.aliases.items()},
        "latest": sorted(f"{part.current_stage} {part.version}" for part in model.latest_versions),
        "versions": {str(version.version): version_contents(client, version) for version in versions},
    }


def version_contents(client, version):
    with tempfile.TemporaryDirectory() as place:
        files = []
        if version.tags.get("kind") in ("runs", "address", "model") or version.name == "sepals":
            uri = f"models:/{version.name}/{version.version}"
            path = pathlib.Path(mlflow.artifacts.download_artifacts(uri, dst_path=place))
            files = sorted(str(file.relative_to(path)) for file in path.rglob("*") if file.is_file())
    return {
        "times": [version.creation_timestamp, version.last_updated_timestamp],
        "info": [version.description or "", version.current_stage, version.run_id or "", version.status],
        "tags": version.tags,
        "source": "" if "/artifacts" in version.source else version.source,
        "files": files,
    }


def runs(client, experiment):
    found = client.search_runs([experiment], run_view_type=ViewType.ALL, max_results=1_000)
    return {run.info.run_id: run_contents(client, client.get_run(run.info.run_id)) for run in found}


def run_contents(client, run):
    info = run.info
    contents = {
        "info": [
            info.run_name,
            info.user_id,
            info.status,
            info.start_time,
            info.end_time,
            info.lifecycle_stage,
        ],
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {key: number(value) for key, value in run.data.metrics.items()},
        "histories": {key: history(client, info.run_id, key) for key in run.data.metrics},
        "datasets": sorted(
            [list(dict(use.dataset).items()), sorted((tag.key, tag.value) for tag in use.tags)]
            for use in run.inputs.dataset_inputs
        ),
        "artifacts": artifacts(client, info.run_id),
    }
    if HAS_MODELS:
        contents["made"] = sorted((made.model_id, made.step) for made in run.outputs.model_outputs)
        contents["used"] = sorted(used.model_id for used in run.inputs.model_inputs)
    return contents


def history(client, run, key):
    points = {(p.timestamp, p.step, number(p.value)) for p in client.get_metric_history(run, key)}
    return sorted(points, key=repr)


def number(value):
    """MLflow's databases keep infinities as the largest numbers; its folders do not."""
    if math.isinf(value):
        value = math.copysign(sys.float_info.max, value)
    return repr(value)


def artifacts(client, run, folder=None):
    found = {}
    for entry in client.list_artifacts(run, folder):
        if entry.is_dir:
            found |= artifacts(client, run, entry.path)
        else:
            with tempfile.TemporaryDirectory() as place:
                path = client.download_artifacts(run, entry.path, place)
                content = pathlib.Path(path).read_bytes()
            found[entry.path] = [len(content), content[:64].hex(), sum(content)]
    return found


def models(client, experiment):
    if not HAS_MODELS:
        return {}
    found = {}
    for model in client.search_logged_models([experiment]):
        with tempfile.TemporaryDirectory() as place:
            files = []
            if model.status == "READY":
                path = mlflow.artifacts.download_artifacts(f"models:/{model.model_id}", dst_path=place)
                files = sorted(file.name for file in pathlib.Path(path).iterdir())
        found[model.model_id] = {
            # A server's answer says "" for what is not there.
            "info": [model.name, model.model_type or "", model.source_run_id or "", str(model.status)],
            "times": [model.creation_timestamp, model.last_updated_timestamp],
            "params": model.params,
            "tags": model.tags,
            "metrics": sorted(
                [m.key, number(m.value), m.timestamp, m.step, m.run_id] for m in model.metrics or []
            ),
            "files": files,
        }
    return found


if __name__ == "__main__":
    action, uri = sys.argv[1:]
    mlflow.set_tracking_uri(uri)
    if action == "fill":
        fill(MlflowClient())
    else:
        print(json.dumps(tell(MlflowClient())))
