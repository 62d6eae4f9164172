"""log-batch: limits, duplicates, what a failing batch leaves behind."""

from .runs import ODD_RUN_IDS, with_run
from .session import Table

table = Table("batches")


def metric(key="m", value=1, timestamp=1, step=0, **fields):
    return {"key": key, "value": value, "timestamp": timestamp, "step": step, **fields}


def pairs(count, start=0):
    return [{"key": f"k{number}", "value": str(number)} for number in range(start, start + count)]


@table.case
def log_and_read_back(s):
    run = s.make_run()
    body = {
        "metrics": [metric("a", 1.5), metric("a", 2, 2, 1), metric("b", "NaN")],
        "params": pairs(2),
        "tags": pairs(2),
    }
    s.post("runs/log-batch", {"run_id": run, **body})
    s.get("runs/get", {"run_id": run})
    s.get("metrics/get-history", {"run_id": run, "metric_key": "a"})
    s.post("runs/log-batch", {"run_id": run, **body})
    s.get("metrics/get-history", {"run_id": run, "metric_key": "a"})


@table.each(ODD_RUN_IDS)
def log_to_run(s, value):
    s.post("runs/log-batch", with_run(value, metrics=[metric()]))


def sizes(answer):
    data = answer["run"]["data"]
    return {kind: len(data.get(kind, [])) for kind in ("metrics", "params", "tags")}


@table.each(
    {
        "nothing": {},
        "empty lists": {"metrics": [], "params": [], "tags": []},
        "nulls": {"metrics": None, "params": None, "tags": None},
        "1000 metrics": {"metrics": [metric(step=step) for step in range(1000)]},
        "1001 metrics": {"metrics": [metric(step=step) for step in range(1001)]},
        "100 params": {"params": pairs(100)},
        "101 params": {"params": pairs(101)},
        "100 tags": {"tags": pairs(100)},
        "101 tags": {"tags": pairs(101)},
        "1000 in all": {
            "metrics": [metric(step=step) for step in range(800)],
            "params": pairs(100),
            "tags": pairs(100),
        },
        "1001 in all": {
            "metrics": [metric(step=step) for step in range(801)],
            "params": pairs(100),
            "tags": pairs(100),
        },
        "metrics that are no list": {"metrics": "x"},
        "a metric that is no object": {"metrics": ["x"]},
        "a metric that is null": {"metrics": [None]},
        "params that are no list": {"params": {"a": "b"}},
        "a param that is no object": {"params": [5]},
        "tags that are no list": {"tags": 5},
        "a metric without key": {"metrics": [{"value": 1, "timestamp": 1}]},
        "a metric without value": {"metrics": [{"key": "m", "timestamp": 1}]},
        "a metric without timestamp": {"metrics": [{"key": "m", "value": 1}]},
        "a metric without step": {"metrics": [{"key": "m", "value": 1, "timestamp": 1}]},
        "a metric with text": {"metrics": [metric(value="many")]},
        "a metric with text of a number": {"metrics": [metric(value="0.5")]},
        "a metric with a null value": {"metrics": [metric(value=None)]},
        "a metric with a number as key": {"metrics": [metric(key=5)]},
        "a metric with an empty key": {"metrics": [metric(key="")]},
        "a metric with a key of 251": {"metrics": [metric(key="k" * 251)]},
        "a metric with a key of 250": {"metrics": [metric(key="k" * 250)]},
        "a metric with a star": {"metrics": [metric(key="a*")]},
        "a metric with dots": {"metrics": [metric(key="../a")]},
        "a metric with a negative time": {"metrics": [metric(timestamp=-1)]},
        "a metric with a float time": {"metrics": [metric(timestamp=1.5)]},
        "a metric with a text step": {"metrics": [metric(step="x")]},
        "a metric with a negative step": {"metrics": [metric(step=-3)]},
        "the second metric wrong": {"metrics": [metric("a"), metric("b*")]},
        "a param without key": {"params": [{"value": "v"}]},
        "a param without value": {"params": [{"key": "k"}]},
        "a param with an empty value": {"params": [{"key": "k", "value": ""}]},
        "a param with a number": {"params": [{"key": "k", "value": 5}]},
        "a param with a null value": {"params": [{"key": "k", "value": None}]},
        "a param with a key of 251": {"params": [{"key": "k" * 251, "value": "v"}]},
        "a param with a value of 6001": {"params": [{"key": "k", "value": "v" * 6001}]},
        "a param with a star": {"params": [{"key": "a*", "value": "v"}]},
        "a param twice": {"params": [{"key": "k", "value": "v"}, {"key": "k", "value": "v"}]},
        "a param twice with two values": {"params": [{"key": "k", "value": "v"}, {"key": "k", "value": "w"}]},
        "a tag without key": {"tags": [{"value": "v"}]},
        "a tag without value": {"tags": [{"key": "k"}]},
        "a tag with an empty key": {"tags": [{"key": "", "value": "v"}]},
        "a tag with a key of 251": {"tags": [{"key": "k" * 251, "value": "v"}]},
        "a tag with a value of 8001": {"tags": [{"key": "k", "value": "v" * 8001}]},
        "a tag with a number": {"tags": [{"key": "k", "value": 5}]},
        "a tag twice": {"tags": [{"key": "k", "value": "v"}, {"key": "k", "value": "w"}]},
        "a run name": {"tags": [{"key": "mlflow.runName", "value": "versicolor"}]},
        "an empty run name": {"tags": [{"key": "mlflow.runName", "value": ""}]},
        "camelCase": {"metrics": [{"key": "m", "value": 1, "timestamp": 1, "modelId": ""}]},
        "a wrong metric after good params": {"params": pairs(1), "metrics": [metric("a*")]},
        "a wrong tag after good metrics": {"metrics": [metric()], "tags": [{"key": "a*", "value": "v"}]},
        "a wrong param before good tags": {"params": [{"key": "a*", "value": "v"}], "tags": pairs(1)},
    }
)
def log(s, fields):
    run = s.make_run()
    s.post("runs/log-batch", {"run_id": run, **fields})
    s.get("runs/get", {"run_id": run}, show=sizes)


@table.case
def log_by_run_uuid(s):
    s.post("runs/log-batch", {"run_uuid": s.make_run(), "tags": pairs(1)})


@table.case
def a_changed_param_leaves_nothing(s):
    run = s.make_run(params={"lr": "0.1"})
    changed = [{"key": "lr", "value": "0.2"}, {"key": "new", "value": "1"}]
    s.post("runs/log-batch", {"run_id": run, "params": changed, "metrics": [metric()], "tags": pairs(1)})
    s.get("runs/get", {"run_id": run}, show=sizes)


@table.case
def two_changed_params(s):
    run = s.make_run(params={"lr": "0.1", "depth": "3"})
    changed = [{"key": "lr", "value": "0.2"}, {"key": "depth", "value": "4"}]
    s.post("runs/log-batch", {"run_id": run, "params": changed})


@table.case
def a_param_again(s):
    run = s.make_run(params={"lr": "0.1"})
    same = [{"key": "lr", "value": "0.1"}, {"key": "new", "value": "1"}]
    s.post("runs/log-batch", {"run_id": run, "params": same})
    s.get("runs/get", {"run_id": run})


@table.case
def a_missing_model_leaves_nothing(s):
    run = s.make_run()
    missing = metric("acc", model_id="m-00000000000000000000000000000000")
    s.post(
        "runs/log-batch",
        {"run_id": run, "metrics": [metric("a"), missing], "params": pairs(1), "tags": pairs(1)},
    )
    s.get("runs/get", {"run_id": run}, show=sizes)


@table.case
def metrics_of_models_and_datasets(s):
    experiment = s.make_experiment()
    run, model = s.make_run(experiment), s.make_model(experiment)
    rows = [
        metric("acc", 0.1, model_id=model),
        metric("acc", 0.2, step=1, model_id=model, dataset_name="iris", dataset_digest="abc"),
        metric("loss", 0.3, dataset_name="iris", dataset_digest="abc"),
    ]
    s.post("runs/log-batch", {"run_id": run, "metrics": rows})
    s.get("runs/get", {"run_id": run})
    s.get(f"logged-models/{model}")


@table.case
def the_latest_of_a_batch(s):
    run = s.make_run()
    rows = [
        metric("a", 1, 5, 9),
        metric("a", 2, 6, 8),
        metric("a", 3, 5, 9),
        metric("a", "NaN", 5, 9),
        metric("b", 1, 1, -1),
    ]
    s.post("runs/log-batch", {"run_id": run, "metrics": rows})
    s.get("runs/get", {"run_id": run}, show=lambda answer: answer["run"]["data"]["metrics"])
    s.post("runs/log-batch", {"run_id": run, "metrics": [metric("a", 9, 4, 9), metric("a", 9, 9, 1)]})
    s.get("runs/get", {"run_id": run}, show=lambda answer: answer["run"]["data"]["metrics"])
    s.get("metrics/get-history", {"run_id": run, "metric_key": "a"})
