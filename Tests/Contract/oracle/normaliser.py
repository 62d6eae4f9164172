"""Replaces what two servers cannot agree on (ids, the clock, invented names) by words, the same for the same thing."""

import json
import re

HEX = re.compile(
    r"(?<![0-9a-f])(?:(?:m-)?[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])"
)
INVENTED_NAME = re.compile(r"^[a-z]+-[a-z]+-\d{1,3}$")
#: A set as Python prints it, in an order that changes from process to process.
SET = re.compile(r"\{((?:'[^']*', )*'[^']*')\}")
DAY_MS = 86_400_000


class Normaliser:
    """Keeps identity: the n-th id that a conversation meets becomes `<id n>`, wherever it stands."""

    def __init__(self, now_ms):
        self.now_ms = now_ms
        self.words = {}
        self.experiments = []

    def learn(self, value):
        """Takes in the ids of an answer in the order in which it shows them."""
        for text in self._texts(value):
            for found in HEX.findall(text):
                self._word(found, "model" if found.startswith("m-") else "id")
        for experiment in self._experiment_ids(value):
            if experiment not in self.experiments and experiment.isdigit() and experiment != "0":
                self.experiments.append(experiment)

    def normalise(self, value, key=None):
        if isinstance(value, dict):
            return {
                name: self.normalise(self._in_order(part, name, key), self._kind(value, name))
                for name, part in sorted(value.items())
            }
        if isinstance(value, (list, tuple)):
            return [self.normalise(part, key) for part in value]
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, (int, float)):
            return "<now>" if abs(value - self.now_ms) < DAY_MS else value
        return self._normalise_text(value, key)

    def _in_order(self, part, name, around):
        """Sorts what has no order of its own: tags everywhere, metrics and params of a run or a model."""
        unordered = name in ("tags", "params") or (name == "metrics" and around == "data")
        if unordered and isinstance(part, list):
            return sorted(part, key=lambda entry: json.dumps(entry, sort_keys=True))
        return part

    def _kind(self, fields, name):
        """What the text of this field is; runs and logged models without a name get an invented one."""
        if name == "value" and fields.get("key") == "mlflow.runName":
            return "run_name"
        return "run_name" if name == "name" and "model_id" in fields else name

    def _normalise_text(self, text, key):
        if key in ("next_page_token", "nextPageToken") and text:
            return "<token>"
        if key in ("experiment_id", "experimentId") and text in self.experiments:
            return f"<experiment {self.experiments.index(text) + 1}>"
        if key in ("run_name", "runName") and INVENTED_NAME.match(text):
            return "<invented name>"
        text = HEX.sub(lambda found: self._word(found[0], "model" if found[0][0] == "m" else "id"), text)
        if text.isdigit() and abs(int(text) - self.now_ms) < DAY_MS:
            return "<now>"
        text = SET.sub(lambda found: "{" + ", ".join(sorted(found[1].split(", "))) + "}", text)
        for number, experiment in enumerate(self.experiments, 1):
            around = (
                rf"(?<=mlflow-artifacts:/){experiment}\b|(?<=['\"=]){experiment}(?=['\"/\s]|$)"
                rf"|(?<=[Ii][Dd] ){experiment}\b|(?<=[Ee]xperiment ){experiment}\b"
            )
            text = re.sub(around, f"<experiment {number}>", text)
        return text

    def _word(self, text, kind):
        if text not in self.words:
            count = sum(1 for word in self.words.values() if word.startswith(f"<{kind} "))
            self.words[text] = f"<{kind} {count + 1}>"
        return self.words[text]

    def _texts(self, value):
        if isinstance(value, dict):
            for _, part in sorted(value.items()):
                yield from self._texts(part)
        elif isinstance(value, list):
            for part in value:
                yield from self._texts(part)
        elif isinstance(value, str):
            yield value

    def _experiment_ids(self, value):
        if isinstance(value, dict):
            for name, part in sorted(value.items()):
                if name in ("experiment_id", "experimentId") and isinstance(part, str):
                    yield part
                else:
                    yield from self._experiment_ids(part)
        elif isinstance(value, list):
            for part in value:
                yield from self._experiment_ids(part)
