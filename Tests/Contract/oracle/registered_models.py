"""registered-models: create, get, rename, update, delete, tags, aliases, latest versions."""

import zlib

from .session import Table

table = Table("registered models")


def title(s):
    """A name that no other case uses, without the signs that names of models must not have."""
    return f"iris-{zlib.crc32(s.name().encode())}-{s.names}"


def make_registered(s, versions=0, **fields):
    name = title(s)
    s.must("POST", "registered-models/create", {"name": name, **fields})
    for _ in range(versions):
        s.must("POST", "model-versions/create", {"name": name, "source": "s3://bucket/model"})
    return name


MARK = {"key": "mlflow.prompt.is_prompt", "value": "true"}
#: Bodies that hold no name of a model, for every call that needs one.
NAMELESS = {
    "nothing": {},
    "an empty name": {"name": ""},
    "a blank name": {"name": "  "},
    "a number as name": {"name": 5},
    "a null as name": {"name": None},
    "a list as name": {"name": ["a"]},
    "a name with a slash": {"name": "a/b"},
    "a name with a colon": {"name": "a:b"},
    "a name that is a dot": {"name": "."},
    "a name that leads up": {"name": ".."},
    "a name that nobody has": {"name": "nobody"},
}
REST = {
    "new_name": "other",
    "key": "k",
    "value": "v",
    "alias": "champion",
    "version": "1",
    "stage": "Staging",
}


@table.case
def create_and_read_back(s):
    name = title(s)
    body = {
        "name": name,
        "description": "**Petals**",
        "tags": [
            {"key": "team", "value": "blue"},
            {"key": "a b/c", "value": ""},
            {"key": "team", "value": "red"},
        ],
    }
    s.post("registered-models/create", body)
    s.get("registered-models/get", {"name": name})
    s.post("registered-models/create", {"name": name})
    s.post("registered-models/create", {"name": name, "tags": [MARK]})


@table.case
def a_prompt_has_its_name_alone(s):
    name = title(s)
    s.post("registered-models/create", {"name": name, "tags": [MARK]})
    s.post("registered-models/create", {"name": name, "tags": [{**MARK, "value": "false"}]})
    s.post("registered-models/create", {"name": name})
    s.get("registered-models/get", {"name": name})


@table.each(
    {
        **{label: body for label, body in NAMELESS.items() if label != "a name that nobody has"},
        "a name of 257": {"name": "n" * 257},
        "a description that is a number": {"name": "x1", "description": 5},
        "tags that are no list": {"name": "x2", "tags": "t"},
        "a tag without key": {"name": "x3", "tags": [{"value": "v"}]},
        "a tag without value": {"name": "x4", "tags": [{"key": "k"}]},
        "a tag of 251": {"name": "x5", "tags": [{"key": "k" * 251, "value": "v"}]},
        "a tag value of 100001": {"name": "x6", "tags": [{"key": "k", "value": "v" * 100_001}]},
        "a tag value of 100000": {"name": "x7", "tags": [{"key": "k", "value": "v" * 100_000}]},
        "a tag with a star": {"name": "x8", "tags": [{"key": "a*", "value": "v"}]},
        "a tag that is a path": {"name": "x9", "tags": [{"key": "../a", "value": "v"}]},
        "a name with odd signs": {"name": "ä % \" ' ? # é"},
        "a name with a backslash": {"name": "a\\b"},
        "a deployment job": {"name": "x10", "deployment_job_id": "j"},
    }
)
def create(s, body):
    s.post("registered-models/create", body, show=verdict_of_model)


def verdict_of_model(answer):
    if answer.status != 200:
        return [answer.status, answer.kind, answer.body]
    return {key: value for key, value in answer["registered_model"].items() if key != "tags"}


CALLS = {
    "get": ("GET", "registered-models/get"),
    "rename": ("POST", "registered-models/rename"),
    "update": ("PATCH", "registered-models/update"),
    "delete": ("DELETE", "registered-models/delete"),
    "set a tag": ("POST", "registered-models/set-tag"),
    "delete a tag": ("DELETE", "registered-models/delete-tag"),
    "set an alias": ("POST", "registered-models/alias"),
    "delete an alias": ("DELETE", "registered-models/alias"),
    "get an alias": ("GET", "registered-models/alias"),
    "latest versions": ("POST", "registered-models/get-latest-versions"),
}


@table.each(
    {
        f"{call}: {label}": (method, path, {**REST, **body})
        for call, (method, path) in CALLS.items()
        for label, body in NAMELESS.items()
    }
)
def refuse(s, case):
    method, path, body = case
    if method == "GET":
        query = {key: value for key, value in body.items() if value is not None}
        s.get(path, query)
    else:
        s.send(method, path, body=body)


@table.case
def rename(s):
    name, other = make_registered(s, versions=2, tags=[{"key": "t", "value": "1"}]), make_registered(s)
    s.must("POST", "registered-models/alias", {"name": name, "alias": "champion", "version": "1"})
    s.post("registered-models/rename", {"name": name, "new_name": other})
    s.post("registered-models/rename", {"name": name, "new_name": name})
    s.post("registered-models/rename", {"name": name, "new_name": ""})
    s.post("registered-models/rename", {"name": name, "new_name": " "})
    s.post("registered-models/rename", {"name": name, "new_name": "a/b"})
    s.post("registered-models/rename", {"name": name})
    s.post("registered-models/rename", {"name": name, "new_name": name + " new"})
    s.get("registered-models/get", {"name": name})
    s.get("registered-models/get", {"name": name + " new"})
    s.get("registered-models/alias", {"name": name + " new", "alias": "champion"})


@table.case
def update(s):
    name = make_registered(s, description="first")
    s.patch("registered-models/update", {"name": name, "description": "second"})
    s.patch("registered-models/update", {"name": name, "description": 5})
    s.patch("registered-models/update", {"name": name})
    s.get("registered-models/get", {"name": name})
    s.patch("registered-models/update", {"name": name, "description": "d" * 6000})


@table.case
def delete(s):
    name = make_registered(s, versions=2)
    s.must("POST", "registered-models/alias", {"name": name, "alias": "champion", "version": "1"})
    s.delete("registered-models/delete", {"name": name})
    s.get("registered-models/get", {"name": name})
    s.get("model-versions/get", {"name": name, "version": "1"})
    s.delete("registered-models/delete", {"name": name})
    s.post("registered-models/create", {"name": name})
    s.post("model-versions/create", {"name": name, "source": "s3://bucket/model"})


@table.case
def tags(s):
    name = make_registered(s)
    for body in (
        {"key": "k", "value": "1"},
        {"key": "k", "value": "2"},
        {"key": "empty", "value": ""},
        {"key": "none"},
        {"key": ""},
        {"value": "v"},
        {"key": "a*", "value": "v"},
        {"key": "k" * 251, "value": "v"},
        {"key": "k", "value": 5},
    ):
        s.post("registered-models/set-tag", {"name": name, **body})
    s.get("registered-models/get", {"name": name})
    for key in ("k", "k", "", "a*", "../x"):
        s.delete("registered-models/delete-tag", {"name": name, "key": key})
    s.get("registered-models/get", {"name": name})


@table.case
def aliases(s):
    name = make_registered(s, versions=2)
    for alias in ("champion", "challenger", "Grün_1-2"):
        s.post("registered-models/alias", {"name": name, "alias": alias, "version": "1"})
    s.post("registered-models/alias", {"name": name, "alias": "champion", "version": "2"})
    s.get("registered-models/get", {"name": name})
    s.get("registered-models/alias", {"name": name, "alias": "champion"})
    s.get("registered-models/alias", {"name": name, "alias": "Champion"})
    s.get("registered-models/alias", {"name": name, "alias": "latest"})
    s.get("registered-models/alias", {"name": name, "alias": "LATEST"})
    s.get("registered-models/alias", {"name": name})
    s.delete("registered-models/alias", {"name": name, "alias": "champion"})
    s.delete("registered-models/alias", {"name": name, "alias": "champion"})
    s.get("registered-models/alias", {"name": name, "alias": "champion"})
    s.delete("model-versions/delete", {"name": name, "version": "1"})
    s.get("registered-models/alias", {"name": name, "alias": "challenger"})
    s.get("registered-models/get", {"name": name})


@table.each(
    {
        "latest": {"alias": "latest"},
        "latest in capitals": {"alias": "LaTest"},
        "a version": {"alias": "v1"},
        "a version in capitals": {"alias": "V12"},
        "nearly a version": {"alias": "v1a"},
        "empty": {"alias": ""},
        "none": {"alias": None},
        "a number": {"alias": 5},
        "with a space": {"alias": "a b"},
        "with a slash": {"alias": "a/b"},
        "with a dot": {"alias": "a.b"},
        "of 255": {"alias": "a" * 255},
        "of 256": {"alias": "a" * 256},
        "to a missing version": {"version": "9"},
        "to no version": {"version": ""},
        "to a word": {"version": "x"},
        "to a number": {"version": 1},
        "to a half": {"version": "1.5"},
        "to a negative one": {"version": "-1"},
        "to a padded one": {"version": " 1 "},
    }
)
def alias(s, fields):
    name = make_registered(s, versions=1)
    s.post("registered-models/alias", {"name": name, "alias": "champion", "version": "1", **fields})


@table.case
def latest_of_no_versions(s):
    name = make_registered(s)
    s.get("registered-models/alias", {"name": name, "alias": "latest"})
    s.post("registered-models/get-latest-versions", {"name": name})
    s.get("registered-models/get-latest-versions", {"name": name})


@table.case
def latest_versions(s):
    name = make_registered(s, versions=5)
    for version, stage in (("1", "Production"), ("2", "Staging"), ("3", "Production"), ("4", "Archived")):
        s.must("POST", "model-versions/transition-stage", {"name": name, "version": version, "stage": stage})
    s.must("POST", "registered-models/alias", {"name": name, "alias": "champion", "version": "3"})
    for stages in (
        [],
        ["production"],
        ["STAGING", "none"],
        ["Beta"],
        ["Archived", "Archived"],
        "Staging",
        [5],
        [""],
    ):
        s.post("registered-models/get-latest-versions", {"name": name, "stages": stages})
    s.get("registered-models/get-latest-versions", {"name": name, "stages": ["Staging", "Production"]})
    s.get("registered-models/get", {"name": name})


@table.case
def the_pages_ask_below_ajax_api(s):
    name = make_registered(s, versions=1)
    s.get("/ajax-api/2.0/mlflow/registered-models/get", {"name": name})
    s.get("/ajax-api/2.0/mlflow/model-versions/get", {"name": name, "version": "1"})
