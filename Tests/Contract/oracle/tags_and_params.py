"""Single tags and params of runs, and the legacy log-model."""

from .runs import ODD_RUN_IDS, with_run
from .session import Table

table = Table("tags and params")

KEYS = {
    "empty": "",
    "a dot": ".",
    "two dots": "..",
    "dots before": "../k",
    "a slash before": "/k",
    "a slash behind": "k/",
    "a double slash": "a//b",
    "a dot inside": "a/./b",
    "a slash": "a/b",
    "a space": "a b",
    "a space behind": "a ",
    "a colon": "a:b",
    "a dash and a dot": "a-b.c",
    "a star": "a*b",
    "a quote": "a'b",
    "a double quote": 'a"b',
    "a backslash": "a\\b",
    "a percent": "a%b",
    "an at sign": "a@b",
    "a newline": "a\nb",
    "a newline behind": "a\n",
    "a tab": "a\tb",
    "other letters": "größe_鳶",
    "an emoji": "a✿",
    "brackets": "a[0]",
    "250": "k" * 250,
    "251": "k" * 251,
    "a number": 5,
    "null": None,
    "a list": ["a"],
}


@table.each(KEYS)
def set_a_tag_with_key(s, key):
    run = s.make_run()
    s.post("runs/set-tag", {"run_id": run, "key": key, "value": "v"})
    s.get("runs/get", {"run_id": run})


@table.each(KEYS)
def log_a_param_with_key(s, key):
    run = s.make_run()
    s.post("runs/log-parameter", {"run_id": run, "key": key, "value": "v"})
    s.get("runs/get", {"run_id": run})


VALUES = {
    "absent": {},
    "empty": {"value": ""},
    "null": {"value": None},
    "a number": {"value": 5},
    "a float": {"value": 0.1},
    "true": {"value": True},
    "a list": {"value": ["a"]},
    "5999": {"value": "v" * 5999},
    "6000": {"value": "v" * 6000},
    "6001": {"value": "v" * 6001},
    "6001 letters of three bytes": {"value": "鳶" * 6001},
    "8000": {"value": "v" * 8000},
    "8001": {"value": "v" * 8001},
    "lines": {"value": "a\nb\tc"},
    "quotes": {"value": 'it\'s "x" \\ ${y}'},
    "other letters": {"value": "✿ 鳶 \u0301"},
}


def lengths(answer):
    data = answer["run"]["data"]
    both = [*data.get("params", []), *data.get("tags", [])]
    return sorted([part["key"], len(part["value"]), part["value"][:30]] for part in both)


@table.each(VALUES)
def set_a_tag_with_value(s, fields):
    run = s.make_run()
    s.post("runs/set-tag", {"run_id": run, "key": "k", **fields})
    s.get("runs/get", {"run_id": run}, show=lengths)


@table.each(VALUES)
def log_a_param_with_value(s, fields):
    run = s.make_run()
    s.post("runs/log-parameter", {"run_id": run, "key": "k", **fields})
    s.get("runs/get", {"run_id": run}, show=lengths)


@table.each(ODD_RUN_IDS)
def set_a_tag_of_run(s, value):
    s.post("runs/set-tag", with_run(value, key="k", value="v"))


@table.each(ODD_RUN_IDS)
def log_a_param_of_run(s, value):
    s.post("runs/log-parameter", with_run(value, key="k", value="v"))


@table.each(ODD_RUN_IDS)
def delete_a_tag_of_run(s, value):
    s.post("runs/delete-tag", with_run(value, key="k"))


@table.case
def both_ids(s):
    run = s.make_run()
    s.post("runs/set-tag", {"run_uuid": run, "key": "a", "value": "1"})
    s.post("runs/log-parameter", {"run_uuid": run, "key": "a", "value": "1"})
    s.post("runs/log-metric", {"run_uuid": run, "key": "a", "value": 1, "timestamp": 1})
    s.get("runs/get", {"run_uuid": run})


@table.case
def a_param_keeps_its_value(s):
    run = s.make_run()
    s.post("runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.1"})
    s.post("runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.1"})
    s.post("runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.2"})
    s.post("runs/log-parameter", {"run_id": run, "key": "lr", "value": ""})
    s.get("runs/get", {"run_id": run})


@table.case
def a_long_param_again(s):
    run = s.make_run()
    s.post("runs/log-parameter", {"run_id": run, "key": "k", "value": "v" * 6100})
    s.post("runs/log-parameter", {"run_id": run, "key": "k", "value": "v" * 6200})
    s.post("runs/log-parameter", {"run_id": run, "key": "k", "value": "v" * 6000})


@table.case
def a_tag_takes_a_new_value(s):
    run = s.make_run()
    for value in ("1", "1", "2", ""):
        s.post("runs/set-tag", {"run_id": run, "key": "t", "value": value})
    s.get("runs/get", {"run_id": run})


@table.case
def the_name_tag_names_the_run(s):
    run = s.make_run()
    s.post("runs/set-tag", {"run_id": run, "key": "mlflow.runName", "value": "versicolor"})
    s.get("runs/get", {"run_id": run})
    s.post("runs/set-tag", {"run_id": run, "key": "mlflow.runName", "value": ""})
    s.get("runs/get", {"run_id": run})
    s.post("runs/update", {"run_id": run, "run_name": "virginica"})
    s.get("runs/get", {"run_id": run})
    s.post("runs/delete-tag", {"run_id": run, "key": "mlflow.runName"})
    s.get("runs/get", {"run_id": run})


@table.case
def the_user_tag_names_the_user(s):
    run = s.make_run()
    s.post("runs/set-tag", {"run_id": run, "key": "mlflow.user", "value": "ann"})
    s.get("runs/get", {"run_id": run})


@table.case
def delete_a_tag(s):
    run = s.make_run(tags={"t": "1"})
    s.post("runs/delete-tag", {"run_id": run, "key": "t"})
    s.post("runs/delete-tag", {"run_id": run, "key": "t"})
    s.get("runs/get", {"run_id": run})


@table.each({"no key": {}, "an empty key": {"key": ""}, "a number": {"key": 5}, "a star": {"key": "a*"}})
def delete_a_tag_with(s, fields):
    s.post("runs/delete-tag", {"run_id": s.make_run(), **fields})


GOOD_MODEL = '{"artifact_path": "model", "flavors": {"python_function": {}}, "run_id": "x", "utc_time_created": "2026"}'


@table.each(
    {
        "a model": {"model_json": GOOD_MODEL},
        "nothing": {},
        "empty": {"model_json": ""},
        "no JSON": {"model_json": "{"},
        "a list": {"model_json": "[]"},
        "a number": {"model_json": "5"},
        "an object and not text": {"model_json": {"artifact_path": "m"}},
        "no flavors": {"model_json": '{"artifact_path": "m"}'},
        "no path": {"model_json": '{"flavors": {}}'},
        "an empty object": {"model_json": "{}"},
        "a missing run": {"run_id": "0123456789abcdef0123456789abcdef", "model_json": GOOD_MODEL},
    }
)
def log_model(s, fields):
    run = s.make_run()
    s.post("runs/log-model", {"run_id": run, **fields})
    s.get("runs/get", {"run_id": run})


@table.case
def log_two_models(s):
    run = s.make_run()
    for path in ("model", "other", "model"):
        model = GOOD_MODEL.replace('"model"', f'"{path}"')
        s.post("runs/log-model", {"run_id": run, "model_json": model})
    s.get("runs/get", {"run_id": run})
