"""Whatever is sent, Roost answers with what was wrong, stays up, and touches nothing outside its folder."""

import json
import os
import string
import urllib.parse

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from requests_by_hand import Line, exchange, status_of
from traversal import CORPUS

EXAMPLES = int(os.environ.get("ROOST_FUZZ_EXAMPLES", "150"))
PROXY = "/api/2.0/mlflow-artifacts"

fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@pytest.fixture(scope="module")
def line(roost):
    line = Line(roost)
    yield line
    line.close()
    assert roost.is_running(), roost.tail()


def assert_told(status, answer, allowed=(200, 400, 404)):
    """It is an answer for the person who asked: allowed, and in JSON with words if it is a refusal."""
    assert status in allowed, f"{status} {answer!r}"
    if status != 200:
        assert answer["error_code"] and answer["message"], answer


# The search grammar

WORDS = some.sampled_from(
    [
        *[
            "metrics.acc",
            "params.lr",
            "tags.team",
            "attributes.status",
            "status",
            "run_id",
            "start_time",
            "name",
        ],
        *[
            "dataset.name",
            "metrics.`a b`",
            'tags."a.b"',
            "metrics",
            "params.",
            ".acc",
            "creation_time",
            "model_id",
        ],
        *[
            "=",
            "!=",
            "<",
            "<=",
            ">",
            ">=",
            "<>",
            "==",
            "LIKE",
            "ILIKE",
            "IN",
            "NOT IN",
            "IS NULL",
            "IS NOT NULL",
        ],
        *["AND", "OR", "NOT", "and", "(", ")", ",", ";", "--", "/*", "*/", "RLIKE", "BETWEEN", "NULL"],
        *[
            "'a'",
            '"b"',
            "0.5",
            "1e9",
            "-3",
            "5",
            "'0.1'",
            "('a', 'b')",
            "(1)",
            "()",
            "NaN",
            "'it''s'",
            "''",
            "`x`",
        ],
        *[
            "'%'",
            "'_'",
            "'\\'",
            "'",
            '"',
            "`",
            "\u0000",
            "é",
            "✿",
            "1e999",
            "99999999999999999999",
            "0x10",
            ".5",
        ],
    ]
)
SENTENCES = some.one_of(
    some.lists(WORDS, max_size=14).map(" ".join),
    some.lists(WORDS, max_size=8).map("".join),
    some.text(max_size=60),
)
#: Those of the registry are asked by GET.
SEARCHES_BY_GET = ["registered-models/search", "model-versions/search"]
SEARCHES = ["runs/search", "experiments/search", "logged-models/search", *SEARCHES_BY_GET]


def search_for(line, search, **fields):
    if search in SEARCHES_BY_GET:
        query = urllib.parse.urlencode(fields, doseq=True, errors="surrogatepass")
        return line.send("GET", f"{search}?{query}")
    return line.send("POST", search, {"experiment_ids": ["0"], **fields})


@pytest.mark.parametrize("search", SEARCHES)
@fuzz
@given(sentence=SENTENCES)
def test_any_filter(search, line, sentence):
    assert_told(*search_for(line, search, filter=sentence, max_results=5), allowed=(200, 400))


@pytest.mark.parametrize("search", SEARCHES)
@fuzz
@given(sentence=SENTENCES)
def test_any_order(search, line, sentence):
    order = [{"field_name": sentence}] if search.startswith("logged") else [sentence]
    assert_told(*search_for(line, search, order_by=order, max_results=5), allowed=(200, 400))


@pytest.mark.parametrize("search", [*SEARCHES, "metrics/get-history"])
@fuzz
@given(
    token=some.one_of(some.text(max_size=40), some.binary(max_size=40).map(lambda b: urllib.parse.quote(b)))
)
def test_any_page_token(search, line, token):
    if search.startswith("metrics"):
        query = urllib.parse.urlencode(
            {"run_id": "0" * 32, "metric_key": "m", "max_results": 2, "page_token": token}
        )
        return assert_told(*line.send("GET", f"{search}?{query}"))
    assert_told(*search_for(line, search, max_results=2, page_token=token), allowed=(200, 400))


@pytest.mark.parametrize(
    "filter", ["(" * 20000 + "status = 'a'" + ")" * 20000, "NOT " * 20000 + "status = 'a'"]
)
def test_a_deep_filter(line, filter):
    assert_told(
        *line.send("POST", "runs/search", {"experiment_ids": ["0"], "filter": filter}), allowed=(200, 400)
    )


def test_a_filter_of_many_clauses(line):
    for word in ("AND", "OR"):
        filter = f" {word} ".join(f"metrics.m{number} > {number}" for number in range(2000))
        body = {"experiment_ids": ["0"], "filter": filter}
        assert_told(*line.send("POST", "runs/search", body), allowed=(200, 400))


FIELD = [
    {"metrics": {"acc": 0.1, "loss": 3.0}, "params": {"lr": "0.1"}, "tags": {"team": "blue"}},
    {"metrics": {"acc": 0.5}, "params": {"lr": "0.2", "depth": "3"}, "tags": {}},
    {"metrics": {"loss": -1.0}, "params": {}, "tags": {"team": "red"}},
    {"metrics": {}, "params": {"depth": "10"}, "tags": {"team": "Blue", "odd": "x"}},
    {"metrics": {"acc": 0.9, "loss": 0.0}, "params": {"lr": "0.1", "depth": "3"}, "tags": {"odd": ""}},
]


@pytest.fixture(scope="module")
def field(line):
    """An experiment with the runs of `FIELD`, named by their numbers."""
    experiment = line.post("experiments/create", {"name": "the field of the fuzz"})["experiment_id"]
    for number, parts in enumerate(FIELD):
        body = {"experiment_id": experiment, "run_name": str(number), "start_time": number}
        run = line.post("runs/create", body)["run"]["info"]["run_id"]
        pairs = {
            kind: [{"key": k, "value": v} for k, v in parts[kind].items()] for kind in ("params", "tags")
        }
        metrics = [{"key": k, "value": v, "timestamp": 1, "step": 0} for k, v in parts["metrics"].items()]
        line.post("runs/log-batch", {"run_id": run, "metrics": metrics, **pairs})
    return experiment


COMPARE = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def of_metric(key, comparator, number):
    def holds(run):
        return key in run["metrics"] and COMPARE[comparator](run["metrics"][key], number)

    return f"metrics.{key} {comparator} {number}", holds


def of_text(kind, key, comparator, text):
    return (
        f"{kind}.{key} {comparator} '{text}'",
        lambda run: key in run[kind] and COMPARE[comparator](run[kind][key], text),
    )


def of_presence(kind, key, is_there):
    return f"{kind}.{key} IS {'NOT ' if is_there else ''}NULL", lambda run: (key in run[kind]) == is_there


CLAUSES = some.one_of(
    some.builds(
        of_metric,
        some.sampled_from(["acc", "loss", "none"]),
        some.sampled_from(list(COMPARE)),
        some.sampled_from([0.1, 0.5, 0, -1, 3, 0.7]),
    ),
    some.builds(
        of_text,
        some.sampled_from(["params", "tags"]),
        some.sampled_from(["lr", "depth", "team", "odd", "none"]),
        some.sampled_from(["=", "!="]),
        some.sampled_from(["0.1", "3", "blue", "", "x"]),
    ),
    some.builds(
        of_presence,
        some.sampled_from(["params", "tags"]),
        some.sampled_from(["lr", "depth", "team", "odd", "none"]),
        some.booleans(),
    ),
)


def joined(word, pick):
    return lambda parts: (
        "(" + f" {word} ".join(text for text, _ in parts) + ")",
        lambda run: pick(holds(run) for _, holds in parts),
    )


FILTERS = some.recursive(
    CLAUSES,
    lambda inner: some.one_of(
        some.lists(inner, min_size=2, max_size=3).map(joined("AND", all)),
        some.lists(inner, min_size=2, max_size=3).map(joined("OR", any)),
    ),
    max_leaves=6,
)


@fuzz
@given(filter=FILTERS)
def test_a_filter_finds_what_it_says(line, field, filter):
    text, holds = filter
    found = line.post("runs/search", {"experiment_ids": [field], "filter": text})
    names = {run["info"]["run_name"] for run in found.get("runs", [])}
    assert names == {str(number) for number, run in enumerate(FIELD) if holds(run)}, text


@fuzz
@given(filter=FILTERS)
def test_a_filter_and_its_opposite_share_no_run(line, field, filter):
    """`NOT` turns a filter around; a run without the key that is asked for may be in neither."""
    text, holds = filter
    found = line.post("runs/search", {"experiment_ids": [field], "filter": f"NOT ({text})"})
    names = {run["info"]["run_name"] for run in found.get("runs", [])}
    assert not names & {str(number) for number, run in enumerate(FIELD) if holds(run)}, text


# Bodies

#: The endpoints with the fields of their requests.
ENDPOINTS = {
    "POST experiments/create": ["name", "artifact_location", "tags"],
    "GET experiments/get": ["experiment_id"],
    "GET experiments/get-by-name": ["experiment_name"],
    "POST experiments/search": ["max_results", "page_token", "filter", "order_by", "view_type"],
    "POST experiments/update": ["experiment_id", "new_name"],
    "POST experiments/delete": ["experiment_id"],
    "POST experiments/restore": ["experiment_id"],
    "POST experiments/set-experiment-tag": ["experiment_id", "key", "value"],
    "POST experiments/delete-experiment-tag": ["experiment_id", "key"],
    "POST experiments/permissions/create": ["experiment_id", "username", "permission"],
    "GET experiments/permissions/get": ["experiment_id", "username"],
    "PATCH registered-models/permissions/update": ["name", "username", "permission"],
    "DELETE registered-models/permissions/delete": ["name", "username"],
    "POST /api/3.0/mlflow/users/permissions/grant": [
        "username",
        "resource_type",
        "resource_id",
        "permission",
    ],
    "GET /api/3.0/mlflow/users/permissions/get": ["username", "resource_type", "resource_id"],
    "POST /api/3.0/mlflow/roles/create": ["name", "workspace", "description"],
    "PATCH /api/3.0/mlflow/roles/update": ["role_id", "name", "description"],
    "POST /api/3.0/mlflow/roles/permissions/add": [
        "role_id",
        "resource_type",
        "resource_pattern",
        "permission",
    ],
    "POST /api/3.0/mlflow/roles/assign": ["role_id", "username"],
    "POST runs/create": ["experiment_id", "user_id", "run_name", "start_time", "tags"],
    "GET runs/get": ["run_id", "run_uuid"],
    "POST runs/update": ["run_id", "run_uuid", "status", "end_time", "run_name"],
    "POST runs/delete": ["run_id"],
    "POST runs/restore": ["run_id"],
    "POST runs/search": [
        "experiment_ids",
        "filter",
        "run_view_type",
        "max_results",
        "order_by",
        "page_token",
    ],
    "POST runs/log-metric": [
        "run_id",
        "key",
        "value",
        "timestamp",
        "step",
        "model_id",
        "dataset_name",
        "dataset_digest",
    ],
    "POST runs/log-parameter": ["run_id", "key", "value"],
    "POST runs/set-tag": ["run_id", "key", "value"],
    "POST runs/delete-tag": ["run_id", "key"],
    "POST runs/log-batch": ["run_id", "metrics", "params", "tags"],
    "POST runs/log-model": ["run_id", "model_json"],
    "POST runs/log-inputs": ["run_id", "datasets", "models"],
    "POST runs/outputs": ["run_id", "models"],
    "GET metrics/get-history": ["run_id", "metric_key", "page_token", "max_results"],
    "GET metrics/get-history-bulk-interval": [
        "run_ids",
        "metric_key",
        "start_step",
        "end_step",
        "max_results",
    ],
    "GET /ajax-api/2.0/mlflow/metrics/get-history-bulk": ["run_id", "metric_key", "max_results"],
    "POST /ajax-api/2.0/mlflow/experiments/search-datasets": ["experiment_ids"],
    "GET artifacts/list": ["run_id", "path", "page_token"],
    "POST logged-models": ["experiment_id", "name", "model_type", "source_run_id", "params", "tags"],
    "GET logged-models/MODEL": ["allow_deleted"],
    "PATCH logged-models/MODEL": ["model_id", "status"],
    "POST logged-models/search": [
        "experiment_ids",
        "filter",
        "datasets",
        "max_results",
        "order_by",
        "page_token",
    ],
    "PATCH logged-models/MODEL/tags": ["tags"],
    "POST logged-models/MODEL/params": ["params"],
    "GET logged-models/MODEL/artifacts/directories": ["artifact_directory_path"],
    "POST registered-models/create": ["name", "tags", "description"],
    "GET registered-models/get": ["name"],
    "POST registered-models/rename": ["name", "new_name"],
    "PATCH registered-models/update": ["name", "description"],
    "DELETE registered-models/delete": ["name", "comment"],
    "POST registered-models/get-latest-versions": ["name", "stages"],
    "POST registered-models/set-tag": ["name", "key", "value"],
    "DELETE registered-models/delete-tag": ["name", "key"],
    "POST registered-models/alias": ["name", "alias", "version", "comment"],
    "DELETE registered-models/alias": ["name", "alias", "comment"],
    "GET registered-models/alias": ["name", "alias"],
    "POST model-versions/create": [
        *["name", "source", "run_id", "tags", "run_link", "description", "model_id"],
    ],
    "GET model-versions/get": ["name", "version"],
    "PATCH model-versions/update": ["name", "version", "description"],
    "POST model-versions/transition-stage": [
        *["name", "version", "stage", "archive_existing_versions", "comment"],
    ],
    "DELETE model-versions/delete": ["name", "version", "comment"],
    "GET model-versions/get-download-uri": ["name", "version"],
    "POST model-versions/set-tag": ["name", "version", "key", "value"],
    "DELETE model-versions/delete-tag": ["name", "version", "key"],
    "GET /api/2.0/roost/registered-models/history": ["name", "alias", "max_results", "page_token"],
    "GET /api/2.0/roost/registered-models/alias-at": ["name", "alias", "timestamp"],
    "POST /api/2.0/roost/registered-models/roll-back-alias": ["name", "alias", "timestamp", "comment"],
    "DELETE /api/2.0/roost/model-versions/delete": ["name", "version", "force", "comment"],
    f"POST {PROXY}/mpu/create/a.bin": ["path", "num_parts"],
    f"POST {PROXY}/mpu/complete/a.bin": ["path", "upload_id", "parts"],
    f"POST {PROXY}/mpu/abort/a.bin": ["path", "upload_id"],
    "POST /graphql": ["query", "variables", "operationName"],
    "POST webhooks": ["name", "url", "events", "description", "secret", "status"],
    "GET webhooks": ["max_results", "page_token"],
    "GET webhooks/HOOK": [],
    "PATCH webhooks/HOOK": ["name", "url", "events", "description", "secret", "status"],
    "POST webhooks/none/test": ["event"],
    "DELETE webhooks/none": [],
    "GET /api/2.0/roost/webhooks/HOOK/deliveries": ["status", "max_results", "page_token"],
    "GET /api/2.0/roost/webhooks/HOOK/deliveries/none": [],
    "POST /api/2.0/roost/webhooks/HOOK/deliveries/none/send-again": [],
    "GET /api/2.0/roost/approval-rules/list": ["name"],
    "POST /api/2.0/roost/approval-rules/set": [
        *["name", "alias", "stage", "approvals", "allow_own", "comment"],
    ],
    "DELETE /api/2.0/roost/approval-rules/delete": ["name", "alias", "stage", "comment"],
    "GET /api/2.0/roost/approval-requests/list": ["name", "states", "max_results", "page_token"],
    "GET /api/2.0/roost/approval-requests/get": ["request_id"],
    "POST /api/2.0/roost/approval-requests/approve": ["request_id", "comment"],
    "POST /api/2.0/roost/approval-requests/refuse": ["request_id", "comment"],
    "POST /api/2.0/roost/approval-requests/withdraw": ["request_id", "comment"],
    "GET /api/2.0/roost/model-versions/manifest": ["name", "version", "uri"],
    "GET /api/2.0/roost/model-versions/verify": ["name", "version", "uri"],
    "POST /api/2.0/roost/model-versions/sign": ["name", "version", "uri"],
}

TEXTS = some.one_of(some.text(max_size=12), some.text(string.ascii_letters + " /.:-_%'\"`", max_size=300))
NUMBERS = some.one_of(
    some.integers(),
    some.floats(),
    some.sampled_from([0, 1, -1, 2**31, 2**63 - 1, 2**63, -(2**63), 10**40, 1e308, 1.5]),
)
PAIRS = some.fixed_dictionaries(
    {},
    optional={
        "key": some.one_of(TEXTS, NUMBERS, some.none()),
        "value": some.one_of(TEXTS, NUMBERS, some.none(), some.lists(NUMBERS, max_size=2)),
        "timestamp": NUMBERS,
        "step": NUMBERS,
        "model_id": some.one_of(TEXTS, some.just("MODEL")),
        "dataset": some.dictionaries(
            some.sampled_from(["name", "digest", "source_type", "source"]), TEXTS, max_size=4
        ),
        "tags": some.lists(some.dictionaries(some.sampled_from(["key", "value"]), TEXTS), max_size=2),
        "part_number": NUMBERS,
        "field_name": TEXTS,
        "dataset_name": TEXTS,
        "ascending": some.one_of(some.booleans(), TEXTS),
    },
)
KNOWN = some.sampled_from(
    [
        *["RUN", "MODEL", "0", "ACTIVE_ONLY", "FINISHED", "m", "NaN", "Infinity", "-5", "2", "", "1"],
        *["fuzz", "champion", "Staging", "models:/fuzz/1", "mlflow-artifacts:/0/RUN/artifacts", "s3://b/m"],
    ]
)
VALUES = some.one_of(
    KNOWN,
    some.just("RUN"),
    TEXTS,
    NUMBERS,
    some.none(),
    some.booleans(),
    some.lists(PAIRS, max_size=3),
    some.lists(some.one_of(KNOWN, TEXTS, NUMBERS, some.none()), max_size=3),
    some.dictionaries(some.text(max_size=5), some.one_of(TEXTS, NUMBERS, some.none()), max_size=3),
)


@pytest.fixture(scope="module")
def known(line):
    """A run, a logged model, a registered one and a webhook that live as long as the fuzz lets them."""
    run = line.post("runs/create", {"experiment_id": "0", "run_name": "fuzz"})["run"]["info"]["run_id"]
    model = line.post("logged-models", {"experiment_id": "0", "name": "fuzz"})["model"]["info"]["model_id"]
    line.post("registered-models/create", {"name": "fuzz"})
    line.post("model-versions/create", {"name": "fuzz", "source": "s3://b/m"})
    # It is told of what does not happen, so that nothing is sent.
    hook = {
        "name": "fuzz",
        "url": "https://8.8.8.8/",
        "events": [{"entity": "BUDGET_POLICY", "action": "EXCEEDED"}],
    }
    hook = line.post("webhooks", hook)["webhook"]["webhook_id"]
    return {"RUN": run, "MODEL": model, "HOOK": hook}


def replaced(value, known):
    if isinstance(value, list):
        return [replaced(part, known) for part in value]
    if isinstance(value, dict):
        return {name: replaced(part, known) for name, part in value.items()}
    return known.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@fuzz
@given(data=some.data())
def test_any_body(endpoint, line, known, data):
    method, path = endpoint.split(" ")
    path = path.replace("MODEL", known["MODEL"]).replace("HOOK", known["HOOK"])
    fields = some.fixed_dictionaries({}, optional={name: VALUES for name in ENDPOINTS[endpoint]})
    body = replaced(data.draw(fields), known)
    if body.get("experiment_id") in ("0", 0) and path in ("experiments/delete", "experiments/update"):
        return
    if method == "GET":
        query = {name: as_query(value) for name, value in body.items()}
        path += "?" + urllib.parse.urlencode(query, doseq=True, errors="surrogatepass")
        status, answer = line.send("GET", path)
    else:
        # Lone surrogates and bare NaN go out as Python writes them.
        status, answer = line.send(method, path, raw=json.dumps(body).encode())
    assert_told(status, answer, allowed=(200, 400, 403, 404, 501))


def as_query(value):
    return [str(part) for part in value] if isinstance(value, list) else str(value)


JSON = some.recursive(
    some.one_of(some.none(), some.booleans(), NUMBERS, TEXTS),
    lambda inner: some.one_of(some.lists(inner, max_size=4), some.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=10,
)


@pytest.mark.parametrize(
    "path",
    [
        *["runs/create", "runs/log-batch", "runs/log-metric", "runs/search", "logged-models", "/graphql"],
        *["registered-models/create", "model-versions/create"],
    ],
)
@fuzz
@given(value=JSON, cut=some.integers(0, 200), garbage=some.binary(max_size=4))
def test_any_bytes_as_body(path, line, value, cut, garbage):
    raw = json.dumps(value).encode()
    raw = raw[:cut] + garbage + raw[cut:]
    status, answer = line.send("POST", path, raw=raw)
    assert_told(status, answer)


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"tags":[', '"\\'])
def test_a_deep_body(opening, line):
    status, answer = line.send("POST", "runs/create", raw=opening.encode() * 200_000)
    assert_told(status, answer, allowed=(400, 413))


def test_a_body_beyond_all_measure(line):
    raw = b'{"experiment_id": "0", "run_name": "' + b"x" * (300 << 20) + b'"}'
    try:
        status, _ = line.send("POST", "runs/create", raw=raw)
    except OSError:
        return  # It may close the connection rather than read to the end.
    assert status in (400, 413), status


# Paths


@pytest.fixture(scope="module")
def guarded(new_roost):
    """A Roost with a secret beside its data, and a list of all files outside of them."""
    server = new_roost()
    secret = server.folder / "secret.txt"
    secret.write_text("the-secret-of-the-house")
    with server:
        yield server


def outside(server):
    """Every file around the data that could be touched, with its content."""
    own = {server.log, *server.folder.glob("roost.db*")}
    return {
        path: path.read_bytes()
        for path in server.folder.rglob("*")
        if path.is_file() and path not in own and server.data not in path.parents
    }


def request(method, path, body=b""):
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode("utf-8", "surrogateescape") + body


def paths_of(trick, run, model):
    quoted = trick.replace("&", "%26").replace("#", "%23").replace(" ", "%20").replace("+", "%2B")
    artifacts = f"{PROXY}/artifacts"
    yield "PUT", f"{artifacts}/{trick}"
    yield "GET", f"{artifacts}/{trick}"
    yield "GET", f"{artifacts}?path={quoted}"
    yield "DELETE", f"{artifacts}/tricks/{trick}"
    yield "POST", f"{PROXY}/mpu/create/{trick}"
    yield "GET", f"/api/2.0/mlflow/artifacts/list?run_id={run}&path={quoted}"
    yield "GET", f"/get-artifact?run_id={run}&path={quoted}"
    yield "GET", f"/model-versions/get-artifact?name=iris&version=1&path={quoted}"
    yield "POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path={quoted}"
    yield "GET", f"/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files?artifact_file_path={quoted}"
    yield (
        "GET",
        f"/api/2.0/mlflow/logged-models/{model}/artifacts/directories?artifact_directory_path={quoted}",
    )
    yield "GET", f"/mlflow/static-files/{trick}"
    yield "GET", f"/{trick}"


def test_no_path_leads_outside(guarded):
    line = Line(guarded)
    run = line.post("runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
    model = line.post("logged-models", {"experiment_id": "0", "name": "x"})["model"]["info"]["model_id"]
    line.post("registered-models/create", {"name": "iris"})
    source = {"source": f"models:/{model}", "model_id": model}
    line.post("model-versions/create", {"name": "iris", **source})
    before = outside(guarded)
    for trick in CORPUS:
        for method, path in paths_of(trick, run, model):
            answer = exchange(
                guarded, request(method, path, b"planted" if method in ("PUT", "POST") else b"")
            )
            status = status_of(answer)
            assert status in (200, 204, 307, 308, 400, 403, 404, 405, 414, 415, 501), (
                f"{method} {path}: {answer[:300]!r}"
            )
            for leak in (b"the-secret-of-the-house", b"root:x:0:0", b"SQLite format", b"X-Injected: yes"):
                assert leak not in answer, f"{method} {path}: {answer[:300]!r}"
    assert outside(guarded) == before
    assert guarded.is_running(), guarded.tail()


def test_experiment_locations_lead_nowhere(guarded):
    """A location is a label: files that lie there are not served, and nothing is written there."""
    before = outside(guarded)
    line = Line(guarded)
    for number, location in enumerate(
        [f"file://{guarded.folder}", str(guarded.folder), "mlflow-artifacts:/../..", "file:///etc"]
    ):
        status, made = line.send(
            "POST", "experiments/create", {"name": f"trap {number}", "artifact_location": location}
        )
        assert_told(status, made, allowed=(200, 400))
        if status != 200:
            continue
        run = line.post("runs/create", {"experiment_id": made["experiment_id"]})["run"]["info"]["run_id"]
        for path in (
            "secret.txt",
            "../secret.txt",
            "../../secret.txt",
            "passwd",
            f"../../../{guarded.folder.name}/secret.txt",
        ):
            for where in (
                f"/get-artifact?run_id={run}&path={path}",
                f"artifacts/list?run_id={run}&path={path}",
            ):
                status, answer = line.send("GET", where)
                assert status < 500 and b"the-secret" not in str(answer).encode(), (
                    f"{location} {where} {answer}"
                )
        status, answer = line.send(
            "POST", f"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=a.txt", raw=b"x"
        )
        assert status < 500, answer
    assert outside(guarded) == before


# Bytes

BROKEN = {
    "nothing": b"",
    "no words": b"\r\n\r\n",
    "garbage": bytes(range(256)) * 4,
    "no version": b"GET /health\r\n\r\n",
    "another version": b"GET /health HTTP/9.9\r\n\r\n",
    "an unknown method": b"PETAL /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a long line": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a long header": b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 500_000 + b"\r\n\r\n",
    "many headers": b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
    "a length below zero": b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
    "two lengths": b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length and chunks": b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length too long": b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{}",
    "a wrong chunk": b"PUT /api/2.0/mlflow-artifacts/artifacts/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "a chunk cut off": b"PUT /api/2.0/mlflow-artifacts/artifacts/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc",
    "half a request": b"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: loc",
    "no host": b"GET /api/2.0/mlflow/experiments/get?experiment_id=0 HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /api/2.0/mlflow/experiments/get?experiment_id=0 HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "a whole address": b"GET http://evil.example/health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "an upgrade": b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "the start of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "the start of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_requests(name, roost):
    answer = exchange(roost, BROKEN[name], timeout=5)
    assert status_of(answer) in (0, 200, 400, 403, 404, 405, 408, 411, 413, 414, 421, 431, 501, 505), answer[
        :200
    ]
    assert Line(roost).send("GET", "/health")[0] == 200
    assert roost.is_running(), roost.tail()
