"""Runs: create, get, update, delete, restore."""

from .session import Table

table = Table("runs")

ODD_RUN_IDS = {
    "missing": "0123456789abcdef0123456789abcdef",
    "short": "abc",
    "empty": "",
    "absent": None,
    "a number": 5,
    "with a slash": "a/b",
    "dots": "../../etc",
    "with a quote": "a'b",
    "of 300 characters": "a" * 300,
    "with a space": "a b",
    "a list": ["a"],
    "null": "NULL",
}


def with_run(value, /, **fields):
    return fields if value is None else {"run_id": value, **fields}


@table.case
def create_with_everything(s):
    body = {
        "experiment_id": s.make_experiment(),
        "user_id": "ann",
        "run_name": "setosa",
        "start_time": 1234567890123,
        "tags": [
            {"key": "mlflow.user", "value": "bob"},
            {"key": "a", "value": "b"},
            {"key": "mlflow.source.name", "value": "train.py"},
        ],
    }
    run = s.post("runs/create", body)["run"]["info"]["run_id"]
    s.get("runs/get", {"run_id": run})
    s.get("runs/get", {"run_uuid": run})


@table.each(
    {
        "nothing": {},
        "only the experiment": {"experiment_id": "0"},
        "a start time of 0": {"experiment_id": "0", "start_time": 0, "run_name": "x"},
        "a negative start time": {"experiment_id": "0", "start_time": -5, "run_name": "x"},
        "a start time in text": {"experiment_id": "0", "start_time": "77", "run_name": "x"},
        "a start time that is text": {"experiment_id": "0", "start_time": "noon", "run_name": "x"},
        "a start time that is a float": {"experiment_id": "0", "start_time": 1.5, "run_name": "x"},
        "a start time beyond 64 bits": {
            "experiment_id": "0",
            "start_time": 9223372036854775808,
            "run_name": "x",
        },
        "the latest start time": {"experiment_id": "0", "start_time": 9223372036854775807, "run_name": "x"},
        "an empty name": {"experiment_id": "0", "run_name": ""},
        "a number as name": {"experiment_id": "0", "run_name": 7},
        "a long name": {"experiment_id": "0", "run_name": "n" * 251, "start_time": 1},
        "a name of 8001": {"experiment_id": "0", "run_name": "n" * 8001, "start_time": 1},
        "other letters": {"experiment_id": "0", "run_name": "鳶尾 ✿", "start_time": 1},
        "a name by tag": {
            "experiment_id": "0",
            "start_time": 1,
            "tags": [{"key": "mlflow.runName", "value": "by tag"}],
        },
        "two equal names": {
            "experiment_id": "0",
            "start_time": 1,
            "run_name": "n",
            "tags": [{"key": "mlflow.runName", "value": "n"}],
        },
        "two names": {
            "experiment_id": "0",
            "start_time": 1,
            "run_name": "n",
            "tags": [{"key": "mlflow.runName", "value": "m"}],
        },
        "a user": {"experiment_id": "0", "start_time": 1, "run_name": "x", "user_id": "ann"},
        "a user that is a number": {"experiment_id": "0", "start_time": 1, "run_name": "x", "user_id": 5},
        "a long user": {"experiment_id": "0", "start_time": 1, "run_name": "x", "user_id": "u" * 257},
        "a user by tag": {
            "experiment_id": "0",
            "start_time": 1,
            "run_name": "x",
            "tags": [{"key": "mlflow.user", "value": "bob"}],
        },
        "a missing experiment": {"experiment_id": "98765"},
        "an experiment that is no number": {"experiment_id": "iris"},
        "an experiment id that is a number": {"experiment_id": 0, "run_name": "x"},
        "an empty experiment id": {"experiment_id": "", "run_name": "x", "start_time": 1},
        "no experiment": {"run_name": "x", "start_time": 1},
        "tags that are no list": {"experiment_id": "0", "run_name": "x", "tags": {"a": "b"}},
        "a tag without key": {
            "experiment_id": "0",
            "run_name": "x",
            "start_time": 1,
            "tags": [{"value": "v"}],
        },
        "a tag without value": {
            "experiment_id": "0",
            "run_name": "x",
            "start_time": 1,
            "tags": [{"key": "k"}],
        },
        "a tag key of 251": {
            "experiment_id": "0",
            "run_name": "x",
            "tags": [{"key": "k" * 251, "value": "v"}],
        },
        "a tag value of 8001": {
            "experiment_id": "0",
            "run_name": "x",
            "start_time": 1,
            "tags": [{"key": "k", "value": "v" * 8001}],
        },
        "a tag twice": {
            "experiment_id": "0",
            "run_name": "x",
            "start_time": 1,
            "tags": [{"key": "k", "value": "a"}, {"key": "k", "value": "b"}],
        },
        "a tag with a star": {"experiment_id": "0", "run_name": "x", "tags": [{"key": "a*", "value": "v"}]},
        "a tag with dots": {"experiment_id": "0", "run_name": "x", "tags": [{"key": "../a", "value": "v"}]},
        "camelCase": {"experimentId": "0", "runName": "x", "startTime": 5, "userId": "ann"},
        "unknown fields": {
            "experiment_id": "0",
            "run_name": "x",
            "start_time": 1,
            "petals": [1, {"a": None}],
        },
        "nulls": {"experiment_id": "0", "run_name": None, "start_time": None, "tags": None},
        "a status": {"experiment_id": "0", "run_name": "x", "start_time": 1, "status": "FINISHED"},
    }
)
def create_with(s, body):
    s.post("runs/create", body)


@table.case
def create_a_nested_run(s):
    experiment = s.make_experiment()
    parent = s.make_run(experiment)
    tags = [{"key": "mlflow.parentRunId", "value": parent}]
    s.post("runs/create", {"experiment_id": experiment, "run_name": "child", "start_time": 1, "tags": tags})
    missing = [{"key": "mlflow.parentRunId", "value": "nowhere"}]
    s.post(
        "runs/create", {"experiment_id": experiment, "run_name": "orphan", "start_time": 1, "tags": missing}
    )


@table.each(ODD_RUN_IDS)
def get_with_an_id(s, value):
    s.get("runs/get", with_run(value))


@table.case
def get_with_both_ids(s):
    run = s.make_run()
    s.get("runs/get", {"run_id": run, "run_uuid": "other"})
    s.get("runs/get", {"run_id": "", "run_uuid": run})
    s.get("runs/get", {"run_id": "other", "run_uuid": run})


@table.case
def get_shows_all_sorted(s):
    run = s.make_run(
        params={"z": "1", "a": "2", "m/n": ""},
        metrics={"z": 1.5, "a": -0.0, "m": 1e300, "n": 3},
        tags={"z": "1", "a": "", "mlflow.x": "y"},
    )
    answer = s.ask("GET", "runs/get", query={"run_id": run})
    data = answer["run"]["data"]
    s.note("as sets", {kind: sorted(data[kind], key=lambda part: part["key"]) for kind in data})
    s.note("rest", {part: answer["run"][part] for part in answer["run"] if part != "data"})


@table.each(
    {
        "finished": {"status": "FINISHED", "end_time": 2000},
        "failed": {"status": "FAILED", "end_time": 2000},
        "killed": {"status": "KILLED", "end_time": 2000},
        "scheduled": {"status": "SCHEDULED"},
        "running": {"status": "RUNNING"},
        "a number": {"status": 3},
        "a number 0": {"status": 0},
        "a number 9": {"status": 9},
        "lower case": {"status": "finished"},
        "an unknown status": {"status": "DONE", "end_time": 2000},
        "a number in text": {"status": "3"},
        "only an end": {"end_time": 2000},
        "an end in text": {"end_time": "2000"},
        "an end that is text": {"end_time": "noon"},
        "an end before the start": {"status": "FINISHED", "end_time": 1},
        "an end of 0": {"status": "FINISHED", "end_time": 0},
        "a negative end": {"status": "FINISHED", "end_time": -1},
        "a name": {"run_name": "versicolor"},
        "an empty name": {"run_name": ""},
        "a number as name": {"run_name": 5},
        "nothing": {},
        "a name of 8001": {"run_name": "n" * 8001},
        "all": {"status": "FINISHED", "end_time": 2000, "run_name": "virginica"},
        "camelCase": {"status": "FINISHED", "endTime": 2000, "runName": "virginica"},
    }
)
def update_to(s, fields):
    run = s.make_run()
    s.post("runs/update", {"run_id": run, **fields})
    s.get("runs/get", {"run_id": run})


@table.case
def update_back_to_running(s):
    run = s.make_run()
    s.post("runs/update", {"run_id": run, "status": "FINISHED", "end_time": 2000})
    s.post("runs/update", {"run_id": run, "status": "RUNNING"})
    s.get("runs/get", {"run_id": run})


@table.case
def update_by_run_uuid(s):
    s.post("runs/update", {"run_uuid": s.make_run(), "status": "FINISHED", "end_time": 5})


@table.each(ODD_RUN_IDS)
def update_with_an_id(s, value):
    s.post("runs/update", with_run(value, status="FINISHED", end_time=5))


@table.each(ODD_RUN_IDS)
def delete_with_an_id(s, value):
    s.post("runs/delete", with_run(value))


@table.each(ODD_RUN_IDS)
def restore_with_an_id(s, value):
    s.post("runs/restore", with_run(value))


@table.case
def delete_and_restore(s):
    run = s.make_run()
    s.post("runs/restore", {"run_id": run})
    s.post("runs/delete", {"run_id": run})
    s.get("runs/get", {"run_id": run})
    s.post("runs/delete", {"run_id": run})
    s.post("runs/restore", {"run_id": run})
    s.get("runs/get", {"run_id": run})
    s.post("runs/restore", {"run_id": run})


@table.case
def a_deleted_one_refuses_writes(s):
    experiment = s.make_experiment()
    model = s.make_model(experiment)
    run = s.make_run(experiment, params={"p": "1"}, metrics={"m": 1}, tags={"t": "1"})
    s.delete_run(run)
    s.post("runs/log-metric", {"run_id": run, "key": "m", "value": 1, "timestamp": 1})
    s.post("runs/log-parameter", {"run_id": run, "key": "p", "value": "1"})
    s.post("runs/set-tag", {"run_id": run, "key": "t", "value": "2"})
    s.post("runs/delete-tag", {"run_id": run, "key": "t"})
    s.post("runs/update", {"run_id": run, "status": "FINISHED", "end_time": 5})
    s.post(
        "runs/log-batch", {"run_id": run, "metrics": [], "params": [], "tags": [{"key": "a", "value": "b"}]}
    )
    s.post("runs/log-batch", {"run_id": run})
    s.post("runs/log-model", {"run_id": run, "model_json": '{"artifact_path": "m", "flavors": {}}'})
    s.post("runs/log-inputs", {"run_id": run, "datasets": []})
    dataset = {"dataset": {"name": "d", "digest": "1", "source_type": "local", "source": "s"}}
    s.post("runs/log-inputs", {"run_id": run, "datasets": [dataset]})
    s.post("runs/outputs", {"run_id": run, "models": [{"model_id": model, "step": 1}]})
    s.post("logged-models", {"experiment_id": experiment, "name": "petal", "source_run_id": run})
    s.get("runs/get", {"run_id": run})
    s.get("metrics/get-history", {"run_id": run, "metric_key": "m"})
    s.get("artifacts/list", {"run_id": run})
