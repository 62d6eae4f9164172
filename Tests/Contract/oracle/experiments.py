"""Experiments: create, get, get-by-name, search, update, delete, restore and tags."""

from .session import Table, verdict

table = Table("experiments")

ODD_IDS = {
    "missing": "98765",
    "not a number": "iris",
    "empty": "",
    "a number": 98765,
    "negative": "-1",
    "a float": "1.5",
    "spaces around": " 98765 ",
    "beyond 64 bits": "99999999999999999999",
    "absent": None,
    "a list": ["98765"],
    "a path": "../1",
}


def with_id(value, /, **fields):
    return fields if value is None else {"experiment_id": value, **fields}


@table.case
def create_and_read_back(s):
    tags = [{"key": "project", "value": "iris"}, {"key": "mlflow.note.content", "value": "# A note"}]
    name = s.name()
    created = s.post("experiments/create", {"name": name, "tags": tags})
    s.get("experiments/get", {"experiment_id": created["experiment_id"]})
    s.get("experiments/get-by-name", {"experiment_name": name})


@table.case
def experiment_zero(s):
    s.get("experiments/get", {"experiment_id": "0"})
    s.get("experiments/get-by-name", {"experiment_name": "Default"})
    s.post("experiments/create", {"name": "Default"})


@table.each(
    {
        "nothing": {},
        "an empty name": {"name": ""},
        "a null name": {"name": None},
        "a number as name": {"name": 7},
        "a list as name": {"name": ["iris"]},
        "an object as name": {"name": {"a": 1}},
        "true as name": {"name": True},
        "a name of 501": {"name": "x" * 501},
        "tags that are no list": {"name": "bad tags 1", "tags": "x"},
        "a tag that is no object": {"name": "bad tags 2", "tags": ["x"]},
        "a tag without key": {"name": "bad tags 3", "tags": [{"value": "v"}]},
        "a tag without value": {"name": "bad tags 4", "tags": [{"key": "k"}]},
        "an empty tag": {"name": "bad tags 5", "tags": [{}]},
        "a tag key of 251": {"name": "bad tags 6", "tags": [{"key": "k" * 251, "value": "v"}]},
        "a tag value of 20001": {"name": "bad tags 7", "tags": [{"key": "k", "value": "v" * 20001}]},
        "a tag key with odd characters": {"name": "bad tags 8", "tags": [{"key": "a*b", "value": "v"}]},
        "a tag key with dots": {"name": "bad tags 9", "tags": [{"key": "../b", "value": "v"}]},
        "a tag key empty": {"name": "bad tags 10", "tags": [{"key": "", "value": "v"}]},
        "a tag value that is a number": {"name": "bad tags 11", "tags": [{"key": "k", "value": 1}]},
        "null tags": {"name": "null tags", "tags": None},
        "a location that is a number": {"name": "bad location 1", "artifact_location": 5},
        "a location with a fragment": {"name": "bad location 2", "artifact_location": "s3://bucket/a#b"},
        "a location with dots in its query": {
            "name": "bad location 3",
            "artifact_location": "http:///?/../../a",
        },
        "a location with dots": {
            "name": "bad location 4",
            "artifact_location": "mlflow-artifacts:/../../etc",
        },
        "a location of runs": {"name": "bad location 5", "artifact_location": "runs:/abc/x"},
        "a location of models": {"name": "bad location 6", "artifact_location": "models:/abc/1"},
        "a location of 2049": {"name": "bad location 7", "artifact_location": "s3://b/" + "x" * 2042},
        "a location with a double encoded dot": {
            "name": "bad location 8",
            "artifact_location": "s3://b/%252e%252e/a",
        },
        "a location with a NUL": {"name": "bad location 9", "artifact_location": "s3://b/a\u0000b"},
        "both spellings of a field": {
            "name": "twice",
            "artifact_location": "s3://a",
            "artifactLocation": "s3://b",
        },
    }
)
def create_with(s, body):
    s.post("experiments/create", body)
    if isinstance(body.get("name"), str) and body["name"]:
        s.get("experiments/get-by-name", {"experiment_name": body["name"]})


@table.each(
    {
        "of 500 characters": "y" * 500,
        "of a space": " ",
        "with a newline": "a\nb",
        "with quotes": 'it\'s "iris"',
        "with a slash": "a/b",
        "of dots": "..",
        "in other letters": "Schwertlilie ✿ 鳶尾",
        "with a percent": "50% _x_",
        "with control characters": "a\u0001b",
        "with a combining accent": "e\u0301",
    }
)
def create_a_name(s, name):
    s.post("experiments/create", {"name": name})
    s.get("experiments/get-by-name", {"experiment_name": name})


@table.case
def create_a_name_with_a_NUL(s):
    s.post("experiments/create", {"name": "a\u0000b"})


@table.case
def the_same_name_twice(s):
    name = s.name()
    first = s.post("experiments/create", {"name": name})
    s.post("experiments/create", {"name": name})
    s.delete_experiment(first["experiment_id"])
    s.post("experiments/create", {"name": name})


@table.each(
    {
        "s3": "s3://bucket/folder",
        "s3 with a slash at the end": "s3://bucket/folder/",
        "gs with a query": "gs://bucket/folder?x=1",
        "artifact proxy": "mlflow-artifacts:/elsewhere",
        "artifact proxy of a host": "mlflow-artifacts://example.org:5000/elsewhere",
        "https": "https://example.org/a",
        "empty": "",
    }
)
def create_with_location(s, location):
    created = s.post("experiments/create", {"name": s.name(), "artifact_location": location})
    if created.status != 200:
        return
    experiment = created["experiment_id"]
    s.get("experiments/get", {"experiment_id": experiment})
    s.post("runs/create", {"experiment_id": experiment, "start_time": 1000, "run_name": "setosa"})


@table.each(ODD_IDS)
def get_with_an_id(s, value):
    s.get("experiments/get", with_id(value))


@table.each({"missing": "no such experiment", "empty": "", "absent": None})
def get_by_name(s, name):
    s.get("experiments/get-by-name", {} if name is None else {"experiment_name": name})


@table.case
def get_by_name_finds_deleted_ones(s):
    name = s.name()
    experiment = s.must("POST", "experiments/create", {"name": name})["experiment_id"]
    s.delete_experiment(experiment)
    s.get("experiments/get-by-name", {"experiment_name": name})
    s.get("experiments/get", {"experiment_id": experiment})


@table.case
def get_by_name_with_other_case(s):
    name = s.name()
    s.must("POST", "experiments/create", {"name": name})
    s.get("experiments/get-by-name", {"experiment_name": name.upper()})


@table.case
def rename(s):
    experiment = s.make_experiment()
    s.post("experiments/update", {"experiment_id": experiment, "new_name": s.name("renamed")})
    s.get("experiments/get", {"experiment_id": experiment})
    s.post("experiments/update", {"experiment_id": experiment, "new_name": "Default"})
    s.get("experiments/get", {"experiment_id": experiment})


@table.each(ODD_IDS)
def update_with_an_id(s, value):
    s.post("experiments/update", with_id(value, new_name="other name"))


@table.each(
    {
        "no name": {},
        "an empty name": {"new_name": ""},
        "a number": {"new_name": 5},
        "501 characters": {"new_name": "z" * 501},
        "null": {"new_name": None},
    }
)
def update_to(s, fields):
    experiment = s.make_experiment()
    s.post("experiments/update", {"experiment_id": experiment, **fields})
    s.get("experiments/get", {"experiment_id": experiment})


@table.case
def rename_to_its_own_name(s):
    name = s.name()
    experiment = s.must("POST", "experiments/create", {"name": name})["experiment_id"]
    s.post("experiments/update", {"experiment_id": experiment, "new_name": name})


@table.case
def update_a_deleted_one(s):
    experiment = s.delete_experiment(s.make_experiment())
    s.post("experiments/update", {"experiment_id": experiment, "new_name": s.name("other")})


@table.each(ODD_IDS)
def delete_with_an_id(s, value):
    s.post("experiments/delete", with_id(value))


@table.each(ODD_IDS)
def restore_with_an_id(s, value):
    s.post("experiments/restore", with_id(value))


@table.case
def delete_and_restore_mark_the_runs(s):
    experiment = s.make_experiment()
    alone = s.delete_run(s.make_run(experiment, start_time=1))
    other = s.make_run(experiment, start_time=2)
    s.post("experiments/delete", {"experiment_id": experiment})
    s.get("experiments/get", {"experiment_id": experiment})
    for run in (alone, other):
        s.get("runs/get", {"run_id": run})
    s.post("experiments/delete", {"experiment_id": experiment})
    s.post("experiments/restore", {"experiment_id": experiment})
    s.get("experiments/get", {"experiment_id": experiment})
    for run in (alone, other):
        s.get("runs/get", {"run_id": run})
    s.post("experiments/restore", {"experiment_id": experiment})


@table.case
def a_deleted_one_refuses_runs_and_tags(s):
    experiment = s.make_experiment()
    run = s.make_run(experiment)
    s.delete_experiment(experiment)
    s.post("runs/create", {"experiment_id": experiment})
    s.post("experiments/set-experiment-tag", {"experiment_id": experiment, "key": "k", "value": "v"})
    s.post("experiments/delete-experiment-tag", {"experiment_id": experiment, "key": "k"})
    s.post("runs/set-tag", {"run_id": run, "key": "k", "value": "v"})
    s.post("logged-models", {"experiment_id": experiment, "name": "petal"})
    s.post("runs/search", {"experiment_ids": [experiment]})


# Tags


@table.case
def set_and_delete_a_tag(s):
    experiment = s.make_experiment()
    s.post("experiments/set-experiment-tag", {"experiment_id": experiment, "key": "a", "value": "1"})
    s.post("experiments/set-experiment-tag", {"experiment_id": experiment, "key": "a", "value": "2"})
    s.post("experiments/set-experiment-tag", {"experiment_id": experiment, "key": "b", "value": ""})
    s.get("experiments/get", {"experiment_id": experiment})
    s.post("experiments/delete-experiment-tag", {"experiment_id": experiment, "key": "a"})
    s.post("experiments/delete-experiment-tag", {"experiment_id": experiment, "key": "a"})
    s.get("experiments/get", {"experiment_id": experiment})


TAGS = {
    "no key": {"value": "v"},
    "an empty key": {"key": "", "value": "v"},
    "no value": {"key": "k"},
    "an empty value": {"key": "k", "value": ""},
    "a number as key": {"key": 1, "value": "v"},
    "a number as value": {"key": "k", "value": 1},
    "a null value": {"key": "k", "value": None},
    "a key of 250": {"key": "k" * 250, "value": "v"},
    "a key of 251": {"key": "k" * 251, "value": "v"},
    "a value of 20000": {"key": "k", "value": "v" * 20000},
    "a value of 20001": {"key": "k", "value": "v" * 20001},
    "a star in the key": {"key": "a*b", "value": "v"},
    "dots before": {"key": "../a", "value": "v"},
    "a double slash": {"key": "a//b", "value": "v"},
    "a slash before": {"key": "/a", "value": "v"},
    "one dot": {"key": ".", "value": "v"},
    "spaces and colons": {"key": "a b:c", "value": "v"},
    "other letters": {"key": "ä鳶", "value": "✿"},
    "a custom view": {"key": "mlflow.customView.1", "value": "v"},
}


@table.each(TAGS)
def set_tag_with(s, fields):
    experiment = s.make_experiment()
    s.post("experiments/set-experiment-tag", {"experiment_id": experiment, **fields})
    s.get("experiments/get", {"experiment_id": experiment})


@table.each(ODD_IDS)
def set_tag_with_an_id(s, value):
    s.post("experiments/set-experiment-tag", with_id(value, key="k", value="v"))


@table.each(ODD_IDS)
def delete_tag_with_an_id(s, value):
    s.post("experiments/delete-experiment-tag", with_id(value, key="k"))


@table.each({"no key": {}, "an empty key": {"key": ""}, "a number": {"key": 1}, "missing": {"key": "none"}})
def delete_tag_with(s, fields):
    s.post("experiments/delete-experiment-tag", {"experiment_id": s.make_experiment(), **fields})


@table.case
def fifty_custom_views(s):
    experiment = s.make_experiment()
    for number in range(50):
        body = {"experiment_id": experiment, "key": f"mlflow.customView.view.v1.{number}", "value": "v"}
        s.must("POST", "experiments/set-experiment-tag", body)
    for key in ("mlflow.customView.view.v1.50", "mlflow.customView.view.v1.3", "mlflow.customView.other"):
        s.post("experiments/set-experiment-tag", {"experiment_id": experiment, "key": key, "value": "w"})


# Search

GOOD_FILTERS = {
    "name": "name = '{p}b'",
    "name differs": "name != '{p}b'",
    "LIKE": "name LIKE '{p}%'",
    "LIKE with underscore": "name LIKE '{p}_'",
    "LIKE minds case": "name LIKE '{P}%'",
    "ILIKE": "name ILIKE '{P}%'",
    "attribute prefix": "attribute.name LIKE '{p}%'",
    "attributes prefix": "attributes.name LIKE '{p}%'",
    "attr prefix": "attr.name LIKE '{p}%'",
    "double quotes": 'name LIKE "{p}%"',
    "creation time": "creation_time > 5",
    "creation time prefixed": "attribute.creation_time >= 0",
    "last update time": "last_update_time > 0 AND last_update_time < 99999999999999",
    "tag": "tags.kind = 'x'",
    "tag differs": "tags.kind != 'x'",
    "tag prefix": "tag.kind = 'x'",
    "tag LIKE": "tags.kind LIKE 'x%'",
    "tag ILIKE": "tags.kind ILIKE 'X%'",
    "tag in backticks": "tags.`odd key` = 'y'",
    "tag in double quotes": "tags.\"odd key\" = 'y'",
    "tag with dots": "tags.a.b = 'z'",
    "tag is null": "tags.kind IS NULL",
    "tag is not null": "tags.kind IS NOT NULL",
    "tag is not null in lower case": "tags.kind is not null",
    "two tags": "tags.kind = 'x' AND tags.`odd key` = 'y'",
    "lower case and": "tags.kind = 'x' and name LIKE '{p}%'",
    "lower case like": "name like '{p}%'",
    "ids": "experiment_id IN ('1', '2')",
    "spaces": "  name   LIKE   '{p}%'  ",
    "an empty filter": "",
    "a quote inside": 'name = "it\'s"',
    "an escaped quote": "name = 'it''s'",
}

BAD_FILTERS = {
    "an unknown attribute": "nam = 'a'",
    "an unknown entity": "thing.name = 'a'",
    "a metric": "metrics.a > 1",
    "a param": "params.a = 'b'",
    "no quotes": "name = iris",
    "a number for a name": "name = 5",
    "text for a time": "creation_time = 'yesterday'",
    "quoted number for a time": "creation_time > '5'",
    "a float for a time": "creation_time > 5.5",
    "greater for a name": "name > 'a'",
    "LIKE for a time": "creation_time LIKE '5'",
    "IN for a name": "name IN ('a', 'b')",
    "IN for a tag": "tags.kind IN ('a')",
    "IS NULL for a name": "name IS NULL",
    "greater for a tag": "tags.kind > 'a'",
    "a number for a tag": "tags.kind = 5",
    "OR": "name = 'a' OR name = 'b'",
    "parentheses": "(name = 'a')",
    "NOT": "NOT name = 'a'",
    "no value": "name =",
    "no comparator": "name 'a'",
    "only a word": "name",
    "AND at the end": "name = 'a' AND",
    "AND at the start": "AND name = 'a'",
    "two ANDs": "name = 'a' AND AND name = 'b'",
    "no AND": "name = 'a' name = 'b'",
    "an open quote": "name = 'a",
    "a semicolon": "name = 'a'; DROP TABLE experiments",
    "a comment": "name = 'a' -- x",
    "reversed": "'a' = name",
    "double equals": "name == 'a'",
    "a wild comparator": "name <> 'a'",
    "RLIKE": "name RLIKE 'a'",
    "BETWEEN": "creation_time BETWEEN 1 AND 2",
    "an empty tag key": "tags. = 'a'",
    "tags alone": "tags = 'a'",
    "an id that is a number": "experiment_id = 5",
    "an id that is text": "experiment_id = 'iris'",
    "ids in an empty list": "experiment_id IN ()",
    "ids that are text": "experiment_id IN ('iris')",
    "ids that are numbers": "experiment_id IN (1, 2)",
    "only spaces": "   ",
    "a star": "*",
    "a function": "lower(name) = 'a'",
    "a number": "5",
    "backticks around an attribute": "`name` = 'a'",
    "other quotes": "name = `a`",
}


def prepare_for_search(s):
    prefix = s.name("find") + "-"
    tags = {"b": [{"key": "kind", "value": "x"}], "c": [{"key": "kind", "value": "xy"}]}
    tags["c"].append({"key": "odd key", "value": "y"})
    tags["d"] = [{"key": "a.b", "value": "z"}]
    for letter in "abcd":
        s.must("POST", "experiments/create", {"name": prefix + letter, "tags": tags.get(letter, [])})
    return prefix


def names_of(prefix):
    def show(answer):
        if answer.status != 200:
            return [answer.status, answer.kind, answer.body]
        names = [experiment["name"] for experiment in answer.body.get("experiments", [])]
        return [name[len(prefix) :] for name in names if name.startswith(prefix)]

    return show


@table.each(GOOD_FILTERS)
def search(s, filter):
    prefix = prepare_for_search(s)
    text = filter.replace("{p}", prefix).replace("{P}", prefix.upper())
    s.post("experiments/search", {"filter": text, "max_results": 50000}, show=names_of(prefix))


@table.each(BAD_FILTERS)
def search_refuses(s, filter):
    s.post("experiments/search", {"filter": filter, "max_results": 1}, show=verdict)


ORDERS = {
    "name": ["name"],
    "name descending": ["name DESC"],
    "name in lower case": ["name desc"],
    "attribute": ["attribute.name ASC"],
    "creation time": ["creation_time ASC", "name ASC"],
    "id": ["experiment_id ASC"],
    "id descending": ["experiment_id DESC"],
    "last update": ["last_update_time DESC", "name DESC"],
    "backticks": ["`name` DESC"],
}

BAD_ORDERS = {
    "an unknown attribute": ["nam"],
    "a tag": ["tags.kind"],
    "a metric": ["metrics.a"],
    "an unknown direction": ["name UP"],
    "an empty text": [""],
    "text instead of a list": "name",
    "a number": [5],
    "nothing but a direction": ["DESC"],
    "two in one": ["name, creation_time"],
    "injection": ["name; DROP TABLE experiments"],
}


@table.each(ORDERS)
def search_ordered_by(s, order):
    prefix = prepare_for_search(s)
    body = {"filter": f"name LIKE '{prefix}%'", "max_results": 10, "order_by": order}
    s.post("experiments/search", body, show=names_of(prefix))


@table.each(BAD_ORDERS)
def search_refuses_to_order_by(s, order):
    s.post("experiments/search", {"max_results": 1, "order_by": order, "filter": "name = 'none'"})


@table.case
def search_in_pages(s):
    prefix = prepare_for_search(s)
    body = {"filter": f"name LIKE '{prefix}%'", "max_results": 3, "order_by": ["name"]}
    first = s.post("experiments/search", body, show=names_of(prefix))
    s.note("has a token", "next_page_token" in first.body)
    token = first["next_page_token"]
    last = s.post("experiments/search", {**body, "page_token": token}, show=names_of(prefix))
    s.note("has a token", "next_page_token" in last.body)
    exactly = s.ask("POST", "experiments/search", {**body, "max_results": 4})
    s.note("has a token when all fit", "next_page_token" in exactly.body)


@table.each(
    {"garbage": "garbage", "not base64": "@@@", "a number": 5, "empty": "", "base64 of text": "aGVsbG8="}
)
def search_with_a_page_token(s, token):
    s.post("experiments/search", {"filter": "name = 'none'", "max_results": 3, "page_token": token})


@table.each(
    {
        "none": {},
        "zero": {"max_results": 0},
        "negative": {"max_results": -1},
        "one": {"max_results": 1},
        "text of a number": {"max_results": "1"},
        "text": {"max_results": "many"},
        "a float": {"max_results": 1.5},
        "a whole float": {"max_results": 1.0},
        "the most": {"max_results": 50000},
        "too many": {"max_results": 50001},
        "true": {"max_results": True},
    }
)
def search_with_max_results(s, fields):
    s.post("experiments/search", {"filter": "name = 'none'", **fields})


@table.each(
    {
        "none": {},
        "active": {"view_type": "ACTIVE_ONLY"},
        "deleted": {"view_type": "DELETED_ONLY"},
        "all": {"view_type": "ALL"},
        "number 1": {"view_type": 1},
        "number 2": {"view_type": 2},
        "number 3": {"view_type": 3},
        "number 0": {"view_type": 0},
        "number 9": {"view_type": 9},
        "text of a number": {"view_type": "2"},
        "lower case": {"view_type": "all"},
        "an unknown word": {"view_type": "SOME"},
    }
)
def search_with_view_type(s, fields):
    prefix = prepare_for_search(s)
    gone = s.must("GET", "experiments/get-by-name", query={"experiment_name": prefix + "b"})["experiment"]
    s.delete_experiment(gone["experiment_id"])
    body = {"filter": f"name LIKE '{prefix}%'", "max_results": 10, "order_by": ["name"], **fields}
    s.post("experiments/search", body, show=names_of(prefix))


@table.case
def search_by_query(s):
    prefix = prepare_for_search(s)
    query = {
        "filter": f"name LIKE '{prefix}%'",
        "max_results": 2,
        "order_by": ["name DESC"],
        "view_type": "ALL",
    }
    s.get("experiments/search", query, show=names_of(prefix))
    s.get("experiments/search", {**query, "order_by": ["attribute.name ASC"]}, show=names_of(prefix))


@table.case
def search_shows_whole_experiments(s):
    prefix = prepare_for_search(s)
    s.post("experiments/search", {"filter": f"name LIKE '{prefix}%'", "max_results": 9, "order_by": ["name"]})
