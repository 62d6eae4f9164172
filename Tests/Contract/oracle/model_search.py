"""logged-models/search: filters, datasets, orders, pages."""

from .session import Table, verdict

table = Table("model search")

PATH = "logged-models/search"


def plant(s):
    """Four models of one experiment; returns the experiment, its run and model ids by label."""
    experiment = s.make_experiment()
    run = s.make_run(experiment)
    models = {}
    for label, kind, depth, team in (
        ("a", "tree", "3", "blue"),
        ("b", "tree", "10", "red"),
        ("c", "Net", None, "Blue"),
        ("d", "", "3", None),
    ):
        models[label] = s.make_model(
            experiment,
            name=f"model-{label}",
            model_type=kind,
            source_run_id=run if label in "ab" else "",
            params=[{"key": "depth", "value": depth}] if depth else [],
            tags=[{"key": "team", "value": team}] if team else [],
        )
    values = [
        ("a", 0.5, "iris", "1"),
        ("a", 0.7, "wine", "1"),
        ("b", 0.9, "iris", "1"),
        ("c", "NaN", None, None),
        ("b", 0.1, "iris", "2"),
    ]
    for step, (label, value, name, digest) in enumerate(values):
        point = {"key": "acc", "value": value, "timestamp": 5, "step": step, "model_id": models[label]}
        extra = {"dataset_name": name, "dataset_digest": digest} if name else {}
        s.must("POST", "runs/log-metric", {"run_id": run, **point, **extra})
    s.must("PATCH", f"logged-models/{models['a']}", {"model_id": models["a"], "status": 2})
    s.must("PATCH", f"logged-models/{models['b']}", {"model_id": models["b"], "status": 3})
    return experiment, run, models


def found(answer):
    if answer.status != 200:
        return [answer.status, answer.kind, answer.body]
    return [model["info"]["name"] for model in answer.body.get("models", [])]


def as_set(answer):
    shown = found(answer)
    return sorted(shown) if answer.status == 200 else shown


GOOD_FILTERS = {
    "empty": "",
    "name": "name = 'model-a'",
    "name differs": "name != 'model-a'",
    "name LIKE": "name LIKE 'model-%'",
    "name ILIKE": "name ILIKE 'MODEL-A'",
    "name IN": "name IN ('model-a', 'model-c')",
    "name NOT IN": "name NOT IN ('model-a', 'model-c')",
    "attributes prefix": "attributes.name = 'model-a'",
    "attribute prefix": "attribute.name = 'model-a'",
    "model id": "model_id = '{a}'",
    "model ids": "model_id IN ('{a}', '{b}')",
    "type": "model_type = 'tree'",
    "type ILIKE": "model_type ILIKE 'net'",
    "status": "status = 'READY'",
    "status long": "status = 'LOGGED_MODEL_READY'",
    "status differs": "status != 'READY'",
    "run": "source_run_id = '{run}'",
    "creation time": "creation_time > 5",
    "creation timestamp": "creation_timestamp > 5",
    "last update": "last_updated_timestamp > 5",
    "metric": "metrics.acc > 0.4",
    "metric equal": "metrics.acc = 0.5",
    "metric differs": "metrics.acc != 0.5",
    "metric in backticks": "metrics.`acc` >= 0.9",
    "param": "params.depth = '3'",
    "param LIKE": "params.depth LIKE '1%'",
    "param differs": "params.depth != '3'",
    "param IN": "params.depth IN ('3', '10')",
    "tag": "tags.team = 'blue'",
    "tag ILIKE": "tags.team ILIKE 'BLUE'",
    "tag differs": "tags.team != 'blue'",
    "tag IN": "tags.team IN ('blue', 'red')",
    "joined": "params.depth = '3' AND tags.team = 'blue'",
    "joined in lower case": "params.depth = '3' and metrics.acc > 0.1",
}

BAD_FILTERS = {
    "an unknown attribute": "colour = 'red'",
    "an unknown entity": "thing.a = 'b'",
    "a number for a name": "name = 5",
    "a bare word": "name = petal",
    "text for a metric": "metrics.acc > 'a'",
    "LIKE for a metric": "metrics.acc LIKE '0.5'",
    "greater for a param": "params.depth > '3'",
    "a number for a param": "params.depth = 3",
    "OR": "name = 'a' OR name = 'b'",
    "parentheses": "(name = 'a')",
    "no value": "name =",
    "AND at the end": "name = 'a' AND",
    "no AND": "name = 'a' name = 'b'",
    "an unknown status": "status = 'DONE'",
    "IS NULL": "tags.team IS NULL",
    "an empty list": "name IN ()",
    "an open quote": "name = 'a",
    "injection": "name = 'a'; DROP TABLE x",
    "only a word": "name",
    "text for a time": "creation_time > 'a'",
    "a wild comparator": "name <> 'a'",
}


@table.each(GOOD_FILTERS)
def filter(s, text):
    experiment, run, models = plant(s)
    for label, model in {**models, "run": run}.items():
        text = text.replace("{" + label + "}", model)
    s.post(PATH, {"experiment_ids": [experiment], "filter": text}, show=as_set)


@table.each(BAD_FILTERS)
def refuse(s, text):
    s.post(PATH, {"experiment_ids": [s.make_experiment()], "filter": text}, show=verdict)


@table.each(
    {
        "one": [{"dataset_name": "iris", "dataset_digest": "1"}],
        "a name alone": [{"dataset_name": "iris"}],
        "two": [
            {"dataset_name": "iris", "dataset_digest": "2"},
            {"dataset_name": "wine", "dataset_digest": "1"},
        ],
        "missing": [{"dataset_name": "none"}],
        "a digest alone": [{"dataset_digest": "1"}],
        "an empty name": [{"dataset_name": ""}],
        "an empty object": [{}],
        "no list": "iris",
    }
)
def datasets(s, datasets):
    experiment, _, _ = plant(s)
    s.post(PATH, {"experiment_ids": [experiment], "datasets": datasets}, show=as_set)
    s.post(
        PATH,
        {"experiment_ids": [experiment], "datasets": datasets, "filter": "metrics.acc > 0.6"},
        show=as_set,
    )


ORDERS = {
    "name": [{"field_name": "name"}],
    "name descending": [{"field_name": "name", "ascending": False}],
    "attributes": [{"field_name": "attributes.name", "ascending": True}],
    "metric": [{"field_name": "metrics.acc", "ascending": True}, {"field_name": "name"}],
    "metric descending": [{"field_name": "metrics.acc", "ascending": False}, {"field_name": "name"}],
    "metric of a dataset": [
        {"field_name": "metrics.acc", "ascending": False, "dataset_name": "iris", "dataset_digest": "1"},
        {"field_name": "name"},
    ],
    "metric of a dataset name": [
        {"field_name": "metrics.acc", "ascending": False, "dataset_name": "wine"},
        {"field_name": "name"},
    ],
    "type": [{"field_name": "model_type"}, {"field_name": "name", "ascending": False}],
    "status": [{"field_name": "status"}, {"field_name": "name"}],
    "creation time": [{"field_name": "creation_time", "ascending": True}, {"field_name": "name"}],
    "param": [{"field_name": "params.depth"}, {"field_name": "name"}],
    "tag": [{"field_name": "tags.team"}, {"field_name": "name"}],
    "unknown": [{"field_name": "colour"}],
    "an unknown entity": [{"field_name": "thing.a"}],
    "no field": [{"ascending": True}],
    "an empty field": [{"field_name": ""}],
    "text": ["name"],
    "a digest without name": [{"field_name": "metrics.acc", "dataset_digest": "1"}],
    "a dataset for a name": [{"field_name": "name", "dataset_name": "iris"}],
    "direction in the field": [{"field_name": "name DESC"}],
    "ascending in text": [{"field_name": "name", "ascending": "false"}],
}


@table.each(ORDERS)
def order(s, order):
    experiment, _, _ = plant(s)
    s.post(PATH, {"experiment_ids": [experiment], "order_by": order}, show=found)


@table.each(
    {
        "none": {},
        "an empty list": {"experiment_ids": []},
        "a missing one": {"experiment_ids": ["98765"]},
        "no number": {"experiment_ids": ["iris"]},
        "text": {"experiment_ids": "0"},
        "a number": {"experiment_ids": [98765]},
    }
)
def experiments(s, fields):
    s.post(PATH, {"filter": "name = 'none'", **fields})


@table.each(
    {
        "zero": 0,
        "negative": -1,
        "one": 1,
        "text": "x",
        "the most": 50000,
        "too many": 50001,
        "a float": 1.5,
        "null": None,
    }
)
def max_results(s, value):
    experiment, _, _ = plant(s)
    body = {"experiment_ids": [experiment], "max_results": value, "order_by": [{"field_name": "name"}]}
    s.post(PATH, body, show=found)


@table.case
def pages(s):
    experiment, _, _ = plant(s)
    body = {"experiment_ids": [experiment], "max_results": 3, "order_by": [{"field_name": "name"}]}
    first = s.post(PATH, body, show=found)
    token = first["next_page_token"]
    last = s.post(PATH, {**body, "page_token": token}, show=found)
    s.note("has a token", "next_page_token" in last.body)
    refusal = s.ask("POST", PATH, {**body, "page_token": token, "filter": "name LIKE '%'"})
    s.note("another filter", [refusal.status, refusal["error_code"]])
    refusal = s.ask("POST", PATH, {**body, "page_token": token, "order_by": []})
    s.note("another order", [refusal.status, refusal["error_code"]])


@table.each({"garbage": "garbage", "not base64": "@@@", "empty": "", "base64 of JSON": "e30="})
def page_token(s, token):
    s.post(PATH, {"experiment_ids": ["0"], "filter": "name = 'none'", "page_token": token})


@table.case
def models_are_shown_whole(s):
    experiment, _, _ = plant(s)
    body = {"experiment_ids": [experiment], "order_by": [{"field_name": "name"}]}

    def sorted_metrics(answer):
        for model in answer["models"]:
            model["data"].get("metrics", []).sort(key=str)
        return answer.body

    s.post(PATH, body, show=sorted_metrics)


@table.case
def deleted_models_are_hidden(s):
    experiment, _, models = plant(s)
    s.must("DELETE", f"logged-models/{models['a']}")
    s.post(PATH, {"experiment_ids": [experiment], "order_by": [{"field_name": "name"}]}, show=found)
