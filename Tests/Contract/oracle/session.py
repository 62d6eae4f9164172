"""A case is a function over a `Session`: it sends requests to one server, and what came back is its transcript."""

import dataclasses
import http.client
import json
import time
import urllib.parse

from .normaliser import Normaliser

LATER = object()


@dataclasses.dataclass
class Case:
    """One conversation with a server, known by its name in the differences and in the report."""

    name: str
    talk: callable


class Table(list):
    """The cases of one noun; `case` and `each` are decorators for talks."""

    def __init__(self, noun):
        super().__init__()
        self.noun = noun

    def case(self, talk):
        self.append(Case(f"{self.noun}: {talk.__name__.replace('_', ' ')}", talk))
        return talk

    def each(self, variants):
        """Makes one case of each variant: `{name: argument}`; the talk takes the session and the argument."""

        def decorate(talk):
            for name, argument in variants.items():
                title = f"{self.noun}: {talk.__name__.replace('_', ' ')}: {name}"
                self.append(Case(title, lambda session, argument=argument: talk(session, argument)))
            return talk

        return decorate


class Answer:
    """What a server said: `status`, `kind` (the media type) and `body` (JSON decoded, else text)."""

    def __init__(self, status, headers, payload):
        self.status = status
        self.headers = headers
        self.payload = payload
        self.kind = (headers.get("Content-Type") or "").split(";")[0].strip()
        self.body = self._decode()

    def _decode(self):
        if self.kind == "application/json":
            try:
                return json.loads(self.payload)
            except ValueError:
                return {"not JSON": self.payload.decode(errors="replace")}
        if self.kind == "text/html" and b"<" in self.payload[:20]:
            return "(a page)"
        return self.payload.decode(errors="backslashreplace")

    def __getitem__(self, key):
        if not isinstance(self.body, dict) or key not in self.body:
            raise KeyError(f"{key!r} in {self.status} {self.body!r}")
        return self.body[key]


def verdict(answer):
    """Only whether a request was accepted, or else the refusal: for requests whose finds are not the point."""
    return "accepted" if answer.status == 200 else [answer.status, answer.kind, answer.body]


class Session:
    """Talks to one server for one case. `get`, `post`, ... are recorded; `make_...` set up without a trace."""

    def __init__(self, server, case):
        self.server = server
        self.case = case
        self.transcript = []
        self.normaliser = Normaliser(time.time() * 1000)
        self.names = 0

    # Requests that are compared

    def get(self, path, query=None, **options):
        return self.send("GET", path, query=query, **options)

    def post(self, path, body=LATER, **options):
        return self.send("POST", path, body=body, **options)

    def patch(self, path, body=LATER, **options):
        return self.send("PATCH", path, body=body, **options)

    def put(self, path, body=LATER, **options):
        return self.send("PUT", path, body=body, **options)

    def delete(self, path, body=LATER, **options):
        return self.send("DELETE", path, body=body, **options)

    def send(self, method, path, show=None, **options):
        """Sends and records; `show` picks what of the answer is compared (default status, kind and body)."""
        answer = self.ask(method, path, **options)
        self.note(f"{method} {path}", show(answer) if show else [answer.status, answer.kind, answer.body])
        return answer

    def note(self, title, value):
        """Records a value that must be the same on both servers."""
        self.transcript.append((title, self.normaliser.normalise(value)))

    # Requests that only prepare

    def ask(self, method, path, body=LATER, query=None, headers=None, raw=None):
        if not path.startswith("/"):
            path = f"/api/2.0/mlflow/{path}"
        if query:
            path += "?" + urllib.parse.urlencode(query, doseq=True)
        headers = {"Connection": "close", **(headers or {})}
        payload = raw.encode() if isinstance(raw, str) else raw
        if body is not LATER:
            payload = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.request(method, path, payload, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        self.normaliser.learn(answer.body)
        return answer

    def must(self, method, path, body=LATER, **options):
        answer = self.ask(method, path, body, **options)
        assert answer.status == 200, f"{self.server.name}: {method} {path} {answer.status} {answer.body}"
        return answer

    def name(self, stem="iris"):
        """A name that no other case uses; the same on both servers."""
        self.names += 1
        return f"{stem} of {self.case.name} {self.names}"[:500]

    def make_experiment(self, **fields):
        return self.must("POST", "experiments/create", {"name": self.name(), **fields})["experiment_id"]

    def make_run(self, experiment=None, params=(), metrics=(), tags=(), **fields):
        """A run; params, metrics and tags are dictionaries."""
        experiment = experiment or self.make_experiment()
        fields = {"start_time": 1000, "run_name": "setosa", **fields}
        run = self.must("POST", "runs/create", {"experiment_id": experiment, **fields})["run"]["info"][
            "run_id"
        ]
        if params or metrics or tags:
            self.must(
                "POST",
                "runs/log-batch",
                {
                    "run_id": run,
                    "params": [{"key": key, "value": value} for key, value in dict(params).items()],
                    "metrics": [
                        {"key": key, "value": value, "timestamp": 1, "step": 0}
                        for key, value in dict(metrics).items()
                    ],
                    "tags": [{"key": key, "value": value} for key, value in dict(tags).items()],
                },
            )
        return run

    def make_model(self, experiment=None, **fields):
        experiment = experiment or self.make_experiment()
        body = {"experiment_id": experiment, "name": "petal", **fields}
        return self.must("POST", "logged-models", body)["model"]["info"]["model_id"]

    def delete_run(self, run):
        self.must("POST", "runs/delete", {"run_id": run})
        return run

    def delete_experiment(self, experiment):
        self.must("POST", "experiments/delete", {"experiment_id": experiment})
        return experiment


def converse(case, server):
    """Runs a case against a server and returns its transcript: `(request, answer)` pairs."""
    session = Session(server, case)
    case.talk(session)
    return session.transcript
