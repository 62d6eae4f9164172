"""Inputs and outputs of runs, and search-datasets."""

from .runs import ODD_RUN_IDS, with_run
from .session import Table

table = Table("datasets")

SEARCH = "/ajax-api/2.0/mlflow/experiments/search-datasets"


def dataset(name="iris", digest="abc", tags=None, **fields):
    found = {
        "dataset": {
            "name": name,
            "digest": digest,
            "source_type": "local",
            "source": '{"uri": "x"}',
            **fields,
        }
    }
    return (
        found
        if tags is None
        else {**found, "tags": [{"key": key, "value": value} for key, value in tags.items()]}
    )


@table.case
def log_and_read_back(s):
    run = s.make_run()
    inputs = [dataset(schema="{}", profile="{}", tags={"mlflow.data.context": "train", "k": "v"})]
    s.post("runs/log-inputs", {"run_id": run, "datasets": inputs})
    s.get("runs/get", {"run_id": run})
    s.post("runs/log-inputs", {"run_id": run, "datasets": inputs})
    s.get("runs/get", {"run_id": run})


@table.case
def the_first_description_wins(s):
    experiment = s.make_experiment()
    first, second = s.make_run(experiment), s.make_run(experiment)
    s.post("runs/log-inputs", {"run_id": first, "datasets": [dataset(source="one", tags={"a": "1"})]})
    s.post(
        "runs/log-inputs",
        {
            "run_id": second,
            "datasets": [dataset(source="two", source_type="http", schema="x", tags={"a": "2"})],
        },
    )
    s.post(
        "runs/log-inputs", {"run_id": second, "datasets": [dataset(source="two", tags={"a": "3", "b": "4"})]}
    )
    s.get("runs/get", {"run_id": first})
    s.get("runs/get", {"run_id": second})


@table.case
def a_dataset_twice_in_one_request(s):
    run = s.make_run()
    s.post(
        "runs/log-inputs", {"run_id": run, "datasets": [dataset(tags={"a": "1"}), dataset(tags={"a": "2"})]}
    )
    s.get("runs/get", {"run_id": run})


@table.each(ODD_RUN_IDS)
def log_to_run(s, value):
    s.post("runs/log-inputs", with_run(value, datasets=[dataset()]))


@table.each(
    {
        "nothing": {},
        "an empty list": {"datasets": []},
        "no list": {"datasets": "iris"},
        "null": {"datasets": None},
        "no object": {"datasets": ["iris"]},
        "no dataset": {"datasets": [{"tags": []}]},
        "an empty dataset": {"datasets": [{"dataset": {}}]},
        "no name": {"datasets": [{"dataset": {"digest": "d", "source_type": "l", "source": "s"}}]},
        "no digest": {"datasets": [{"dataset": {"name": "n", "source_type": "l", "source": "s"}}]},
        "no source type": {"datasets": [{"dataset": {"name": "n", "digest": "d", "source": "s"}}]},
        "no source": {"datasets": [{"dataset": {"name": "n", "digest": "d", "source_type": "l"}}]},
        "an empty name": {"datasets": [dataset(name="")]},
        "an empty digest": {"datasets": [dataset(digest="")]},
        "a number as name": {"datasets": [dataset(name=5)]},
        "a name of 500": {"datasets": [dataset(name="n" * 500)]},
        "a name of 501": {"datasets": [dataset(name="n" * 501)]},
        "a digest of 36": {"datasets": [dataset(digest="d" * 36)]},
        "a digest of 37": {"datasets": [dataset(digest="d" * 37)]},
        "a source of 65536": {"datasets": [dataset(source="s" * 65536)]},
        "a schema of 1048576": {"datasets": [dataset(schema="s" * 1048576)]},
        "a tag without key": {"datasets": [{**dataset(), "tags": [{"value": "v"}]}]},
        "a tag without value": {"datasets": [{**dataset(), "tags": [{"key": "k"}]}]},
        "a tag key of 256": {"datasets": [dataset(tags={"k" * 256: "v"})]},
        "a tag value of 501": {"datasets": [dataset(tags={"k": "v" * 501})]},
        "a tag twice": {
            "datasets": [{**dataset(), "tags": [{"key": "k", "value": "1"}, {"key": "k", "value": "2"}]}]
        },
        "a tag with odd characters": {"datasets": [dataset(tags={"a*b": "v"})]},
        "a missing model": {"models": [{"model_id": "m-00000000000000000000000000000000"}]},
        "an empty model": {"models": [{}]},
        "a good dataset and a wrong one": {"datasets": [dataset("good"), dataset("")]},
    }
)
def log(s, fields):
    run = s.make_run()
    s.post("runs/log-inputs", {"run_id": run, **fields})
    s.get("runs/get", {"run_id": run}, show=lambda answer: str(answer["run"].get("inputs"))[:500])


@table.case
def models_as_inputs_and_outputs(s):
    experiment = s.make_experiment()
    run, model, other = (
        s.make_run(experiment),
        s.make_model(experiment),
        s.make_model(experiment, name="other"),
    )
    s.post("runs/log-inputs", {"run_id": run, "models": [{"model_id": model}]})
    s.post("runs/log-inputs", {"run_id": run, "models": [{"model_id": model}]})
    s.post("runs/outputs", {"run_id": run, "models": [{"model_id": other, "step": 3}]})
    s.post("runs/outputs", {"run_id": run, "models": [{"model_id": other, "step": 4}]})
    s.get("runs/get", {"run_id": run})
    s.post("runs/search", {"experiment_ids": [experiment]})


@table.each(
    {
        "nothing": {},
        "an empty list": {"models": []},
        "no list": {"models": "m"},
        "no id": {"models": [{"step": 1}]},
        "no step": {"models": [{"model_id": "MODEL"}]},
        "a step in text": {"models": [{"model_id": "MODEL", "step": "2"}]},
        "a step that is text": {"models": [{"model_id": "MODEL", "step": "two"}]},
        "a negative step": {"models": [{"model_id": "MODEL", "step": -2}]},
        "a missing model": {"models": [{"model_id": "m-00000000000000000000000000000000", "step": 1}]},
        "a model twice": {"models": [{"model_id": "MODEL", "step": 1}, {"model_id": "MODEL", "step": 2}]},
        "the same output twice": {
            "models": [{"model_id": "MODEL", "step": 1}, {"model_id": "MODEL", "step": 1}]
        },
        "an empty id": {"models": [{"model_id": "", "step": 1}]},
    }
)
def outputs(s, fields):
    experiment = s.make_experiment()
    run, model = s.make_run(experiment), s.make_model(experiment)
    if isinstance(fields.get("models"), list):
        fields = {
            "models": [
                {**part, **({"model_id": model} if part.get("model_id") == "MODEL" else {})}
                for part in fields["models"]
            ]
        }
    s.post("runs/outputs", {"run_id": run, **fields})
    s.get("runs/get", {"run_id": run})


@table.each(ODD_RUN_IDS)
def outputs_of_run(s, value):
    s.post("runs/outputs", with_run(value, models=[{"model_id": "m-0", "step": 1}]))


@table.case
def search(s):
    experiment = s.make_experiment()
    run = s.make_run(experiment)
    inputs = [
        dataset("iris", "1", {"mlflow.data.context": "train"}),
        dataset("iris", "2"),
        dataset("wine", "1", {"k": "v"}),
    ]
    s.must("POST", "runs/log-inputs", {"run_id": run, "datasets": inputs})

    def summaries(answer):
        return [answer.status, answer.kind, sorted(answer.body.get("dataset_summaries", []), key=str)]

    s.post(SEARCH, {"experiment_ids": [experiment]}, show=summaries)
    s.post(SEARCH, {"experiment_ids": [experiment, "98765"]}, show=summaries)
    s.delete_run(run)
    s.post(SEARCH, {"experiment_ids": [experiment]}, show=summaries)


@table.each(
    {
        "nothing": {},
        "an empty list": {"experiment_ids": []},
        "text": {"experiment_ids": "1"},
        "a missing one": {"experiment_ids": ["98765"]},
        "no number": {"experiment_ids": ["iris"]},
        "a number": {"experiment_ids": [98765]},
        "20": {"experiment_ids": [str(98000 + number) for number in range(20)]},
        "21": {"experiment_ids": [str(98000 + number) for number in range(21)]},
        "an empty one": {"experiment_ids": [""]},
    }
)
def search_in(s, body):
    s.post(SEARCH, body)
