"""runs/search: the grammar of filters and orders, pages, views."""

from .session import Table, verdict

table = Table("run search")

#: The runs that every search sees: label -> what it has. Start times give the default order, newest first.
FIELD = {
    "a": {
        "metrics": {"acc": 0.5, "loss": 2, "m 1": 1, "x/y": 1},
        "params": {"lr": "0.1", "model": "Tree", "p.q": "dots"},
        "tags": {"team": "blue", "odd key": "x", "empty": ""},
        "end": 2000,
        "status": "FINISHED",
        "user_id": "ann",
    },
    "b": {
        "metrics": {"acc": 0.9, "loss": 1},
        "params": {"lr": "0.01", "model": "forest"},
        "tags": {"team": "red"},
        "user_id": "bob",
    },
    "c": {
        "metrics": {"acc": "NaN", "loss": -1},
        "params": {"lr": "0.1", "model": "Forest"},
        "tags": {"team": "Blue"},
        "status": "FAILED",
        "end": 3000,
    },
    "d": {"metrics": {"acc": "Infinity"}, "params": {"model": "50%_off"}, "tags": {"team": "it's"}},
    "e": {"metrics": {"acc": "-Infinity", "loss": 0}, "params": {"lr": "1"}, "tags": {"a.b": "c"}},
    "f": {},
    "g": {
        "metrics": {"acc": 0.5, "loss": 2},
        "params": {"lr": "0.1"},
        "tags": {"team": "blue"},
        "status": "KILLED",
    },
}


def plant(s):
    """Makes the runs of the field in an experiment of their own; returns the experiment and run ids by label."""
    experiment = s.make_experiment()
    runs = {}
    for number, (label, parts) in enumerate(FIELD.items()):
        runs[label] = s.make_run(
            experiment,
            run_name=f"run-{label}",
            start_time=1000 + number,
            user_id=parts.get("user_id", ""),
            params=parts.get("params", {}),
            metrics=parts.get("metrics", {}),
            tags=parts.get("tags", {}),
        )
        if "status" in parts:
            fields = {"end_time": parts["end"]} if "end" in parts else {}
            s.must("POST", "runs/update", {"run_id": runs[label], "status": parts["status"], **fields})
    for label, name, digest, context in (
        ("a", "iris", "d1", "train"),
        ("a", "wine", "d2", "test"),
        ("b", "iris", "d1", "eval"),
        ("c", "Iris", "d3", None),
    ):
        tags = [{"key": "mlflow.data.context", "value": context}] if context else []
        dataset = {"name": name, "digest": digest, "source_type": "local", "source": "s"}
        s.must(
            "POST",
            "runs/log-inputs",
            {"run_id": runs[label], "datasets": [{"tags": tags, "dataset": dataset}]},
        )
    return experiment, runs


def labels(answer):
    if answer.status != 200:
        return [answer.status, answer.kind, answer.body]
    return [run["info"]["run_name"] for run in answer.body.get("runs", [])]


GOOD_FILTERS = {
    # metrics
    "metric greater": "metrics.acc > 0.5",
    "metric at least": "metrics.acc >= 0.5",
    "metric less": "metrics.acc < 0.9",
    "metric at most": "metrics.acc <= 0.5",
    "metric equal": "metrics.acc = 0.5",
    "metric differs": "metrics.acc != 0.5",
    "metric equal to an integer": "metrics.loss = 2",
    "metric negative": "metrics.loss < 0",
    "metric equal negative": "metrics.loss = -1",
    "metric with an exponent": "metrics.acc > 4e-1",
    "metric with a large exponent": "metrics.acc > 1E+300",
    "metric singular": "metric.acc = 0.5",
    "metric in backticks": "metrics.`m 1` = 1",
    "metric in double quotes": 'metrics."m 1" = 1',
    "metric with a slash": "metrics.`x/y` = 1",
    "metric with a bare slash": "metrics.x/y = 1",
    "metric unknown": "metrics.nothing > 0",
    "metric unknown differs": "metrics.nothing != 0",
    "metric zero": "metrics.loss = 0",
    "metric NaN is not zero": "metrics.acc != 0",
    "metric a leading dot": "metrics.acc = .5",
    "metric a trailing dot": "metrics.loss = 2.",
    "metric without spaces": "metrics.acc>0.5",
    "metric with a plus": "metrics.loss > +1",
    # params
    "param equal": "params.lr = '0.1'",
    "param differs": "params.lr != '0.1'",
    "param LIKE": "params.model LIKE '%orest'",
    "param ILIKE": "params.model ILIKE 'FOREST'",
    "param LIKE minds case": "params.model LIKE 'forest'",
    "param LIKE underscore": "params.model LIKE 'Fores_'",
    "param LIKE a percent in the data": "params.model LIKE '50%'",
    "param LIKE with a backslash": "params.model LIKE '50\\%%'",
    "param singular": "param.lr = '0.1'",
    "parameter": "parameter.lr = '0.1'",
    "parameters": "parameters.lr = '0.1'",
    "param with dots": "params.p.q = 'dots'",
    "param with dots in backticks": "params.`p.q` = 'dots'",
    "param is null": "params.lr IS NULL",
    "param is not null": "params.lr IS NOT NULL",
    "param double quoted value": 'params.lr = "0.1"',
    "param like in lower case": "params.model like '%orest'",
    # tags
    "tag equal": "tags.team = 'blue'",
    "tag differs": "tags.team != 'blue'",
    "tag LIKE": "tags.team LIKE 'b%'",
    "tag ILIKE": "tags.team ILIKE 'B%'",
    "tag singular": "tag.team = 'blue'",
    "tag empty": "tags.empty = ''",
    "tag in backticks": "tags.`odd key` = 'x'",
    "tag in double quotes": "tags.\"odd key\" = 'x'",
    "tag with a dot": "tags.a.b = 'c'",
    "tag with a quote in the value": 'tags.team = "it\'s"',
    "tag is null": "tags.team IS NULL",
    "tag is not null": "tags.team IS NOT NULL",
    "tag is null in lower case": "tags.team is null",
    "run name tag": "tags.`mlflow.runName` = 'run-a'",
    "run name tag bare": "tags.mlflow.runName = 'run-a'",
    "run name tag LIKE": "tags.mlflow.runName LIKE 'run-%'",
    # attributes
    "status": "attributes.status = 'FINISHED'",
    "status differs": "attributes.status != 'FINISHED'",
    "status LIKE": "attributes.status LIKE 'F%'",
    "status ILIKE": "attributes.status ILIKE 'f%'",
    "status in lower case": "attributes.status = 'finished'",
    "status bare": "status = 'FAILED'",
    "attribute": "attribute.status = 'FAILED'",
    "attr": "attr.status = 'FAILED'",
    "run": "run.status = 'FAILED'",
    "run name": "attributes.run_name = 'run-b'",
    "run name bare": "run_name LIKE 'run-%'",
    "run name with a space": "attributes.`run name` = 'run-b'",
    "Run name": "attributes.`Run name` = 'run-b'",
    "Run Name": "`Run Name` = 'run-b'",
    "user": "attributes.user_id = 'ann'",
    "User": "attributes.User = 'ann'",
    "artifact uri": "attributes.artifact_uri LIKE 'mlflow-artifacts:/%'",
    "start time": "attributes.start_time > 1002",
    "start time bare": "start_time <= 1002",
    "start time equal": "start_time = 1002",
    "start time differs": "start_time != 1002",
    "created": "created > 1002",
    "Created": "Created > 1002",
    "end time": "attributes.end_time >= 2000",
    "end time differs": "end_time != 2000",
    "run ids": "attributes.run_id IN ('{a}', '{c}')",
    "run ids not in": "attributes.run_id NOT IN ('{a}', '{c}')",
    "run ids in lower case": "run_id in ('{a}')",
    "run id": "run_id = '{b}'",
    "run id differs": "run_id != '{b}'",
    "run id LIKE": "run_id LIKE '%'",
    # datasets
    "dataset name": "datasets.name = 'iris'",
    "dataset singular": "dataset.name = 'iris'",
    "dataset name LIKE": "datasets.name LIKE '%ris'",
    "dataset name ILIKE": "dataset.name ILIKE 'IRIS'",
    "dataset name differs": "dataset.name != 'iris'",
    "dataset names": "dataset.name IN ('iris', 'wine')",
    "dataset names not in": "dataset.name NOT IN ('iris')",
    "dataset digest": "dataset.digest = 'd2'",
    "dataset digests": "dataset.digest IN ('d2', 'd3')",
    "dataset context": "dataset.context = 'train'",
    "dataset contexts": "datasets.context IN ('train', 'eval')",
    "dataset name and context": "dataset.name = 'iris' AND dataset.context = 'eval'",
    "dataset name and the other's context": "dataset.name = 'iris' AND dataset.context = 'test'",
    "dataset digest and context": "dataset.digest = 'd1' AND dataset.context = 'train'",
    # joined
    "metric and param": "metrics.acc > 0.4 AND params.lr = '0.1'",
    "lower case and": "metrics.acc > 0.4 and params.lr = '0.1'",
    "mixed case And": "metrics.acc > 0.4 And params.lr = '0.1'",
    "two metrics": "metrics.acc = 0.5 AND metrics.loss = 2",
    "the same metric twice": "metrics.acc > 0 AND metrics.acc < 0.7",
    "all kinds": "metrics.acc > 0 AND params.lr = '0.1' AND tags.team = 'blue' AND status = 'FINISHED' AND dataset.name = 'wine'",
    "an AND in a value": "tags.team != 'a AND b'",
    "an empty filter": "",
    "only spaces": "   ",
    "lines": "metrics.acc > 0\n  AND params.lr = '0.1'",
    "tabs": "metrics.acc\t>\t0.5",
    "a null filter": None,
    "a word of SQL as key": "tags.select = 'x'",
    "another word of SQL as key": "params.order = 'x'",
    "a function name as key": "metrics.min > 0",
    "a key with a dash": "params.`a-b` = 'x'",
    "a key with a bare dash": "params.a-b = 'x'",
    "a key of digits": "params.1 = 'x'",
    "a key that starts with digits": "metrics.1st > 0",
    "a key with a colon": "tags.`a:b` = 'x'",
    "a key with letters of others": "params.größe = 'x'",
}

BAD_FILTERS = {
    "an unknown entity": "thing.acc > 1",
    "an unknown attribute": "attributes.colour = 'red'",
    "an unknown bare attribute": "acc > 1",
    "an unknown dataset key": "dataset.colour = 'red'",
    "lifecycle stage": "attributes.lifecycle_stage = 'active'",
    "experiment id": "attributes.experiment_id = '1'",
    "a quoted value for a metric": "metrics.acc > '0.5'",
    "text for a metric": "metrics.acc > high",
    "LIKE for a metric": "metrics.acc LIKE '0.5'",
    "IN for a metric": "metrics.acc IN (0.5)",
    "IS NULL for a metric": "metrics.acc IS NULL",
    "NaN for a metric": "metrics.acc = NaN",
    "infinity for a metric": "metrics.acc = Infinity",
    "a number for a param": "params.lr = 0.1",
    "greater for a param": "params.lr > '0.1'",
    "IN for a param": "params.lr IN ('0.1')",
    "a bare word for a param": "params.lr = abc",
    "a number for a tag": "tags.team = 5",
    "less for a tag": "tags.team < 'a'",
    "IN for a tag": "tags.team IN ('blue')",
    "backticks around a value": "params.lr = `0.1`",
    "a number for a status": "status = 3",
    "greater for a status": "status > 'FINISHED'",
    "IN for a status": "status IN ('FINISHED')",
    "IS NULL for an attribute": "status IS NULL",
    "text for a time": "start_time > '5'",
    "a float for a time": "start_time > 5.5",
    "LIKE for a time": "start_time LIKE '5'",
    "IN for a time": "start_time IN (5)",
    "IN with numbers": "run_id IN (1, 2)",
    "IN with an empty list": "run_id IN ()",
    "IN without parentheses": "run_id IN 'a'",
    "IN with a bare word": "run_id IN (a)",
    "IN not closed": "run_id IN ('a'",
    "IN with a comma too many": "run_id IN ('a',)",
    "IN a list of one kind": "run_id IN ('a', 5)",
    "greater for a run id": "run_id > 'a'",
    "greater for a dataset": "dataset.name > 'a'",
    "a number for a dataset": "dataset.name = 5",
    "IS NULL for a dataset": "dataset.name IS NULL",
    "OR": "metrics.acc > 0 OR metrics.acc < 1",
    "parentheses": "(metrics.acc > 0)",
    "NOT": "NOT metrics.acc > 0",
    "no value": "metrics.acc >",
    "no comparator": "metrics.acc 0.5",
    "only a key": "metrics.acc",
    "only an entity": "metrics",
    "no key": "metrics. > 1",
    "no entity": ".acc > 1",
    "reversed": "0.5 < metrics.acc",
    "AND at the end": "metrics.acc > 0 AND",
    "AND at the start": "AND metrics.acc > 0",
    "AND alone": "AND",
    "two ANDs": "metrics.acc > 0 AND AND params.a = 'b'",
    "no AND": "metrics.acc > 0 params.a = 'b'",
    "a comma": "metrics.acc > 0, params.a = 'b'",
    "ampersands": "metrics.acc > 0 && params.a = 'b'",
    "double equals": "metrics.acc == 0",
    "a wild comparator": "metrics.acc <> 0",
    "a comparator in two": "metrics.acc > = 0",
    "RLIKE": "params.a RLIKE 'b'",
    "BETWEEN": "metrics.acc BETWEEN 0 AND 1",
    "an open quote": "params.a = 'b",
    "an open backtick": "params.`a = 'b'",
    "a quote in a quoted value": "tags.team = 'it's'",
    "a doubled quote": "tags.team = 'it''s'",
    "a semicolon": "params.a = 'b'; DROP TABLE runs",
    "a comment": "params.a = 'b' -- c",
    "a block comment": "params.a = 'b' /* c */",
    "a function": "lower(params.a) = 'b'",
    "a star": "*",
    "a number": "5",
    "a key in single quotes": "params.'a' = 'b'",
    "empty backticks": "params.`` = 'b'",
    "a wrong comparison of two keys": "metrics.acc > metrics.loss",
    "arithmetic": "metrics.acc > 1 + 1",
    "a hexadecimal": "metrics.acc > 0x10",
    "two dots in a number": "metrics.acc > 1.2.3",
    "a number with letters": "metrics.acc > 1abc",
    "NUL": "params.a = 'a\u0000b'",
    "an emoji": "✿ = 'a'",
    "IS without NULL": "tags.team IS 'blue'",
    "NOT NULL alone": "tags.team NOT NULL",
    "NOT LIKE": "tags.team NOT LIKE 'b%'",
    "a capital entity": "METRICS.acc > 0",
    "a capital attribute": "attributes.STATUS = 'FAILED'",
    "text of a date": "start_time > '2026-01-01'",
    "a number for a name": "attributes.run_name = 5",
    "a float too large": "metrics.acc > 1e999",
    "an integer too large": "start_time > 99999999999999999999",
}


@table.each(GOOD_FILTERS)
def filter(s, text):
    experiment, runs = plant(s)
    if text:
        for label, run in runs.items():
            text = text.replace("{" + label + "}", run)
    s.post("runs/search", {"experiment_ids": [experiment], "filter": text}, show=labels)


@table.each(BAD_FILTERS)
def refuse(s, text):
    s.post("runs/search", {"experiment_ids": ["0"], "filter": text, "max_results": 1}, show=verdict)


ORDERS = {
    "none": None,
    "empty": [],
    "metric": ["metrics.acc"],
    "metric ascending": ["metrics.acc ASC"],
    "metric descending": ["metrics.acc DESC"],
    "metric descending in lower case": ["metrics.acc desc"],
    "metric with ties and a second key": ["metrics.loss DESC", "params.lr ASC"],
    "metric missing everywhere": ["metrics.nothing DESC"],
    "metric in backticks": ["metrics.`m 1` DESC"],
    "metric in double quotes": ['metrics."m 1" DESC'],
    "metric singular": ["metric.acc"],
    "param": ["params.lr"],
    "param descending": ["params.lr DESC"],
    "param with dots": ["params.p.q DESC"],
    "parameter": ["parameter.model"],
    "tag": ["tags.team"],
    "tag descending": ["tag.team DESC"],
    "status": ["attributes.status"],
    "status descending": ["status DESC"],
    "start time": ["attributes.start_time ASC"],
    "start time descending": ["start_time DESC"],
    "end time": ["attributes.end_time ASC"],
    "end time descending": ["end_time DESC"],
    "run name": ["attributes.run_name DESC"],
    "run_name bare": ["run_name"],
    "run name tag": ["tags.`mlflow.runName` DESC"],
    "Run Name": ["attributes.`Run Name` DESC"],
    "Created": ["attributes.Created ASC"],
    "user": ["attributes.user_id DESC"],
    "artifact uri": ["attributes.artifact_uri IS NULL"],
    "spaces": ["  metrics.acc   DESC  "],
    "a key twice": ["metrics.acc DESC", "metrics.acc ASC"],
    "three keys": ["tags.team DESC", "params.model ASC", "metrics.loss DESC"],
    "start time given last": ["metrics.acc", "start_time ASC"],
}

BAD_ORDERS = {
    "an unknown entity": ["thing.acc"],
    "an unknown attribute": ["attributes.colour"],
    "a bare unknown": ["acc"],
    "an unknown direction": ["metrics.acc UP"],
    "an empty text": [""],
    "only a direction": ["DESC"],
    "a number": [5],
    "text and no list": "metrics.acc",
    "a comparison": ["metrics.acc > 0"],
    "two in one": ["metrics.acc, params.lr"],
    "a dataset": ["dataset.name"],
    "an open backtick": ["metrics.`acc"],
    "nothing after the dot": ["metrics."],
    "injection": ["metrics.acc; DROP TABLE runs"],
    "two directions": ["metrics.acc ASC DESC"],
    "null": [None],
    "a function": ["random()"],
}


@table.each(ORDERS)
def order(s, order):
    experiment, _ = plant(s)
    s.post("runs/search", {"experiment_ids": [experiment], "order_by": order}, show=labels)


@table.each(BAD_ORDERS)
def refuse_to_order(s, order):
    s.post(
        "runs/search",
        {"experiment_ids": ["0"], "order_by": order, "max_results": 1, "filter": "run_id = 'none'"},
    )


@table.case
def ties_end_in_start_time_and_run_id(s):
    experiment = s.make_experiment()
    made = [
        s.make_run(experiment, run_name=f"r{time}", start_time=time, metrics={"m": 1})
        for time in (5, 5, 7, 5)
    ]
    found = s.must("POST", "runs/search", {"experiment_ids": [experiment], "order_by": ["metrics.m"]})
    ids = [run["info"]["run_id"] for run in found["runs"]]
    s.note("newest first, then by id", ids == [made[2], *sorted([made[0], made[1], made[3]])])


@table.case
def pages_hold_each_run_once(s):
    experiment, _ = plant(s)
    for order in ([], ["metrics.acc DESC"], ["params.lr"], ["tags.team DESC"]):
        seen, token = [], None
        for _ in range(5):
            body = {"experiment_ids": [experiment], "order_by": order, "max_results": 3}
            answer = s.ask("POST", "runs/search", {**body, **({"page_token": token} if token else {})})
            seen.append(labels(answer))
            token = answer.body.get("next_page_token")
            if not token:
                break
        s.note(f"pages by {order}", seen)


@table.each(
    {
        "garbage": "garbage",
        "not base64": "@@@",
        "a number": 5,
        "empty": "",
        "base64 of text": "aGVsbG8=",
        "base64 of JSON": "e30=",
        "a negative offset": "eyJvZmZzZXQiOiAtNX0=",
    }
)
def page_token(s, token):
    s.post("runs/search", {"experiment_ids": ["0"], "filter": "run_id = 'none'", "page_token": token})


@table.each(
    {
        "zero": 0,
        "one": 1,
        "negative": -1,
        "the most": 50000,
        "too many": 50001,
        "text of a number": "2",
        "text": "many",
        "a float": 1.5,
        "null": None,
        "beyond 32 bits": 2147483648,
    }
)
def max_results(s, value):
    experiment, _ = plant(s)
    s.post("runs/search", {"experiment_ids": [experiment], "max_results": value}, show=labels)


@table.each(
    {
        "active": "ACTIVE_ONLY",
        "deleted": "DELETED_ONLY",
        "all": "ALL",
        "number 3": 3,
        "number 0": 0,
        "lower case": "all",
        "an unknown word": "SOME",
        "a number in text": "2",
        "null": None,
    }
)
def view_type(s, value):
    experiment, runs = plant(s)
    s.delete_run(runs["b"])
    s.post("runs/search", {"experiment_ids": [experiment], "run_view_type": value}, show=labels)


@table.each(
    {
        "none": {},
        "an empty list": {"experiment_ids": []},
        "a missing one": {"experiment_ids": ["98765"]},
        "no number": {"experiment_ids": ["iris"]},
        "an empty one": {"experiment_ids": [""]},
        "a number": {"experiment_ids": [98765]},
        "text": {"experiment_ids": "98765"},
        "null": {"experiment_ids": None},
    }
)
def experiments(s, fields):
    s.post("runs/search", {"filter": "run_name = 'none'", **fields})


@table.case
def several_experiments(s):
    first, _ = plant(s)
    second = s.make_experiment()
    s.make_run(second, run_name="other", start_time=2000)
    s.post(
        "runs/search", {"experiment_ids": [first, second, first], "filter": "start_time > 1002"}, show=labels
    )


@table.case
def runs_are_shown_whole(s):
    experiment, runs = plant(s)
    model = s.make_model(experiment, source_run_id=runs["a"])
    s.must("POST", "runs/outputs", {"run_id": runs["a"], "models": [{"model_id": model, "step": 3}]})
    s.must("POST", "runs/log-inputs", {"run_id": runs["a"], "models": [{"model_id": model}]})

    def sorted_parts(answer):
        shown = answer["runs"]
        for run in shown:
            for parts in run["data"].values():
                parts.sort(key=lambda part: part["key"])
            run["inputs"].get("dataset_inputs", []).sort(key=lambda part: part["dataset"]["name"])
        return shown

    s.post("runs/search", {"experiment_ids": [experiment]}, show=sorted_parts)


@table.case
def latest_metric_is_compared(s):
    experiment = s.make_experiment()
    run = s.make_run(experiment)
    for value, step in ((0.9, 0), (0.1, 1)):
        s.must(
            "POST",
            "runs/log-metric",
            {"run_id": run, "key": "acc", "value": value, "timestamp": 1, "step": step},
        )
    s.post("runs/search", {"experiment_ids": [experiment], "filter": "metrics.acc > 0.5"}, show=labels)
    s.post("runs/search", {"experiment_ids": [experiment], "filter": "metrics.acc < 0.5"}, show=labels)
