"""Where Roost answers otherwise than the original on purpose, and why.

`RULES` hold for every case: each maps an answer of the original to what Roost says instead, and names one case in
which that must happen. `CASES` are single cases. A difference that no longer occurs fails its test, so that the
lists stay true.
"""

import dataclasses
import re

from .words import ANYTHING, CLIENT_ERRORS, OneOf, Text, refusal

INVALID = "INVALID_PARAMETER_VALUE"
NO_SQL = Text(r"^(?!.*(sqlite|SQL|INSERT|constraint)).")
NO_ENDPOINT = refusal(404, "ENDPOINT_NOT_FOUND")
NO_PAGE = [404, "text/plain", "Not found\n"]
INVALID_PATH = refusal(400, INVALID, "Invalid path")
WRONG_TYPE = refusal(
    400, INVALID, Text(r"^Invalid value .* for parameter '.*' supplied:  Hint: Value was of type")
)
OK = [200, "application/json", {}]


@dataclasses.dataclass
class Rule:
    reason: str
    seen_in: str
    #: The original's status, kind and body (without what is optional) -> what Roost says, none if it is not meant.
    expected: callable


def _error(answer, status, code):
    return answer[0] == status and isinstance(answer[2], dict) and answer[2].get("error_code") == code


def _invalid_state(answer):
    if _error(answer, 500, "INVALID_STATE"):
        return refusal(400, "INVALID_STATE", answer[2]["message"])


def _internal_error(answer):
    if _error(answer, 500, "INTERNAL_ERROR") or answer[0] == 500:
        return refusal(OneOf(*CLIENT_ERRORS), message=NO_SQL)


def _words_of_the_database(answer):
    if _error(answer, 400, "BAD_REQUEST") and "IntegrityError" in answer[2]["message"]:
        return refusal(OneOf(*CLIENT_ERRORS), message=NO_SQL)


def _duplicate_experiment(answer):
    if _error(answer, 400, "RESOURCE_ALREADY_EXISTS") and " Error: (" in answer[2]["message"]:
        return refusal(400, "RESOURCE_ALREADY_EXISTS", answer[2]["message"].split(" Error: (")[0])


def _page(answer):
    if answer == [404, "text/html", "(a page)"]:
        return OneOf(NO_ENDPOINT, NO_PAGE)


def _page_token(answer):
    if _error(answer, 400, INVALID) and answer[2]["message"].startswith("Invalid page token"):
        return refusal(400, INVALID, Text("^Invalid page token, "))


def _detail(answer):
    if 400 <= answer[0] < 500 and isinstance(answer[2], dict) and list(answer[2]) == ["detail"]:
        return refusal(answer[0], INVALID, answer[2]["detail"])


UNREADABLE = (
    r"(Invalid clause\(s\) in filter string: |Invalid comparison clause\. Expected 'Identifier' found ).*"
)


def _filter(answer):
    if not _error(answer, 400, INVALID):
        return None
    message = answer[2]["message"]
    # The original lists the tokens of what it cannot read; a person knows it better as it was written.
    words = UNREADABLE if re.match(UNREADABLE, message, re.DOTALL) else re.escape(message)
    # In some places the original forgets the quote that closes its list of comparators, or a space.
    words = words + "'?" if message.endswith("}") else words.replace("IS\\ NULL", "\\ ?IS\\ NULL")
    return refusal(400, INVALID, Text(f"^{words} \\(at character \\d+: (`.*`|end of filter)\\)$"))


RULES = [
    Rule(
        "A wrong filter is answered also with where it is wrong",
        "run search: refuse: an unknown entity",
        _filter,
    ),
    Rule(
        "A mistake of the user is a 4xx; on a 500 the clients would try again for minutes",
        "experiments: update a deleted one",
        _invalid_state,
    ),
    Rule(
        "A mistake of the user is a 4xx with a message that says what is wrong, never an internal error",
        "metrics: log value: a list",
        _internal_error,
    ),
    Rule(
        "The words of the database are not for the user",
        "runs: create with: nothing",
        _words_of_the_database,
    ),
    Rule(
        "The words of the database are not for the user",
        "experiments: the same name twice",
        _duplicate_experiment,
    ),
    Rule(
        "An unknown path is answered in JSON under the prefixes of the service, else in plain text",
        "server: unknown path: under the prefix",
        _page,
    ),
    Rule(
        "Refusals have one form, also where the original answers from another framework",
        "artifacts: list folders",
        _detail,
    ),
    Rule(
        "What a page token holds is Roost's own affair",
        "experiments: search with a page token: not base64",
        _page_token,
    ),
]


@dataclasses.dataclass
class Difference:
    reason: str
    #: The number of an answer in the conversation, from 0 -> Roost's answer.
    answers: dict


def _each(prefix, reason, answers_by_name):
    return {f"{prefix}: {name}": Difference(reason, answers) for name, answers in answers_by_name.items()}


def _alike(prefix, reason, names, answers):
    return _each(prefix, reason, dict.fromkeys(names, answers))


def list_of_runs(labels):
    return [f"run-{label}" for label in labels]


LATER = "It is not served yet; this makes clients fall back as with an older server"
TYPES = "A value of the wrong type is refused; the original drops it silently, with all that follows it"
TRICKS = "A path that can be read in more than one way is refused at once"
GRAMMAR = "OR, NOT and parentheses go beyond the original"
LINE_BREAK = "A name that ends in a line break is no name"
CAMEL = "Fields may be spelt in camelCase everywhere"
NULLS = "A field that is null is not there"

NOT_STORED = {0: WRONG_TYPE, 1: OK, 2: None}
ACCEPTED = "accepted"
ANSWERED = [200, "application/json", ANYTHING]

CASES = {
    **_alike(
        "server: later work",
        LATER,
        [
            *["traces v3", "traces/search", "traces/get", "datasets/search", "scorers/list"],
            *["gateway", "presigned-upload-url", "presigned-download-url"],
        ],
        {0: NO_ENDPOINT},
    ),
    **_each(
        "server: later work",
        "The words name the option of this server",
        {"workspaces": {0: [503, "text/plain", Text(r"--enable-workspaces\.$")]}},
    ),
    **_each("server: later work", LATER, {"OTLP": {0: NO_PAGE}}),
    **_each(
        "server: unknown path",
        "There is one spelling of a path and no redirect to it",
        {"a doubled slash": {0: NO_ENDPOINT, 1: NO_ENDPOINT}},
    ),
    **_each(
        "server: unknown path",
        "A word alone may be the name of an account, which has a page",
        {
            "a word": {
                0: [
                    *(404, "application/json"),
                    {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No account 'nowhere' is here."},
                ]
            }
        },
    ),
    **_each(
        "server: origin",
        "A page of this machine may come by TLS too",
        {"localhost with another scheme": dict.fromkeys((0, 1), [200, "https://localhost"])},
    ),
    **_alike(
        "server",
        "It says what Roost has: no gateway, and files in parts go through the proxy",
        ["server info"],
        dict.fromkeys(
            (0, 1),
            [
                *(200, "application/json"),
                {
                    "features_enabled": {"gateway": False},
                    "multipart_downloads_enabled": False,
                    "multipart_uploads_enabled": OneOf(True, False),
                    "presigned_upload_model_id_supported": False,
                    "presigned_upload_run_id_supported": False,
                    "store_type": "SqlStore",
                    "trace_archival_enabled": False,
                    "workspaces_enabled": False,
                },
            ],
        ),
    ),
    **_alike(
        "server",
        "Only the pages ask for it, and it comes with them (--mlflow-ui)",
        ["ui telemetry"],
        {0: NO_ENDPOINT, 1: NO_ENDPOINT},
    ),
    **_each("server: wrong method", "It is a path of the service", {"GET logged-models/search": {0: 405}}),
    # Types
    **_each(
        "experiments: create with",
        TYPES,
        {
            "a tag that is no object": {0: WRONG_TYPE},
            "a tag value that is a number": {0: WRONG_TYPE, 1: refusal(404, "RESOURCE_DOES_NOT_EXIST")},
        },
    ),
    **_alike("experiments: search with max results", TYPES, ["a float", "true"], {0: WRONG_TYPE}),
    **_alike("experiments: search refuses to order by", TYPES, ["a number"], {0: WRONG_TYPE}),
    **_alike(
        "runs: create with",
        TYPES,
        [
            *["a start time that is a float", "a start time beyond 64 bits", "a user that is a number"],
            "tags that are no list",
        ],
        {0: WRONG_TYPE},
    ),
    **_each(
        "runs: update to",
        TYPES,
        {"lower case": {0: WRONG_TYPE}, "an unknown status": {0: WRONG_TYPE, 1: ANSWERED}},
    ),
    **_alike(
        "metrics: log value", TYPES, ["nan in lower case", "inf", "text with a space", "true"], NOT_STORED
    ),
    **_alike(
        "metrics: log at",
        TYPES,
        [
            *["a timestamp that is a float", "a timestamp beyond 64 bits", "a step that is a float"],
            *["a step beyond 64 bits", "true as step"],
        ],
        NOT_STORED,
    ),
    **_alike(
        "batches: log",
        TYPES,
        [
            *["a metric with text", "a metric with a float time", "a metric with a text step"],
            *["a param with a number", "a tag with a number"],
        ],
        {0: WRONG_TYPE, 1: {"metrics": 0, "params": 0, "tags": 1}},
    ),
    **_alike("batches: log", TYPES, ["a metric with a number as key"], {0: WRONG_TYPE}),
    **_alike("run search: experiments", TYPES, ["a number"], {0: WRONG_TYPE}),
    **_alike("run search: page token", TYPES, ["a number"], {0: WRONG_TYPE}),
    **_alike("run search: max results", TYPES, ["a float"], {0: WRONG_TYPE}),
    **_alike("history: max results", TYPES, ["text", "a float", "empty"], {0: WRONG_TYPE}),
    **_alike("datasets: log", TYPES, ["no object", "a number as name"], {0: WRONG_TYPE, 1: "{}"}),
    **_alike("datasets: outputs", TYPES, ["a step that is text"], {0: WRONG_TYPE, 1: ANSWERED}),
    **_alike("datasets: search in", TYPES, ["text", "a number"], {0: WRONG_TYPE}),
    **_alike("logged models: set tags", TYPES, ["a number"], {0: WRONG_TYPE, 1: "None"}),
    **_alike("model search: order", TYPES, ["text", "ascending in text"], {0: WRONG_TYPE}),
    **_alike("model search: max results", TYPES, ["a float"], {0: WRONG_TYPE}),
    **_alike("requests", "The first wrong field is named", ["wrong types side by side"], {3: WRONG_TYPE}),
    # Values
    **_each(
        "metrics: log as written",
        "A bare NaN, Infinity or 1e999 is what it says; the original stores 0.0 at time 0",
        {
            "a bare NaN": {
                1: [
                    200,
                    "application/json",
                    {"metrics": [{"key": "m", "step": 0, "timestamp": 5, "value": "NaN"}]},
                ],
                2: [{"key": "m", "step": 0, "timestamp": 5, "value": "NaN"}],
            },
            **dict.fromkeys(
                ["a bare Infinity", "a number too large"],
                {
                    1: [
                        *(200, "application/json"),
                        {
                            "metrics": [
                                {"key": "m", "step": 0, "timestamp": 5, "value": 1.7976931348623157e308}
                            ]
                        },
                    ],
                    2: [{"key": "m", "step": 0, "timestamp": 5, "value": 1.7976931348623157e308}],
                },
            ),
        },
    ),
    **_alike(
        "tags and params: set a tag with key",
        LINE_BREAK,
        ["a newline behind"],
        {0: refusal(400), 1: ANSWERED},
    ),
    **_alike(
        "tags and params: log a param with key",
        LINE_BREAK,
        ["a newline behind"],
        {0: refusal(400), 1: ANSWERED},
    ),
    **_alike("metrics: log with key", LINE_BREAK, ["a newline behind"], {0: refusal(400), 1: ANSWERED}),
    **_alike(
        "experiments: create with",
        "A location is kept as it was given or refused; PostgreSQL keeps no NUL",
        ["a location with a NUL"],
        {0: refusal(400), 1: refusal(404)},
    ),
    **_alike("batches: log", NULLS, ["nulls"], {0: OK}),
    **_each("runs", "An empty run_id is none, so that run_uuid counts", {"get with both ids": {1: ANSWERED}}),
    **_alike("runs: update to", "The time 0 is a time", ["an end of 0"], {0: ANSWERED, 1: ANSWERED}),
    **_each(
        "batches",
        "A batch is stored as a whole or not at all",
        {"a missing model leaves nothing": {1: {"metrics": 0, "params": 0, "tags": 1}}},
    ),
    **_alike("requests", NULLS, ["values in messages"], {6: WRONG_TYPE}),
    **_alike("run search: max results", NULLS, ["null"], {0: list_of_runs("gfedcba")}),
    **_alike(
        "logged models: log params", NULLS, ["no list"], {0: refusal(400, INVALID, Text("^Missing value"))}
    ),
    **_alike(
        "requests: body",
        "Half of a character becomes the replacement character; the original drops the field and all that follows it",
        ["a lone surrogate"],
        {0: ANSWERED},
    ),
    **_alike(
        "requests",
        "What is not UTF-8 is shown by the replacement character",
        ["query of a GET"],
        {8: refusal(404, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment with name '\ufffd'")},
    ),
    **_each("requests", CAMEL, {"body of a GET": {1: ANSWERED}}),
    **_each("logged models: create with", CAMEL, {"camelCase": {0: ANSWERED}}),
    **_alike(
        "experiments: create with location",
        "The original goes on with a setting that Roost does not have",
        ["https", "artifact proxy of a host"],
        {0: refusal(400, INVALID, Text("so the server would connect to the host named in the URI\\.$"))},
    ),
    **_each(
        "history",
        "NaN is a string in all answers; a bare NaN is no JSON",
        {
            "bulk of odd values": {
                1: [
                    *(200, "application/json"),
                    {
                        "metrics": [
                            {"key": "n", "run_id": "<id 1>", "step": 0, "timestamp": 1, "value": "NaN"}
                        ]
                    },
                ]
            }
        },
    ),
    **_alike(
        "history: bulk with",
        "A negative limit is none",
        ["max_results negative"],
        {0: OneOf(ANSWERED, refusal(400))},
    ),
    **_each(
        "model search",
        "The NaN of a model is NaN, not 0",
        {
            "models are shown whole": {0: ANYTHING},
            "order: metric": {0: [f"model-{label}" for label in "bacd"]},
        },
    ),
    **_alike(
        "model search: filter",
        "A status can be asked for by its name",
        ["status"],
        {0: ["model-a"]},
    ),
    **_alike(
        "model search: filter",
        "A status can be asked for by its name",
        ["status differs"],
        {0: ["model-b", "model-c", "model-d"]},
    ),
    **_alike("model search: max results", "A page holds something", ["negative"], {0: refusal(400, INVALID)}),
    **_alike(
        "model search: page token",
        "What a page token holds is Roost's own affair",
        ["base64 of JSON"],
        {0: refusal(400, INVALID, Text("^Invalid page token, "))},
    ),
    **_alike(
        "run search: page token",
        "What a page token holds is Roost's own affair",
        ["a negative offset"],
        {0: refusal(400, INVALID, Text("^Invalid page token, "))},
    ),
    **_alike(
        "run search: max results",
        "It says what would be right",
        ["too many", "beyond 32 bits"],
        {
            0: refusal(
                400,
                INVALID,
                Text("^Invalid value \\d+ for parameter 'max_results' supplied. It must be at most 50000"),
            )
        },
    ),
    **_alike(
        "logged models: with id",
        "An encoded slash is a letter of the id",
        ["encoded slash"],
        {
            **dict.fromkeys(
                (0, 2, 3, 5, 6), refusal(404, "RESOURCE_DOES_NOT_EXIST", Text("'a/b' not found"))
            ),
            1: refusal(404, "RESOURCE_DOES_NOT_EXIST"),
            4: refusal(400, INVALID, Text("^Missing value for required parameter 'model_id'")),
        },
    ),
    **_alike("logged models", "A tag with a slash can be deleted, too", ["tags"], {4: OK, 5: ANSWERED}),
    # Grammar
    **_alike(
        "run search: filter",
        "A number may be written with 1E+300",
        ["metric with a large exponent"],
        {0: ["run-d"]},
    ),
    **_alike("run search: filter", "A key may consist of digits", ["a key of digits"], {0: []}),
    **_alike("run search: order", "Spaces around do not matter", ["spaces"], {0: list_of_runs("dbgaecf")}),
    **_alike(
        "run search: refuse",
        "A number beyond all times is later than all",
        ["an integer too large"],
        {0: ACCEPTED},
    ),
    **_alike(
        "run search: refuse",
        "What looks like a comment is part of the value",
        ["a comment"],
        {
            0: refusal(
                400, INVALID, Text("^Expected a quoted string value for parameter .* Got value 'b' -- c ")
            )
        },
    ),
    **_each(
        "model search: refuse",
        "A wrong filter is told in the words of the other searches",
        {
            "an empty list": {0: refusal(400, INVALID, Text("expected a non-empty list"))},
            "an open quote": {0: refusal(400, INVALID, Text("^Invalid filter string: "))},
            "injection": {0: refusal(400, INVALID, Text("^Search filter contained multiple expression"))},
        },
    ),
    **_alike(
        "model search: datasets",
        "A dataset without a digest stands for every digest of its name",
        ["a name alone"],
        {0: ["model-a", "model-b"], 1: ["model-b"]},
    ),
    **_alike("experiments: search refuses", GRAMMAR, ["OR", "parentheses", "NOT"], {0: ACCEPTED}),
    **_alike("run search: refuse", GRAMMAR, ["OR", "parentheses", "NOT"], {0: ACCEPTED}),
    **_alike("model search: refuse", GRAMMAR, ["OR", "parentheses"], {0: ACCEPTED}),
    **_alike(
        "experiments: search",
        "Keywords may be written small in every search",
        ["lower case like"],
        {0: list("dcba")},
    ),
    **_alike(
        "experiments: search refuses",
        "What looks like a comment is part of the value",
        ["a comment"],
        {
            0: refusal(
                400, INVALID, Text("^Expected a quoted string value for attributes. Got value 'a' -- x ")
            )
        },
    ),
    # GraphQL
    **_alike(
        "graphql: refuse",
        "A request without a readable query is the user's mistake",
        ["no query", "an empty query", "garbage", "a number as query"],
        {0: [400, "application/json"]},
    ),
    **_alike("graphql", "A query may also be asked by GET", ["by GET"], {0: [200]}),
    **_each(
        "graphql",
        "A view type is understood, and a wrong filter is answered with where it is wrong",
        {
            "search runs": {
                2: ANSWERED,
                3: [
                    *(200, "application/json"),
                    {
                        "data": {"mlflowSearchRuns": None},
                        "errors": [
                            Text(r"^Invalid clause\(s\) in filter string: 'nonsense' \(at character \d+: ")
                        ],
                    },
                ],
            }
        },
    ),
    # Artifacts
    **_each(
        "artifacts: kinds of files",
        TRICKS,
        {
            "a backslash": {0: INVALID_PATH, 1: INVALID_PATH, 2: OK},
            "a newline": {0: INVALID_PATH, 1: INVALID_PATH},
        },
    ),
    **_alike("logged models", TRICKS, ["artifact directories"], {10: INVALID_PATH}),
    **_each(
        "artifacts",
        "A missing path is told in JSON",
        {
            "get artifact": {
                10: INVALID_PATH,
                11: INVALID_PATH,
                14: refusal(400, INVALID, "Request must specify path."),
                16: refusal(400, INVALID, "Request must specify path."),
            }
        },
    ),
    **_each(
        "artifacts",
        "Files in parts are taken on local disk, too",
        {
            "multipart on local files": {
                0: [200, "application/json", {"credentials": ANYTHING, "upload_id": Text(".")}],
                2: refusal(400, INVALID),
                3: refusal(404, "RESOURCE_DOES_NOT_EXIST"),
                4: refusal(404, "RESOURCE_DOES_NOT_EXIST"),
            }
        },
    ),
    **_each(
        "artifacts: path trick",
        TRICKS,
        {
            **dict.fromkeys(
                [
                    "backslashes",
                    "encoded backslashes",
                    "twice encoded backslashes",
                    "a NUL",
                    "a doubled slash",
                    "wide dots",
                ],
                {0: INVALID_PATH, 1: INVALID_PATH, 2: [400, "application/json"], 3: INVALID_PATH},
            ),
            **dict.fromkeys(["absolute", "encoded absolute"], {3: INVALID_PATH}),
            **dict.fromkeys(
                ["one dot", "a dot inside", "dots with spaces"],
                {1: INVALID_PATH, 2: [400, "application/json"], 3: INVALID_PATH},
            ),
            "only a dot": {1: INVALID_PATH, 2: [400, "application/json"]},
        },
    ),
    **_alike(
        "artifacts: path trick",
        "A path is UTF-8 in percent-encoding",
        ["a wrong encoding"],
        dict.fromkeys((0, 1, 3), refusal(400, INVALID, "The path is not percent-encoded UTF-8.")),
    ),
    **_alike(
        "artifacts: path trick",
        "A path is UTF-8 in percent-encoding",
        ["a lone byte"],
        {
            **dict.fromkeys((0, 1, 3), refusal(400, INVALID, "The path is not percent-encoded UTF-8.")),
            2: [400, "application/json"],
        },
    ),
    **_each(
        "artifacts: path trick in a run",
        TRICKS,
        {
            **dict.fromkeys(
                [
                    *[
                        "backslashes",
                        "encoded backslashes",
                        "twice encoded backslashes",
                        "a NUL",
                        "a doubled slash",
                    ],
                    *["wide dots", "a lone byte", "dots with spaces"],
                ],
                dict.fromkeys((0, 1, 2), INVALID_PATH),
            ),
            **dict.fromkeys(["one dot", "a dot inside", "only a dot"], dict.fromkeys((0, 1), INVALID_PATH)),
        },
    ),
    **_each("artifacts", TRICKS, {"list of a run": dict.fromkeys((7, 8, 9), INVALID_PATH)}),
    **_alike(
        "registered models: create",
        "A name is as long as the column that the original has for it; its PostgreSQL refuses a longer one",
        ["a name of 257"],
        {0: refusal(400, INVALID, "'name' exceeds the maximum length of 256 characters")},
    ),
    **_alike(
        "model versions: source",
        "There is no such setting",
        ["http", "https", "ftp", "hdfs", "the proxy of a host"],
        dict.fromkeys(
            (0, 1),
            refusal(400, INVALID, Text("^'source' cannot use the '.*' scheme: .* host named in the URI\\.$")),
        ),
    ),
    **_alike(
        "model versions: source",
        "Each is decoded until nothing changes, so its length has a limit",
        ["a source of 2049"],
        dict.fromkeys(
            (0, 1), refusal(400, INVALID, "'source' exceeds the maximum length of 2048 characters")
        ),
    ),
    **_alike(
        "model versions: source",
        "Clients drop control characters from an address, so it would be read in two ways",
        ["a line break"],
        dict.fromkeys(
            (0, 1),
            refusal(400, INVALID, "Invalid model version source: it must not hold control characters."),
        ),
    ),
    **_alike(
        "model versions",
        "A source in a run is read where the run's artifacts lie; the original asks itself by its database's address",
        ["files"],
        {0: [200, "text/plain", "flavors: {}"]},
    ),
    **_alike(
        "model versions: search by graphql",
        "A wrong filter is answered also with where it is wrong",
        ["a wrong filter"],
        {
            0: [
                *(200, "application/json"),
                {
                    "data": {"mlflowSearchModelVersions": None},
                    "errors": [Text(r"^Invalid attribute key 'stage' .* \(at character 1: `stage`\)$")],
                },
            ]
        },
    ),
    **_alike(
        "registry search: refuse",
        "A list is shown as it was written",
        ["numbers in a list"],
        dict.fromkeys(
            (0, 1), refusal(400, INVALID, Text("^While parsing a list in the query, expected string value, "))
        ),
    ),
    **_alike(
        "registry search: limit",
        "A page holds something",
        ["0", "-1"],
        {0: refusal(400, INVALID, Text("^Invalid value for max_results. It must be a positive integer"))},
    ),
    **_alike(
        "artifacts: range of",
        "A Range that cannot be read is as none (RFC 9110)",
        ["backwards", "another unit", "garbage"],
        {0: [200, "content of a.txt", None]},
    ),
    **_each(
        "webhooks",
        "An event that comes twice counts once; the original's database refuses it",
        {
            "create with: an event twice": {0: ANSWERED},
            "update to: an event twice": {0: ANSWERED, 1: ANSWERED},
        },
    ),
    **_alike("webhooks: create with", TYPES, ["an unknown status"], {0: WRONG_TYPE}),
    **_alike("webhooks: update to", TYPES, ["an unknown status"], {0: WRONG_TYPE}),
    **_alike(
        "webhooks: url",
        "What could be read in two ways, or asked in none, is refused when it is given",
        [
            *["a port of zero", "a port beyond", "a port that is text", "a user that looks like a host"],
            *["a backslash", "a space", "a bracket that is not closed", "a percent sign in the host"],
            "digits in circles",
        ],
        {0: refusal(400, INVALID, Text("^Invalid webhook URL '.*': it (has|holds|names) "))},
    ),
    **_alike(
        "webhooks: url",
        "A user and a password in an address would be seen by all who list webhooks",
        ["a user"],
        {0: refusal(400, INVALID, Text("it names a user or a password"))},
    ),
    **_alike(
        "webhooks: url",
        "An address has one spelling; the others are not resolved",
        ["a zone", *[f"the address {place}" for place in ("127.1", "0x7f.1", "0177.0.0.1", "2130706433")]],
        {0: refusal(400, INVALID, Text("^Webhook URL host '.*' is not a canonical IP address literal\\.$"))},
    ),
    **_alike(
        "webhooks: url",
        "The words are those of the system's resolver, not of Python's codec",
        ["an empty label"],
        {0: refusal(400, INVALID, Text("^Cannot resolve Webhook URL hostname 'a..b': "))},
    ),
    **_alike(
        "webhooks: url",
        "Multicast, and what is reserved or wraps an address without need, is not public; "
        "a wrapped one is written as the system writes it",
        [
            f"the address {place}"
            for place in (
                *("224.0.0.1", "192.0.0.9", "192.88.99.1", "[ff02::1]", "[::8.8.8.8]"),
                *("[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]"),
            )
        ],
        {0: refusal(400, INVALID, Text("^Webhook URL must not resolve to a non-public IP address\\. "))},
    ),
}
