"""Logged models: create, get, finalize, delete, tags, params, artifact directories."""

from .session import Table

table = Table("logged models")

MISSING = "m-00000000000000000000000000000000"


@table.case
def create_and_read_back(s):
    experiment = s.make_experiment()
    run = s.make_run(experiment)
    body = {
        "experiment_id": experiment,
        "name": "petal",
        "model_type": "classifier",
        "source_run_id": run,
        "params": [{"key": "depth", "value": "3"}],
        "tags": [{"key": "team", "value": "blue"}],
    }
    model = s.post("logged-models", body)["model"]["info"]["model_id"]
    s.get(f"logged-models/{model}")
    s.get("runs/get", {"run_id": run})


@table.each(
    {
        "nothing": {},
        "no experiment": {"name": "petal"},
        "an experiment that is missing": {"experiment_id": "98765", "name": "petal"},
        "an experiment that is no number": {"experiment_id": "iris", "name": "petal"},
        "an experiment id that is a number": {"experiment_id": 0, "name": "petal"},
        "no name": {"experiment_id": "0"},
        "an empty name": {"experiment_id": "0", "name": ""},
        "a number as name": {"experiment_id": "0", "name": 5},
        "a name with a slash": {"experiment_id": "0", "name": "a/b"},
        "a name with a colon": {"experiment_id": "0", "name": "a:b"},
        "a name with a dot": {"experiment_id": "0", "name": "a.b"},
        "a name with a percent": {"experiment_id": "0", "name": "a%b"},
        "a name with a quote": {"experiment_id": "0", "name": "a'b"},
        "a name with a double quote": {"experiment_id": "0", "name": 'a"b'},
        "a name with a space": {"experiment_id": "0", "name": "a b"},
        "a name of 500": {"experiment_id": "0", "name": "n" * 500},
        "a name of 501": {"experiment_id": "0", "name": "n" * 501},
        "a type of 501": {"experiment_id": "0", "name": "petal", "model_type": "t" * 501},
        "an empty type": {"experiment_id": "0", "name": "petal", "model_type": ""},
        "a missing run": {
            "experiment_id": "0",
            "name": "petal",
            "source_run_id": "0123456789abcdef0123456789abcdef",
        },
        "an empty run": {"experiment_id": "0", "name": "petal", "source_run_id": ""},
        "params that are no list": {"experiment_id": "0", "name": "petal", "params": "x"},
        "a param without key": {"experiment_id": "0", "name": "petal", "params": [{"value": "v"}]},
        "a param without value": {"experiment_id": "0", "name": "petal", "params": [{"key": "k"}]},
        "a param of 251": {
            "experiment_id": "0",
            "name": "petal",
            "params": [{"key": "k" * 251, "value": "v"}],
        },
        "a param value of 6001": {
            "experiment_id": "0",
            "name": "petal",
            "params": [{"key": "k", "value": "v" * 6001}],
        },
        "a param twice": {
            "experiment_id": "0",
            "name": "petal",
            "params": [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}],
        },
        "a param with a star": {
            "experiment_id": "0",
            "name": "petal",
            "params": [{"key": "a*", "value": "1"}],
        },
        "101 params": {
            "experiment_id": "0",
            "name": "petal",
            "params": [{"key": f"k{number}", "value": "1"} for number in range(101)],
        },
        "tags that are no list": {"experiment_id": "0", "name": "petal", "tags": 5},
        "a tag without key": {"experiment_id": "0", "name": "petal", "tags": [{"value": "v"}]},
        "a tag without value": {"experiment_id": "0", "name": "petal", "tags": [{"key": "k"}]},
        "a tag of 251": {"experiment_id": "0", "name": "petal", "tags": [{"key": "k" * 251, "value": "v"}]},
        "a tag value of 8001": {
            "experiment_id": "0",
            "name": "petal",
            "tags": [{"key": "k", "value": "v" * 8001}],
        },
        "a tag twice": {
            "experiment_id": "0",
            "name": "petal",
            "tags": [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}],
        },
        "camelCase": {"experimentId": "0", "name": "petal", "modelType": "tree"},
    }
)
def create_with(s, body):
    s.post("logged-models", body)


@table.each(
    {"missing": MISSING, "no id": "petal", "dots": "..", "encoded slash": "a%2Fb", "a space": "a%20b"}
)
def with_id(s, model):
    s.get(f"logged-models/{model}")
    s.patch(f"logged-models/{model}", {"model_id": model, "status": "LOGGED_MODEL_READY"})
    s.patch(f"logged-models/{model}/tags", {"tags": [{"key": "k", "value": "v"}]})
    s.delete(f"logged-models/{model}/tags/k")
    s.post(f"logged-models/{model}/params", {"params": [{"key": "k", "value": "v"}]})
    s.get(f"logged-models/{model}/artifacts/directories")
    s.delete(f"logged-models/{model}")


@table.each(
    {
        "ready": {"status": "LOGGED_MODEL_READY"},
        "ready by number": {"status": 2},
        "failed": {"status": "LOGGED_MODEL_UPLOAD_FAILED"},
        "pending": {"status": "LOGGED_MODEL_PENDING"},
        "unspecified": {"status": 0},
        "a number in text": {"status": "2"},
        "an unknown number": {"status": 77},
        "an unknown word": {"status": "READY"},
        "nothing": {},
        "null": {"status": None},
        "another id": {"status": 2, "model_id": MISSING},
        "an empty id": {"status": 2, "model_id": ""},
        "a number as id": {"status": 2, "model_id": 5},
    }
)
def finalize(s, body):
    model = s.make_model()
    s.patch(f"logged-models/{model}", {"model_id": model, **body})
    s.get(f"logged-models/{model}")


@table.case
def finalize_twice(s):
    model = s.make_model()
    for status in (2, 3, 1):
        s.patch(f"logged-models/{model}", {"model_id": model, "status": status})


@table.case
def finalize_without_the_id_in_the_body(s):
    s.patch(f"logged-models/{s.make_model()}", {"status": 2})


@table.case
def delete(s):
    model = s.make_model()
    s.delete(f"logged-models/{model}")
    s.get(f"logged-models/{model}")
    s.get(f"logged-models/{model}", {"allow_deleted": "true"})
    s.get(f"logged-models/{model}", {"allow_deleted": "false"})
    s.get(f"logged-models/{model}", {"allow_deleted": "maybe"})
    s.patch(f"logged-models/{model}", {"model_id": model, "status": 2})
    s.patch(f"logged-models/{model}/tags", {"tags": [{"key": "k", "value": "v"}]})
    s.post(f"logged-models/{model}/params", {"params": [{"key": "k", "value": "v"}]})
    s.get(f"logged-models/{model}/artifacts/directories")
    s.delete(f"logged-models/{model}")


@table.case
def delete_with_a_body(s):
    model = s.make_model()
    s.delete(f"logged-models/{model}", {"model_id": model})


@table.case
def tags(s):
    model = s.make_model(tags=[{"key": "a", "value": "1"}])
    s.patch(
        f"logged-models/{model}/tags",
        {"tags": [{"key": "a", "value": "2"}, {"key": "b", "value": ""}, {"key": "x.y/z", "value": "3"}]},
    )
    s.get(f"logged-models/{model}")
    s.delete(f"logged-models/{model}/tags/a")
    s.delete(f"logged-models/{model}/tags/a")
    s.delete(f"logged-models/{model}/tags/x.y%2Fz")
    s.get(f"logged-models/{model}")


@table.each(
    {
        "nothing": {},
        "an empty list": {"tags": []},
        "no list": {"tags": "x"},
        "no key": {"tags": [{"value": "v"}]},
        "no value": {"tags": [{"key": "k"}]},
        "an empty key": {"tags": [{"key": "", "value": "v"}]},
        "a key of 251": {"tags": [{"key": "k" * 251, "value": "v"}]},
        "a value of 8001": {"tags": [{"key": "k", "value": "v" * 8001}]},
        "a key twice": {"tags": [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}]},
        "a star": {"tags": [{"key": "a*", "value": "1"}]},
        "a number": {"tags": [{"key": "k", "value": 5}]},
        "also a name": {"name": "other", "tags": [{"key": "k", "value": "v"}]},
    }
)
def set_tags(s, body):
    model = s.make_model()
    s.patch(f"logged-models/{model}/tags", body)
    s.get(f"logged-models/{model}", show=lambda answer: str(answer["model"]["info"].get("tags"))[:200])


@table.case
def params(s):
    model = s.make_model(params=[{"key": "a", "value": "1"}])
    path = f"logged-models/{model}/params"
    s.post(path, {"params": [{"key": "b", "value": "2"}]})
    s.post(path, {"params": [{"key": "b", "value": "2"}]})
    s.post(path, {"params": [{"key": "b", "value": "3"}]})
    s.post(path, {"params": [{"key": "a", "value": "2"}, {"key": "c", "value": "1"}]})
    s.get(f"logged-models/{model}")


@table.each(
    {
        "nothing": {},
        "an empty list": {"params": []},
        "no list": {"params": "x"},
        "no key": {"params": [{"value": "v"}]},
        "no value": {"params": [{"key": "k"}]},
        "a key of 251": {"params": [{"key": "k" * 251, "value": "v"}]},
        "a value of 6001": {"params": [{"key": "k", "value": "v" * 6001}]},
        "a key twice": {"params": [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}]},
        "a star": {"params": [{"key": "a*", "value": "1"}]},
        "101 of them": {"params": [{"key": f"k{number}", "value": "1"} for number in range(101)]},
    }
)
def log_params(s, body):
    model = s.make_model()
    s.post(f"logged-models/{model}/params", body)
    s.get(
        f"logged-models/{model}", show=lambda answer: len(answer["model"].get("data", {}).get("params", []))
    )


@table.case
def artifact_directories(s):
    experiment = s.make_experiment()
    model = s.make_model(experiment)
    s.get(f"logged-models/{model}/artifacts/directories")
    base = f"/api/2.0/mlflow-artifacts/artifacts/{experiment}/models/{model}/artifacts"
    for name in ("MLmodel", "data/a.txt", "data/deep/b.txt"):
        assert s.ask("PUT", f"{base}/{name}", raw=b"x").status == 200
    s.get(f"logged-models/{model}/artifacts/directories")
    for path in ("data", "data/deep", "data/", "MLmodel", "none", "../..", "/etc", "", ".", "data/../data"):
        s.get(f"logged-models/{model}/artifacts/directories", {"artifact_directory_path": path})
    for path in ("MLmodel", "data/a.txt", "data", "none", "../../x", ""):
        s.get(f"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files", {"artifact_file_path": path})
    s.get(f"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files")
    s.get(f"/ajax-api/2.0/mlflow/logged-models/{MISSING}/artifacts/files", {"artifact_file_path": "MLmodel"})
