"""Compares two transcripts: Roost's must be the original's, but for the listed differences."""

import json

from .differences import CASES, RULES


def judge(name, original, roost):
    """What is wrong with Roost's transcript of a case, as texts; none when it agrees but for what is listed."""
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
