"""Where Roost answers otherwise than the original on purpose, and why.

`RULES` hold for every case: each maps an answer of the original to what Roost says instead, and names one case in
which that must happen. `CASES` are single cases. A difference that no longer occurs fails its test, so that the
lists stay true.
"""

import dataclasses
import json
import re

CLIENT_ERRORS = {400, 404, 405, 409, 411, 413, 414, 415, 416, 422}


class Text:
    """Equals each text in which the pattern is found."""

    def __init__(self, pattern=""):
        self.pattern = pattern

    def __eq__(self, other):
        return isinstance(other, str) and re.search(self.pattern, other, re.DOTALL) is not None

    def __repr__(self):
        return f"Text({self.pattern!r})"


class OneOf:
    """Equals each of the values."""

    def __init__(self, *values):
        self.values = values

    def __eq__(self, other):
        return any(value == other for value in self.values)

    def __repr__(self):
        return " or ".join(map(repr, self.values))


ANYTHING = OneOf(Text(), None, True, False)


def refusal(status=OneOf(*CLIENT_ERRORS), code=Text("^[A-Z_]+$"), message=Text(".")):
    return [status, "application/json", {"error_code": code, "message": message}]


NO_SQL = Text(r"^(?!.*(sqlite|SQL|INSERT|constraint)).")
NO_ENDPOINT = refusal(404, "ENDPOINT_NOT_FOUND")
NO_PAGE = [404, "text/plain", "Not found\n"]


@dataclasses.dataclass
class Rule:
    reason: str
    seen_in: str
    #: The original's status, kind and body (without what is optional) -> what Roost says, nil if the rule is not meant.
    expected: callable


def _error(answer, status, code):
    return answer[0] == status and isinstance(answer[2], dict) and answer[2].get("error_code") == code


def _invalid_state(answer):
    if _error(answer, 500, "INVALID_STATE"):
        return refusal(400, "INVALID_STATE", answer[2]["message"])


def _internal_error(answer):
    if _error(answer, 500, "INTERNAL_ERROR") or answer[0] == 500:
        return refusal(message=NO_SQL)


def _words_of_the_database(answer):
    if _error(answer, 400, "BAD_REQUEST") and "IntegrityError" in answer[2]["message"]:
        return refusal(message=NO_SQL)


def _duplicate_experiment(answer):
    if _error(answer, 400, "RESOURCE_ALREADY_EXISTS") and " Error: (" in answer[2]["message"]:
        return refusal(400, "RESOURCE_ALREADY_EXISTS", answer[2]["message"].split(" Error: (")[0])


def _page(answer):
    if answer == [404, "text/html", "(a page)"]:
        return OneOf(NO_ENDPOINT, NO_PAGE)


PLACE = r" \(at character \d+: (`.*`|end of filter)\)$"


def _filter(answer):
    if not _error(answer, 400, "INVALID_PARAMETER_VALUE"):
        return None
    message = answer[2]["message"]
    # The original lists the tokens of what it cannot read; a person knows it better as it was written.
    words = (
        r"Invalid clause\(s\) in filter string: '.*'"
        if message.startswith("Invalid clause(s)")
        else re.escape(message)
    )
    return refusal(400, "INVALID_PARAMETER_VALUE", Text("^" + words + PLACE))


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
        "runs: create with: a tag twice",
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
]


@dataclasses.dataclass
class Difference:
    reason: str
    #: The number of an answer in the conversation, from 0 -> Roost's answer.
    answers: dict


LATER_WORK = [
    *["registered-models/search", "registered-models/create", "registered-models/get"],
    *[
        "model-versions/create",
        "model-versions/search",
        "traces v3",
        "traces/search",
        "traces/get",
        "webhooks",
    ],
    *[
        "datasets/search",
        "scorers/list",
        "gateway",
        "presigned-upload-url",
        "presigned-download-url",
        "workspaces",
    ],
]

CASES = {
    **{
        f"server: later work: {name}": Difference(
            "It is not served yet; this makes clients fall back as with an older server", {0: NO_ENDPOINT}
        )
        for name in LATER_WORK
    },
    "server: later work: OTLP": Difference("It is not served yet", {0: NO_PAGE}),
    "server: unknown path: a doubled slash": Difference(
        "There is one spelling of a path and no redirect to it", {0: NO_ENDPOINT, 1: NO_ENDPOINT}
    ),
    "server: origin: localhost with another scheme": Difference(
        "A page of this machine may come by TLS too",
        {0: [200, "https://localhost"], 1: [200, "https://localhost"]},
    ),
}


def judge(name, original, roost):
    """What is wrong with Roost's transcript, as texts; none when it agrees but for what is listed."""
    problems = []
    listed = CASES[name].answers if name in CASES else {}
    seen = set()
    for number, ((title, expected), (_, actual)) in enumerate(zip(original, roost)):
        expected, actual = without_optional(expected), without_optional(actual)
        if number in listed:
            if actual == expected:
                problems.append(f"{title} (answer {number}): the listed difference no longer occurs")
            elif listed[number] != actual:
                problems.append(told(title, number, listed[number], actual, "listed"))
        elif expected != actual and not any(obeys(rule, expected, actual, seen) for rule in RULES):
            problems.append(told(title, number, expected, actual, "original"))
    if len(original) != len(roost):
        problems.append(f"the original conversation has {len(original)} answers, Roost's has {len(roost)}")
    for rule in RULES:
        if rule.seen_in == name and rule.reason not in seen:
            problems.append(f"the rule no longer occurs: {rule.reason}")
    return problems


def obeys(rule, expected, actual, seen):
    if not (isinstance(expected, list) and len(expected) == 3):
        return False
    instead = rule.expected(expected)
    if instead is None or instead != actual:
        return False
    seen.add(rule.reason)
    return True


def without_optional(value):
    """Leaves out what clients derive from `error_code` themselves."""
    if (
        isinstance(value, list)
        and len(value) == 3
        and isinstance(value[2], dict)
        and "error_code" in value[2]
    ):
        body = {key: part for key, part in value[2].items() if key not in ("sqlstate", "error_class")}
        return [*value[:2], body]
    return value


def told(title, number, expected, actual, whose):
    return f"{title} (answer {number})\n  {whose}: {shown(expected)}\n  roost:    {shown(actual)}"


def shown(value):
    return json.dumps(value, ensure_ascii=False, default=repr)
