"""Patterns that equal what they describe, for expectations that leave something open."""

import re

CLIENT_ERRORS = (400, 404, 405, 409, 411, 413, 414, 415, 416, 422)


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


class Anything:
    """Equals everything."""

    def __eq__(self, other):
        return True

    def __repr__(self):
        return "anything"


ANYTHING = Anything()


def refusal(status, code=Text("^[A-Z_]+$"), message=Text(".")):
    """An answer that says in JSON what was wrong."""
    return [status, "application/json", {"error_code": code, "message": message}]
