"""How requests are read: content types, query strings, spellings, wrong JSON."""

from .session import Table

table = Table("requests")

JSON = {"Content-Type": "application/json"}


@table.each(
    {
        "none": {},
        "text": {"Content-Type": "text/plain"},
        "a form": {"Content-Type": "application/x-www-form-urlencoded"},
        "multipart": {"Content-Type": "multipart/form-data; boundary=x"},
        "with a charset": {"Content-Type": "application/json; charset=utf-8"},
        "in capitals": {"Content-Type": "Application/JSON"},
        "another JSON": {"Content-Type": "application/vnd.api+json"},
        "protobuf": {"Content-Type": "application/x-protobuf"},
        "empty": {"Content-Type": ""},
        "garbage": {"Content-Type": ";;;"},
        "with a strange charset": {"Content-Type": "application/json; charset=utf-16"},
    }
)
def content_type(s, headers):
    body = '{"experiment_id": "0", "run_name": "x", "start_time": 1}'
    s.post("runs/create", raw=body, headers=headers)
    s.send("GET", "experiments/get", raw='{"experiment_id": "0"}', headers=headers)


@table.each(
    {
        "empty": "",
        "spaces": "   ",
        "an open brace": "{",
        "text": "hello",
        "a number": "5",
        "null": "null",
        "true": "true",
        "a list": "[]",
        "a list of objects": '[{"experiment_id": "0"}]',
        "a text of JSON": '"{\\"experiment_id\\": \\"0\\", \\"run_name\\": \\"x\\", \\"start_time\\": 1}"',
        "a text of text": '"hello"',
        "a comma too many": '{"experiment_id": "0",}',
        "single quotes": "{'experiment_id': '0'}",
        "a comment": '{"experiment_id": "0"} // x',
        "two objects": '{"experiment_id": "0"}{"run_name": "x"}',
        "a key twice": '{"experiment_id": "98765", "experiment_id": "0", "run_name": "x", "start_time": 1}',
        "a mark at the start": '\ufeff{"experiment_id": "0", "run_name": "x", "start_time": 1}',
        "deep nesting": "[" * 5000 + "]" * 5000,
        "deep nesting of an unknown field": '{"experiment_id": "0", "run_name": "x", "start_time": 1, "deep": '
        + "[" * 90
        + "]" * 90
        + "}",
        "escapes": '{"experiment_id": "\\u0030", "run_name": "\\u9cf6\\ud83c\\udf38", "start_time": 1}',
        "a lone surrogate": '{"experiment_id": "0", "run_name": "\\ud83c", "start_time": 1}',
        "a raw newline": '{"experiment_id": "0", "run_name": "a\nb", "start_time": 1}',
        "an unknown field of null": '{"experiment_id": "0", "run_name": "x", "start_time": 1, "": null}',
    }
)
def body(s, text):
    s.post("runs/create", raw=text, headers=JSON)


@table.case
def body_that_is_not_UTF8(s):
    s.post(
        "runs/create", raw=b'{"experiment_id": "0", "run_name": "\xff\xfe", "start_time": 1}', headers=JSON
    )


@table.case
def both_spellings(s):
    s.post("runs/create", {"experiment_id": "0", "experimentId": "0", "run_name": "x", "start_time": 1})
    s.post("runs/create", {"experimentId": "0", "runName": "x", "startTime": "5"})
    s.get("experiments/get", {"experimentId": "0"})
    s.get("experiments/get-by-name", {"experimentName": "Default"})


@table.case
def query_of_a_GET(s):
    s.get("experiments/get?experiment_id=0&experiment_id=1")
    s.get("experiments/get?experiment_id=0&unknown=1")
    s.get("experiments/get?experiment_id=%30")
    s.get("experiments/get?experiment_id")
    s.get("experiments/get?")
    s.get("experiments/get?unknown=1")
    s.get("experiments/get-by-name?experiment_name=De+fault")
    s.get("experiments/get-by-name?experiment_name=Default%00")
    s.get("experiments/get-by-name?experiment_name=%FF")
    s.get("experiments/get-by-name?experiment_name=%E9%B3%B6")
    s.get("experiments/get-by-name?experiment_name=a;b=c")
    s.get("experiments/get-by-name?experiment_name=a%26b")


@table.case
def body_of_a_GET(s):
    s.send("GET", "experiments/get", body={"experiment_id": "0"})
    s.send("GET", "experiments/get", body={"experimentId": "0"})
    s.send("GET", "experiments/get?experiment_id=0", body={"experiment_id": "98765"})
    s.send("GET", "runs/get", body={})


@table.case
def query_of_a_POST_is_ignored(s):
    s.post("runs/create?experiment_id=0", {})
    s.post("experiments/delete?experiment_id=98765", {})


@table.case
def wrong_types_side_by_side(s):
    s.post("runs/create", {"experiment_id": 5, "run_name": 5, "start_time": "x", "tags": 5})
    s.post("runs/update", {"run_id": 5, "status": "x"})
    s.post("runs/search", {"experiment_ids": 5, "filter": 5, "max_results": "x"})
    s.post("experiments/search", {"max_results": "x", "filter": 5, "order_by": 5})
    s.post("runs/log-batch", {"run_id": 5, "metrics": 5, "params": 5, "tags": 5})
    s.post("runs/set-tag", {"run_id": [], "key": {}, "value": 5})


@table.case
def values_in_messages(s):
    for value in (
        5,
        5.5,
        True,
        None,
        [],
        {},
        ["a", 1],
        {"b": 1, "a": [1, 2]},
        "x" * 300,
        'it\'s "x"',
        "鳶",
        1e100,
        -0.0,
    ):
        s.post("experiments/create", {"name": "v", "artifact_location": value, "tags": "x"})
        s.post("runs/set-tag", {"run_id": value, "key": value, "value": "x"})
