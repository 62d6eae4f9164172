"""model-versions: create with its rules for sources, get, update, stages, delete, tags, download addresses, files."""

from .registered_models import MARK, NAMELESS, REST, make_registered, title
from .session import Table

table = Table("model versions")


def make_run_with_files(s):
    run = s.make_run()
    root = s.must("GET", "runs/get", query={"run_id": run})["run"]["info"]["artifact_uri"]
    path = root.removeprefix("mlflow-artifacts:/")
    s.ask("PUT", f"/api/2.0/mlflow-artifacts/artifacts/{path}/model/MLmodel", raw="flavors: {}")
    return run, root


def make_logged_model(s, **fields):
    model = s.make_model(**fields)
    return model, s.must("GET", f"logged-models/{model}")["model"]["info"]["artifact_uri"]


@table.case
def create_and_read_back(s):
    name = make_registered(s)
    body = {
        "name": name,
        "source": "s3://bucket/model",
        "run_id": "nobody",
        "run_link": "http://h/runs/1",
        "description": "**first**",
        "tags": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}, {"key": "b"}],
    }
    s.post("model-versions/create", body)
    s.get("model-versions/get", {"name": name, "version": "1"})
    s.get("registered-models/get", {"name": name})


@table.each(
    {
        **NAMELESS,
        "no source": {"source": None},
        "an empty source": {"source": ""},
        "a number as source": {"source": 5},
        "a number as run": {"run_id": 5},
        "tags that are no list": {"tags": "t"},
        "a tag without key": {"tags": [{"value": "v"}]},
        "a tag with a star": {"tags": [{"key": "a*", "value": "v"}]},
        "a tag value of 100001": {"tags": [{"key": "k", "value": "v" * 100_001}]},
        "a prompt text of 100001": {
            "source": "dummy-source",
            "tags": [MARK, {"key": "mlflow.prompt.text", "value": "v" * 100_001}],
        },
    }
)
def refuse_create(s, fields):
    name = make_registered(s)
    s.post("model-versions/create", {"name": name, "source": "s3://bucket/model", **fields})


@table.each(
    {
        label: source
        for label, source in {
            "s3": "s3://bucket/model",
            "dbfs": "dbfs:/model",
            "a trailing slash": "s3://bucket/model/",
            "doubled slashes": "s3://bucket//model",
            "a space": "s3://bucket/my model",
            "a plus": "s3://bucket/a+b",
            "a query": "s3://bucket/model?x=1",
            "a bucket alone": "s3://bucket",
            "a dot": "s3://bucket/./model",
            "dots": "gs://bucket/a/../b",
            "encoded dots": "s3://bucket/%2e%2e/b",
            "twice encoded dots": "s3://bucket/%252e%252e/b",
            "dots in the query": "s3://bucket/a?/../b",
            "an encoded NUL": "s3://bucket/a%00",
            "a scheme of one's own": "petals:/a/b",
            "a scheme and a word": "petals:a",
            "a word": "petals",
            "a path": "/srv/model",
            "a path that leads up": "../model",
            "a file": "file:///srv/model",
            "a file on a host": "file://host/srv/model",
            "a file on this host": "file://localhost/srv/model",
            "http": "http://host/model",
            "https": "https://host/api/2.0/mlflow-artifacts/artifacts/0/x",
            "ftp": "ftp://host/model",
            "hdfs": "hdfs://host/model",
            "the proxy": "mlflow-artifacts:/0/x/artifacts",
            "the proxy of a host": "mlflow-artifacts://host/0/x/artifacts",
            "the proxy in capitals": "MLFLOW-ARTIFACTS:/0/x/artifacts",
            "a run": "runs:/0123/model",
            "no run": "runs:/",
            "a run on a host": "runs://host/0123/model",
            "no model": "models:/",
            "a logged model": "models:/m-0123",
            "a missing model": "models:/nobody/1",
            "a missing alias": "models:/nobody@champion",
            "a model on a host": "models://host/iris/1",
            "a model without version": "models:/iris/",
            "too many steps": "models:/iris/1/2",
            "an empty alias": "models:/iris@",
            "a missing model with a number sign": "models:/C# model/2",
            "a missing model with a question mark": "models:/C? model/2",
            "a number sign behind a version": "models:/nobody/1#x",
            "a number sign behind a missing alias": "models:/nobody@champion#x",
            "a query behind a version": "models:/nobody/1?x=1",
            "a source of 2049": "s3://bucket/" + "a" * 2037,
            "a line break": "s3://bucket/a\nb",
        }.items()
    }
)
def source(s, text):
    name = make_registered(s)
    s.post("model-versions/create", {"name": name, "source": text})
    s.post("model-versions/create", {"name": name, "source": text, "run_id": "0123"})


@table.case
def source_in_a_run(s):
    name = make_registered(s)
    run, root = make_run_with_files(s)
    other, elsewhere = make_run_with_files(s)
    for text in (
        root,
        root + "/model",
        root + "x/model",
        root + "/../model",
        root + "/%2e%2e/model",
        root.removesuffix("/artifacts"),
        elsewhere + "/model",
        f"runs:/{run}/model",
        f"runs:/{run}",
        f"runs:/{other}/model",
        f"runs:/{run}/../{other}",
    ):
        s.post("model-versions/create", {"name": name, "source": text, "run_id": run})
    s.post("model-versions/create", {"name": name, "source": root + "/model", "run_id": "nobody"})
    s.post("model-versions/create", {"name": name, "source": root + "/model", "run_id": ""})
    s.post("model-versions/create", {"name": name, "source": root + "/model"})


@table.case
def source_in_a_deleted_run(s):
    name = make_registered(s)
    run, root = make_run_with_files(s)
    s.delete_run(run)
    s.post("model-versions/create", {"name": name, "source": root + "/model", "run_id": run})


@table.case
def source_in_a_logged_model(s):
    name = make_registered(s)
    run, run_root = make_run_with_files(s)
    model, root = make_logged_model(s, source_run_id=run)
    other, elsewhere = make_logged_model(s)
    for text in (
        f"models:/{model}",
        root,
        root + "/data",
        root + "x",
        elsewhere,
        run_root + "/model",
        f"runs:/{run}/model",
        f"models:/{other}",
        "s3://bucket/model",
    ):
        s.post("model-versions/create", {"name": name, "source": text, "model_id": model})
    s.post("model-versions/create", {"name": name, "source": f"models:/{model}"})
    s.post("model-versions/create", {"name": name, "source": f"models:/{model}", "model_id": ""})
    s.post("model-versions/create", {"name": name, "source": f"models:/{model}", "run_id": run})
    s.post("model-versions/create", {"name": name, "source": root, "run_id": run})
    s.post("model-versions/create", {"name": name, "source": root, "model_id": "m-nobody"})
    s.post(
        "model-versions/create",
        {"name": name, "source": f"models:/{model}", "model_id": model, "run_id": "another"},
    )
    s.get("model-versions/get-download-uri", {"name": name, "version": "1"})
    s.get(f"logged-models/{model}")


@table.case
def a_logged_model_that_is_missing(s):
    name = make_registered(s)
    s.post("model-versions/create", {"name": name, "source": "models:/m-0", "model_id": "m-0"})
    s.post("model-versions/create", {"name": name, "source": "s3://bucket/m", "model_id": "m-0"})
    s.get("model-versions/get", {"name": name, "version": "1"})


@table.case
def source_is_another_version(s):
    name, copy = make_registered(s), make_registered(s)
    run, root = make_run_with_files(s)
    s.must("POST", "model-versions/create", {"name": name, "source": root + "/model", "run_id": run})
    s.must("POST", "model-versions/create", {"name": name, "source": "s3://bucket/model"})
    s.must("POST", "registered-models/alias", {"name": name, "alias": "champion", "version": "1"})
    s.must("POST", "model-versions/transition-stage", {"name": name, "version": "2", "stage": "Staging"})
    for suffix in (
        "/1",
        "/2",
        "/9",
        "/01",
        "@champion",
        "@nobody",
        "/latest",
        "/staging",
        "/Production",
        "/Beta",
    ):
        s.post("model-versions/create", {"name": copy, "source": f"models:/{name}{suffix}"})
    for fields in ({"run_id": run}, {"run_id": ""}, {"run_id": "x"}, {"model_id": ""}, {"model_id": "m-1"}):
        s.post("model-versions/create", {"name": copy, "source": f"models:/{name}/1", **fields})
    s.post("model-versions/create", {"name": copy, "source": f"models:/{copy}/1"})
    for version in ("1", "2", "3"):
        s.get("model-versions/get-download-uri", {"name": copy, "version": version})


@table.case
def source_is_a_version_of_a_name_with_a_number_sign(s):
    copy, name = make_registered(s), title(s) + " C# model"
    s.must("POST", "registered-models/create", {"name": name})
    s.must("POST", "model-versions/create", {"name": name, "source": "s3://bucket/one"})
    s.must("POST", "model-versions/create", {"name": name, "source": "s3://bucket/two"})
    s.must("POST", "registered-models/alias", {"name": name, "alias": "champion", "version": "2"})
    for suffix in ("/2", "@champion", "/1?x=1", "/latest", "/2#x", "@champion#x"):
        s.post("model-versions/create", {"name": copy, "source": f"models:/{name}{suffix}"})


@table.case
def source_is_a_prompt(s):
    prompt, name = make_registered(s, tags=[MARK]), make_registered(s)
    text = [MARK, {"key": "mlflow.prompt.text", "value": "Hello {{name}}"}]
    for source in ("dummy-source", "prompt-template", "s3://bucket/model", "", "models:/iris/1"):
        s.post("model-versions/create", {"name": prompt, "source": source, "tags": text})
    s.post("model-versions/create", {"name": name, "source": f"models:/{prompt}/1"})
    s.post("model-versions/create", {"name": prompt, "source": "dummy-source"})
    s.post("model-versions/create", {"name": prompt, "source": "s3://bucket/model"})
    off = [{**MARK, "value": "false"}]
    s.post("model-versions/create", {"name": prompt, "source": "s3://bucket/model", "tags": off})
    s.post("model-versions/create", {"name": prompt, "source": "s3://bucket/model", "tags": [*text, *off]})
    s.post("model-versions/create", {"name": name, "source": "dummy-source", "tags": text})


CALLS = {
    "get": ("GET", "model-versions/get"),
    "update": ("PATCH", "model-versions/update"),
    "transition": ("POST", "model-versions/transition-stage"),
    "delete": ("DELETE", "model-versions/delete"),
    "set a tag": ("POST", "model-versions/set-tag"),
    "delete a tag": ("DELETE", "model-versions/delete-tag"),
    "download address": ("GET", "model-versions/get-download-uri"),
}


@table.each(
    {
        f"{call}: {label}": (method, path, fields)
        for call, (method, path) in CALLS.items()
        for label, fields in {
            **NAMELESS,
            "no version": {"version": None},
            "an empty version": {"version": ""},
            "a word as version": {"version": "x"},
            "a half version": {"version": "1.5"},
            "a version that is missing": {"version": "9"},
            "a version that is negative": {"version": "-1"},
            "a version that is padded": {"version": " 1 "},
            "a version with a sign": {"version": "+1"},
        }.items()
    }
)
def refuse(s, case):
    method, path, fields = case
    name = make_registered(s, versions=1)
    body = {**REST, "name": name, **fields}
    if method == "GET":
        s.get(path, {key: value for key, value in body.items() if value is not None})
    else:
        s.send(method, path, body=body)


@table.case
def a_version_that_is_a_number(s):
    name = make_registered(s, versions=1)
    s.patch("model-versions/update", {"name": name, "version": 1})
    s.delete("model-versions/delete", {"name": name, "version": 1})


@table.case
def update(s):
    name = make_registered(s, versions=1)
    s.patch("model-versions/update", {"name": name, "version": "1", "description": "**new**"})
    s.patch("model-versions/update", {"name": name, "version": "1", "description": ""})
    s.patch("model-versions/update", {"name": name, "version": "1"})
    s.patch("model-versions/update", {"name": name, "version": "1", "description": 5})
    s.get("model-versions/get", {"name": name, "version": "1"})


@table.case
def stages(s):
    name = make_registered(s, versions=4)
    for version, stage, archives in (
        ("1", "staging", None),
        ("2", "STAGING", False),
        ("3", "Staging", True),
        ("3", "Production", True),
        ("3", "production", True),
        ("4", "Archived", False),
        ("4", "none", None),
        ("4", "Archived", True),
        ("4", "None", True),
        ("4", "Beta", True),
        ("4", "", None),
        ("4", None, None),
        ("4", "Deleted_Internal", None),
        ("4", "Staging", "yes"),
        ("4", "Staging", 1),
        ("9", "Staging", True),
    ):
        body = {"name": name, "version": version, "stage": stage, "archive_existing_versions": archives}
        s.post("model-versions/transition-stage", body)
    for version in "1234":
        s.get("model-versions/get", {"name": name, "version": version})


@table.case
def delete(s):
    name = make_registered(s, versions=3)
    s.must("POST", "registered-models/alias", {"name": name, "alias": "champion", "version": "3"})
    s.must("POST", "model-versions/transition-stage", {"name": name, "version": "3", "stage": "Production"})
    s.delete("model-versions/delete", {"name": name, "version": "3"})
    s.delete("model-versions/delete", {"name": name, "version": "3"})
    s.get("registered-models/get", {"name": name})
    s.post("model-versions/create", {"name": name, "source": "s3://bucket/model"})
    s.get("model-versions/search", {"filter": f"name = '{name}'", "order_by": "version_number ASC"})


@table.case
def tags(s):
    name = make_registered(s, versions=1)
    for body in (
        {"key": "k", "value": "1"},
        {"key": "k", "value": "2"},
        {"key": "none"},
        {"key": ""},
        {"value": "v"},
        {"key": "a*", "value": "v"},
        {"key": "k" * 251, "value": "v"},
        {"key": "k", "value": 5},
    ):
        s.post("model-versions/set-tag", {"name": name, "version": "1", **body})
    s.get("model-versions/get", {"name": name, "version": "1"})
    for key in ("k", "k", "", "a*"):
        s.delete("model-versions/delete-tag", {"name": name, "version": "1", "key": key})
    s.get("model-versions/get", {"name": name, "version": "1"})


@table.case
def files(s):
    name = make_registered(s)
    run, root = make_run_with_files(s)
    s.must("POST", "model-versions/create", {"name": name, "source": root + "/model", "run_id": run})
    s.must("POST", "model-versions/create", {"name": name, "source": f"models:/{name}/1"})
    s.must("POST", "model-versions/create", {"name": name, "source": "s3://bucket/model"})
    s.must("POST", "model-versions/create", {"name": name, "source": f"runs:/{run}/model", "run_id": run})
    path = "/model-versions/get-artifact"
    s.get(path, {"name": name, "version": "4", "path": "MLmodel"})
    s.get(path, {"name": name, "version": "1", "path": "MLmodel"})
    s.get(path, {"name": name, "version": "2", "path": "MLmodel"})
    s.get(path, {"name": name, "version": "1", "path": "nothing"})
    s.get(path, {"name": name, "version": "1", "path": "../other"})
    s.get(path, {"name": name, "version": "1", "path": "%2e%2e/other"})
    s.get(path, {"name": name, "version": "9", "path": "MLmodel"})
    s.get(path, {"name": "nobody", "version": "1", "path": "MLmodel"})


@table.case
def versions_of_a_run_by_graphql(s):
    name = make_registered(s)
    run, root = make_run_with_files(s)
    s.must("POST", "model-versions/create", {"name": name, "source": root + "/model", "run_id": run})
    query = """query GetRun($data: MlflowGetRunInput!) { mlflowGetRun(input: $data) { run {
        modelVersions { status version name source currentStage creationTimestamp runId tags { key value } } } } }"""
    s.post("/graphql", {"query": query, "variables": {"data": {"runId": run}}})


@table.each(
    {
        "all": {},
        "one": {"maxResults": 1},
        "one as text": {"maxResults": "1"},
        "in order": {"orderBy": ["version_number ASC"]},
        "none": {"filter": "name = 'nobody'"},
        "a wrong filter": {"filter": "stage = 'x'"},
    }
)
def search_by_graphql(s, fields):
    name = make_registered(s, versions=2)
    query = """query Search($data: MlflowSearchModelVersionsInput!) { mlflowSearchModelVersions(input: $data) {
        nextPageToken modelVersions { name version source status currentStage } } }"""
    data = {"filter": f"name = '{name}'", "orderBy": ["version_number DESC"], **fields}
    s.post("/graphql", {"query": query, "variables": {"data": data}})
