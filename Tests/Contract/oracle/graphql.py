"""The four documents that MLflow's own web pages send to /graphql, and what is refused there."""

from .session import Table

table = Table("graphql")

RUN = """
      run {
        info { runName status runUuid experimentId artifactUri endTime lifecycleStage startTime userId }
        experiment { experimentId name tags { key value } artifactLocation lifecycleStage lastUpdateTime }
        modelVersions { status version name source }
        data { metrics { key value step timestamp } params { key value } tags { key value } }
        inputs {
          datasetInputs { dataset { digest name profile schema source sourceType } tags { key value } }
          modelInputs { modelId }
        }
        outputs { modelOutputs { modelId step } }
      }"""

GET_RUN = f"""
  query GetRun($data: MlflowGetRunInput!) @component(name: "MLflow.ExperimentRunTracking") {{
    mlflowGetRun(input: $data) {{
      apiError {{ helpUrl code message }}{RUN}
    }}
  }}"""

SEARCH_RUNS = f"""
  query SearchRuns($data: MlflowSearchRunsInput!) {{
    mlflowSearchRuns(input: $data) {{
      apiError {{ helpUrl code message }}{RUN.replace("run {", "runs {", 1)}
    }}
  }}"""

HISTORY = """
  query GetMetricHistoryBulkInterval($data: MlflowGetMetricHistoryBulkIntervalInput!)
  @component(name: "MLflow.ExperimentRunTracking") {
    mlflowGetMetricHistoryBulkInterval(input: $data) {
      __typename
      metrics { timestamp step runId key value }
      apiError { code message }
    }
  }"""

EXPERIMENT = """
  query MlflowGetExperimentQuery($input: MlflowGetExperimentInput!) @component(name: "MLflow.ExperimentRunTracking") {
    mlflowGetExperiment(input: $input) {
      apiError { code message }
      experiment {
        artifactLocation creationTime effectiveTraceArchivalRetention experimentId lastUpdateTime lifecycleStage name
        tags { key value }
      }
    }
  }"""


def ask(s, query, variables, operation=None, show=None):
    body = {"query": query, "variables": variables}
    return s.post("/graphql", {**body, **({"operationName": operation} if operation else {})}, show=show)


def plant(s):
    experiment = s.make_experiment(tags=[{"key": "k", "value": "v"}])
    run = s.make_run(experiment, params={"lr": "0.1"}, metrics={"acc": 0.5}, start_time=1234567890123)
    model = s.make_model(experiment)
    dataset = {"name": "iris", "digest": "abc", "source_type": "local", "source": "{}"}
    s.must(
        "POST",
        "runs/log-inputs",
        {"run_id": run, "datasets": [{"dataset": dataset}], "models": [{"model_id": model}]},
    )
    s.must("POST", "runs/outputs", {"run_id": run, "models": [{"model_id": model, "step": 3}]})
    return experiment, run


@table.case
def get_run(s):
    _, run = plant(s)
    ask(s, GET_RUN, {"data": {"runId": run}}, "GetRun")
    ask(s, GET_RUN, {"data": {"runUuid": run}})
    ask(s, GET_RUN, {"data": {"runId": "0123456789abcdef0123456789abcdef"}}, "GetRun")
    ask(s, GET_RUN, {"data": {}}, "GetRun")


@table.case
def get_a_finished_run_with_NaN(s):
    run = s.make_run(metrics={"n": "NaN"})
    s.must("POST", "runs/update", {"run_id": run, "status": "FINISHED", "end_time": 5})
    ask(s, GET_RUN, {"data": {"runId": run}}, "GetRun")


@table.case
def get_a_run_with_infinity(s):
    run = s.make_run(metrics={"i": "Infinity"})
    ask(s, GET_RUN, {"data": {"runId": run}}, "GetRun")


@table.case
def search_runs(s):
    experiment, _ = plant(s)
    ask(s, SEARCH_RUNS, {"data": {"experimentIds": [experiment]}}, "SearchRuns")
    ask(s, SEARCH_RUNS, {"data": {"experimentIds": [experiment], "filter": "metrics.acc > 1"}}, "SearchRuns")
    ask(
        s,
        SEARCH_RUNS,
        {"data": {"experimentIds": [experiment], "runViewType": "ALL", "maxResults": 1}},
        "SearchRuns",
    )
    ask(s, SEARCH_RUNS, {"data": {"experimentIds": [experiment], "filter": "nonsense"}}, "SearchRuns")


@table.case
def history(s):
    _, run = plant(s)
    ask(s, HISTORY, {"data": {"runIds": [run], "metricKey": "acc"}}, "GetMetricHistoryBulkInterval")
    ask(
        s,
        HISTORY,
        {"data": {"runIds": [run], "metricKey": "acc", "maxResults": 1}},
        "GetMetricHistoryBulkInterval",
    )
    ask(s, HISTORY, {"data": {"runIds": [], "metricKey": "acc"}}, "GetMetricHistoryBulkInterval")


@table.case
def experiment(s):
    experiment, _ = plant(s)
    ask(s, EXPERIMENT, {"input": {"experimentId": experiment}}, "MlflowGetExperimentQuery")
    ask(s, EXPERIMENT, {"input": {"experimentId": "98765"}}, "MlflowGetExperimentQuery")
    ask(s, EXPERIMENT, {"input": {"experimentId": "iris"}}, "MlflowGetExperimentQuery")


@table.case
def by_GET(s):
    s.get("/graphql", {"query": "{ __typename }"}, show=lambda answer: [answer.status])


@table.each(
    {
        "no query": {},
        "an empty query": {"query": ""},
        "garbage": {"query": "{"},
        "an unknown field": {"query": "{ nothing }"},
        "no variables": {"query": GET_RUN},
        "an unknown operation": {"query": GET_RUN, "operationName": "Other"},
        "a number as query": {"query": 5},
        "eleven root fields": {
            "query": "{" + " ".join(f'a{n}: test(inputString: "x") {{ output }}' for n in range(11)) + "}"
        },
        "a depth of eleven": {"query": "{ a " * 11 + "}" * 11},
    }
)
def refuse(s, body):
    s.post("/graphql", body, show=lambda answer: [answer.status, answer.kind])
