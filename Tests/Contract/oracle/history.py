"""Metric histories: get-history, get-history-bulk, get-history-bulk-interval."""

from .runs import ODD_RUN_IDS, with_run
from .session import Table

table = Table("history")

BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk"
INTERVAL = "metrics/get-history-bulk-interval"


def run_with_points(s, count=25, experiment=None, key="m", **fields):
    run = s.make_run(experiment, **fields)
    points = [
        {"key": key, "value": step / 4, "timestamp": 1000 - step, "step": step} for step in range(count)
    ]
    s.must("POST", "runs/log-batch", {"run_id": run, "metrics": points})
    return run


@table.each(ODD_RUN_IDS)
def of_run(s, value):
    s.get("metrics/get-history", with_run(value, metric_key="m"))


@table.case
def whole(s):
    run = run_with_points(s)
    s.get("metrics/get-history", {"run_id": run, "metric_key": "m"})
    s.get("metrics/get-history", {"run_uuid": run, "metric_key": "m"})
    s.get("metrics/get-history", {"run_id": run, "metric_key": "none"})
    s.get("metrics/get-history", {"run_id": run})
    s.get("metrics/get-history", {"run_id": run, "metric_key": ""})
    s.get("metrics/get-history", {"run_id": run, "metric_key": "a*b"})


@table.case
def in_pages(s):
    run = run_with_points(s)
    query = {"run_id": run, "metric_key": "m", "max_results": 10}
    pages, token = [], None
    for _ in range(4):
        answer = s.must(
            "GET", "metrics/get-history", query={**query, **({"page_token": token} if token else {})}
        )
        pages.append([point["step"] for point in answer["metrics"]])
        token = answer.body.get("next_page_token")
        if not token:
            break
    s.note("pages", pages)
    exactly = s.must("GET", "metrics/get-history", query={**query, "max_results": 25})
    s.note("has a token when all fit", "next_page_token" in exactly.body)


@table.each(
    {
        "zero": 0,
        "negative": -1,
        "one": 1,
        "text": "many",
        "a float": "1.5",
        "empty": "",
        "large": 2147483647,
        "beyond 32 bits": 2147483648,
        "25000": 25000,
        "25001": 25001,
    }
)
def max_results(s, value):
    run = run_with_points(s, 3)
    s.get("metrics/get-history", {"run_id": run, "metric_key": "m", "max_results": value})


@table.each(
    {
        "garbage": "garbage",
        "not base64": "@@@",
        "empty": "",
        "base64 of text": "aGVsbG8=",
        "base64 of JSON": "e30=",
    }
)
def page_token(s, token):
    run = run_with_points(s, 3)
    s.get("metrics/get-history", {"run_id": run, "metric_key": "m", "max_results": 2, "page_token": token})


@table.case
def bulk(s):
    experiment = s.make_experiment()
    runs = [run_with_points(s, count, experiment) for count in (3, 2)]

    def by_run(answer):
        points = answer["metrics"]
        order = [point["run_id"] for point in points]
        rest = [[runs.index(point.pop("run_id")), point] for point in points]
        return ["sorted by run" if order == sorted(order) else "mixed", sorted(rest, key=str)]

    s.get(BULK, {"run_id": runs, "metric_key": "m"}, show=by_run)
    s.get(
        BULK,
        {"run_id": runs, "metric_key": "m", "max_results": 2},
        show=lambda answer: len(answer["metrics"]),
    )
    s.get(BULK, {"run_id": [runs[0], runs[0]], "metric_key": "m", "max_results": 100})
    s.get(BULK, {"run_id": runs[0], "metric_key": "none"})


@table.case
def bulk_of_odd_values(s):
    run = s.make_run(metrics={"n": "NaN", "i": "Infinity"})
    s.get(BULK, {"run_id": run, "metric_key": "i"})
    s.get(BULK, {"run_id": run, "metric_key": "n"})
    s.get(INTERVAL, {"run_ids": run, "metric_key": "i"})
    s.get(INTERVAL, {"run_ids": run, "metric_key": "n"})


@table.each(
    {
        "nothing": {},
        "no key": {"run_id": "RUN"},
        "no run": {"metric_key": "m"},
        "an empty key": {"run_id": "RUN", "metric_key": ""},
        "a missing run": {"run_id": "0123456789abcdef0123456789abcdef", "metric_key": "m"},
        "a good and a missing run": {
            "run_id": ["RUN", "0123456789abcdef0123456789abcdef"],
            "metric_key": "m",
        },
        "101 runs": {"run_id": [f"{number:032x}" for number in range(101)], "metric_key": "m"},
        "max_results 0": {"run_id": "RUN", "metric_key": "m", "max_results": 0},
        "max_results negative": {"run_id": "RUN", "metric_key": "m", "max_results": -1},
        "max_results text": {"run_id": "RUN", "metric_key": "m", "max_results": "many"},
        "max_results 1": {"run_id": "RUN", "metric_key": "m", "max_results": 1},
        "max_results 25001": {"run_id": "RUN", "metric_key": "m", "max_results": 25001},
    }
)
def bulk_with(s, query):
    run = run_with_points(s, 3)
    filled = {name: replaced(value, run) for name, value in query.items()}
    s.get(BULK, filled)


def replaced(value, run):
    if isinstance(value, list):
        return [replaced(part, run) for part in value]
    return run if value == "RUN" else value


@table.each(
    {
        "nothing": {},
        "no key": {"run_ids": "RUN"},
        "no run": {"metric_key": "m"},
        "an empty key": {"run_ids": "RUN", "metric_key": ""},
        "an empty run": {"run_ids": "", "metric_key": "m"},
        "a missing run": {"run_ids": "0123456789abcdef0123456789abcdef", "metric_key": "m"},
        "a good and a missing run": {
            "run_ids": ["RUN", "0123456789abcdef0123456789abcdef"],
            "metric_key": "m",
        },
        "an unknown key": {"run_ids": "RUN", "metric_key": "none"},
        "101 runs": {"run_ids": [f"{number:032x}" for number in range(101)], "metric_key": "m"},
        "all": {"run_ids": "RUN", "metric_key": "m"},
        "10 of them": {"run_ids": "RUN", "metric_key": "m", "max_results": 10},
        "1 of them": {"run_ids": "RUN", "metric_key": "m", "max_results": 1},
        "2 of them": {"run_ids": "RUN", "metric_key": "m", "max_results": 2},
        "3 of them": {"run_ids": "RUN", "metric_key": "m", "max_results": 3},
        "0 of them": {"run_ids": "RUN", "metric_key": "m", "max_results": 0},
        "-1 of them": {"run_ids": "RUN", "metric_key": "m", "max_results": -1},
        "2500 of them": {"run_ids": "RUN", "metric_key": "m", "max_results": 2500},
        "2501 of them": {"run_ids": "RUN", "metric_key": "m", "max_results": 2501},
        "many of them": {"run_ids": "RUN", "metric_key": "m", "max_results": "many"},
        "a range": {"run_ids": "RUN", "metric_key": "m", "start_step": 5, "end_step": 9},
        "a range of one": {"run_ids": "RUN", "metric_key": "m", "start_step": 5, "end_step": 5},
        "a range sampled": {
            "run_ids": "RUN",
            "metric_key": "m",
            "start_step": 5,
            "end_step": 20,
            "max_results": 4,
        },
        "a range outside": {"run_ids": "RUN", "metric_key": "m", "start_step": 500, "end_step": 900},
        "a range around": {"run_ids": "RUN", "metric_key": "m", "start_step": -50, "end_step": 900},
        "a range backwards": {"run_ids": "RUN", "metric_key": "m", "start_step": 9, "end_step": 5},
        "only a start": {"run_ids": "RUN", "metric_key": "m", "start_step": 5},
        "only an end": {"run_ids": "RUN", "metric_key": "m", "end_step": 5},
        "a start that is text": {"run_ids": "RUN", "metric_key": "m", "start_step": "a", "end_step": 5},
        "a float start": {"run_ids": "RUN", "metric_key": "m", "start_step": "1.5", "end_step": 5},
        "a run twice": {"run_ids": ["RUN", "RUN"], "metric_key": "m", "max_results": 3},
    }
)
def interval(s, query):
    run = run_with_points(s)
    filled = {name: replaced(value, run) for name, value in query.items()}
    s.get(INTERVAL, filled)
    s.get(f"/ajax-api/2.0/mlflow/{INTERVAL}", filled)


@table.case
def interval_of_many_points(s):
    run = run_with_points(s, 1000)
    for count in (2, 7, 10, 320, 999):
        s.get(
            INTERVAL,
            {"run_ids": run, "metric_key": "m", "max_results": count},
            show=lambda answer: [point["step"] for point in answer["metrics"]],
        )


@table.case
def interval_of_two_runs(s):
    experiment = s.make_experiment()
    runs = [
        run_with_points(s, 30, experiment),
        run_with_points(s, 10, experiment),
        run_with_points(s, 0, experiment),
    ]

    def by_run(answer):
        found = answer["metrics"]
        return [[point["step"] for point in found if point["run_id"] == run] for run in runs]

    for count in (4, 5, 12):
        s.get(INTERVAL, {"run_ids": runs, "metric_key": "m", "max_results": count}, show=by_run)


@table.case
def interval_of_repeated_steps(s):
    run = s.make_run()
    points = [
        {"key": "m", "value": number, "timestamp": 100 + number, "step": number // 3} for number in range(30)
    ]
    s.must("POST", "runs/log-batch", {"run_id": run, "metrics": points})
    for count in (3, 5, 30):
        s.get(INTERVAL, {"run_ids": run, "metric_key": "m", "max_results": count})


@table.case
def interval_by_body(s):
    run = run_with_points(s, 3)
    s.send("GET", INTERVAL, body={"run_ids": [run], "metric_key": "m"})
