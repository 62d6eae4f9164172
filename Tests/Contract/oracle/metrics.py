"""Single metrics: values, times, steps, repeats, the latest value, links to models and datasets."""

from .runs import ODD_RUN_IDS, with_run
from .session import Table
from .tags_and_params import KEYS

table = Table("metrics")


def everything(s, run, key="m"):
    s.get("metrics/get-history", {"run_id": run, "metric_key": key})
    s.get("runs/get", {"run_id": run}, show=lambda answer: answer["run"]["data"].get("metrics"))


@table.each(KEYS)
def log_with_key(s, key):
    run = s.make_run()
    s.post("runs/log-metric", {"run_id": run, "key": key, "value": 1, "timestamp": 1})
    s.get("runs/get", {"run_id": run})


@table.each(ODD_RUN_IDS)
def log_to_run(s, value):
    s.post("runs/log-metric", with_run(value, key="m", value=1, timestamp=1))


@table.each(
    {
        "an integer": 3,
        "negative": -2.5,
        "zero": 0,
        "negative zero": -0.0,
        "small": 5e-324,
        "large": 1.7976931348623157e308,
        "a third": 0.3333333333333333,
        "0.1": 0.1,
        "1e22": 1e22,
        "123456789012345678": 123456789012345678,
        "NaN": "NaN",
        "nan in lower case": "nan",
        "Infinity": "Infinity",
        "-Infinity": "-Infinity",
        "inf": "inf",
        "text of a number": "0.5",
        "text of an exponent": "1e3",
        "text with a space": " 1 ",
        "empty text": "",
        "text": "many",
        "null": None,
        "true": True,
        "a list": [1],
        "an object": {"a": 1},
    }
)
def log_value(s, value):
    run = s.make_run()
    s.post("runs/log-metric", {"run_id": run, "key": "m", "value": value, "timestamp": 5, "step": 1})
    everything(s, run)


@table.each(
    {
        "a bare NaN": '{"run_id": "RUN", "key": "m", "value": NaN, "timestamp": 5}',
        "a bare Infinity": '{"run_id": "RUN", "key": "m", "value": Infinity, "timestamp": 5}',
        "a number too large": '{"run_id": "RUN", "key": "m", "value": 1e999, "timestamp": 5}',
        "a key twice": '{"run_id": "RUN", "key": "m", "value": 1, "value": 2, "timestamp": 5}',
        "a timestamp with an exponent": '{"run_id": "RUN", "key": "m", "value": 1, "timestamp": 5e0}',
        "a long number": '{"run_id": "RUN", "key": "m", "value": 0.1000000000000000055511151231257827, "timestamp": 5}',
    }
)
def log_as_written(s, text):
    run = s.make_run()
    raw = text.replace("RUN", run)
    s.post("runs/log-metric", raw=raw, headers={"Content-Type": "application/json"})
    everything(s, run)


@table.each(
    {
        "no timestamp": {},
        "timestamp 0": {"timestamp": 0},
        "a negative timestamp": {"timestamp": -1},
        "a timestamp in text": {"timestamp": "12"},
        "a timestamp that is text": {"timestamp": "noon"},
        "a timestamp that is a float": {"timestamp": 1.5},
        "a timestamp that is a whole float": {"timestamp": 2.0},
        "the latest timestamp": {"timestamp": 9223372036854775807},
        "a timestamp beyond 64 bits": {"timestamp": 9223372036854775808},
        "a null timestamp": {"timestamp": None},
        "step 0": {"timestamp": 1, "step": 0},
        "a negative step": {"timestamp": 1, "step": -7},
        "a step in text": {"timestamp": 1, "step": "3"},
        "a step that is text": {"timestamp": 1, "step": "three"},
        "a step that is a float": {"timestamp": 1, "step": 1.5},
        "the largest step": {"timestamp": 1, "step": 9223372036854775807},
        "the smallest step": {"timestamp": 1, "step": -9223372036854775808},
        "a step beyond 64 bits": {"timestamp": 1, "step": 9223372036854775808},
        "a null step": {"timestamp": 1, "step": None},
        "true as step": {"timestamp": 1, "step": True},
    }
)
def log_at(s, fields):
    run = s.make_run()
    s.post("runs/log-metric", {"run_id": run, "key": "m", "value": 1, **fields})
    everything(s, run)


@table.each({"no key": {"value": 1, "timestamp": 1}, "no value": {"key": "m", "timestamp": 1}, "nothing": {}})
def log_without(s, fields):
    s.post("runs/log-metric", {"run_id": s.make_run(), **fields})


@table.case
def order_of_complaints(s):
    s.post("runs/log-metric", {})
    s.post("runs/log-metric", {"key": 5, "value": "x", "timestamp": "y"})
    s.post(
        "runs/log-metric",
        {"run_id": "0123456789abcdef0123456789abcdef", "key": "a*", "value": 1, "timestamp": -1},
    )


def log(s, run, *points, key="m"):
    for value, timestamp, step in points:
        body = {"run_id": run, "key": key, "value": value, "timestamp": timestamp, "step": step}
        s.post("runs/log-metric", body)


@table.each(
    {
        "step beats time": [(1, 10, 5), (2, 20, 4)],
        "time at the same step": [(1, 20, 5), (2, 10, 5)],
        "value at the same time": [(2, 10, 5), (1, 10, 5), (3, 10, 5)],
        "negative steps": [(1, 10, -5), (2, 10, -6)],
        "a later lower step": [(1, 1, 0), (2, 2, 1), (3, 3, 0)],
        "NaN against 1": [("NaN", 10, 5), (1, 10, 5)],
        "NaN against -1": [("NaN", 10, 5), (-1, 10, 5)],
        "-1 against NaN": [(-1, 10, 5), ("NaN", 10, 5)],
        "1 against NaN": [(1, 10, 5), ("NaN", 10, 5)],
        "0 against NaN": [(0, 10, 5), ("NaN", 10, 5)],
        "NaN against 0": [("NaN", 10, 5), (0, 10, 5)],
        "infinities": [("Infinity", 10, 5), ("-Infinity", 10, 6), ("Infinity", 10, 4)],
        "the same again": [(1, 10, 5), (1, 10, 5), (1, 10, 5)],
        "NaN again": [("NaN", 10, 5), ("NaN", 10, 5)],
        "the same value at other times": [(1, 10, 5), (1, 11, 5), (1, 10, 6)],
        "zeros of both signs": [(0.0, 10, 5), (-0.0, 10, 5)],
    }
)
def the_latest_value(s, points):
    run = s.make_run()
    log(s, run, *points)
    everything(s, run)


@table.case
def linked_to_a_model(s):
    experiment = s.make_experiment()
    run, model = s.make_run(experiment), s.make_model(experiment)
    point = {"run_id": run, "key": "acc", "value": 0.5, "timestamp": 5, "step": 2, "model_id": model}
    s.post("runs/log-metric", point)
    s.post("runs/log-metric", {**point, "step": 3, "dataset_name": "iris", "dataset_digest": "abc"})
    s.post("runs/log-metric", {**point, "step": 3, "dataset_name": "iris"})
    s.post("runs/log-metric", {**point, "step": 4, "dataset_digest": "abc"})
    s.post("runs/log-metric", {**point, "step": 4, "model_id": "m-00000000000000000000000000000000"})
    s.post("runs/log-metric", {**point, "step": 4, "model_id": "nonsense"})
    s.post("runs/log-metric", {**point, "step": 5, "model_id": ""})
    s.get(f"logged-models/{model}")
    everything(s, run, "acc")


@table.case
def linked_to_a_dataset_of_the_run(s):
    experiment = s.make_experiment()
    run, model = s.make_run(experiment), s.make_model(experiment)
    dataset = {"name": "iris", "digest": "abc", "source_type": "local", "source": "{}"}
    s.must("POST", "runs/log-inputs", {"run_id": run, "datasets": [{"dataset": dataset}]})
    point = {"run_id": run, "key": "acc", "value": 0.5, "timestamp": 5, "step": 2}
    s.post("runs/log-metric", {**point, "model_id": model, "dataset_name": "iris", "dataset_digest": "abc"})
    s.post("runs/log-metric", {**point, "dataset_name": "iris", "dataset_digest": "abc", "step": 3})
    s.get(f"logged-models/{model}")
    everything(s, run, "acc")


@table.case
def linked_to_a_deleted_model(s):
    experiment = s.make_experiment()
    run, model = s.make_run(experiment), s.make_model(experiment)
    s.must("DELETE", f"logged-models/{model}")
    s.post("runs/log-metric", {"run_id": run, "key": "a", "value": 1, "timestamp": 1, "model_id": model})
    everything(s, run, "a")


@table.case
def many_points_of_one_key(s):
    run = s.make_run()
    log(s, run, *[(value * value % 7, 100 - value, value % 5) for value in range(20)])
    everything(s, run)
