"""What belongs to no noun: health, version, server-info, unknown paths, wrong methods, endpoints of later work."""

from .session import Table

table = Table("server")


@table.case
def health(s):
    s.get("/health")


@table.case
def version(s):
    s.get("/version")


@table.case
def server_info(s):
    s.get("/api/3.0/mlflow/server-info")
    s.get("/ajax-api/3.0/mlflow/server-info")
    s.get("/api/2.0/mlflow/server-info")


@table.case
def ui_telemetry(s):
    s.get("/ajax-api/3.0/mlflow/ui-telemetry")
    s.post("/ajax-api/3.0/mlflow/ui-telemetry", {})


@table.each(
    {
        "a word": "/nowhere",
        "under the prefix": "/api/2.0/mlflow/nowhere",
        "under the other prefix": "/ajax-api/2.0/mlflow/nowhere",
        "another version": "/api/9.0/mlflow/runs/get",
        "the third version of a second": "/api/3.0/mlflow/runs/search",
        "preview": "/api/2.0/preview/mlflow/runs/get",
        "a slash at the end": "/api/2.0/mlflow/runs/get/",
        "a doubled slash": "/api/2.0//mlflow/runs/get",
        "capitals": "/api/2.0/mlflow/Runs/get",
        "no service": "/api/2.0/",
    }
)
def unknown_path(s, path):
    s.get(path)
    s.post(path, {})


@table.each(
    {
        "GET runs/create": ("GET", "runs/create"),
        "POST runs/get": ("POST", "runs/get"),
        "PUT runs/create": ("PUT", "runs/create"),
        "DELETE experiments/delete": ("DELETE", "experiments/delete"),
        "PATCH runs/update": ("PATCH", "runs/update"),
        "POST health": ("POST", "/health"),
        "GET logged-models": ("GET", "logged-models"),
        "GET logged-models/search": ("GET", "logged-models/search"),
        "POST metrics/get-history": ("POST", "metrics/get-history"),
    }
)
def wrong_method(s, request):
    method, path = request
    s.send(method, path, body={}, show=lambda answer: answer.status)


@table.each(
    {
        "traces v2": ("POST", "/api/2.0/mlflow/traces"),
        "traces v3": ("POST", "/api/3.0/mlflow/traces"),
        "traces/search": ("POST", "/api/3.0/mlflow/traces/search"),
        "traces/get": ("GET", "/api/3.0/mlflow/traces/get?trace_id=tr-1"),
        "OTLP": ("POST", "/v1/traces"),
        "datasets/search": ("POST", "/api/3.0/mlflow/datasets/search"),
        "scorers/list": ("GET", "/api/3.0/mlflow/scorers/list"),
        "gateway": ("GET", "/api/3.0/mlflow/gateway/secrets/list"),
        "presigned-upload-url": ("POST", "/api/2.0/mlflow/artifacts/presigned-upload-url"),
        "presigned-download-url": ("POST", "/api/2.0/mlflow/artifacts/presigned-download-url"),
        "workspaces": ("GET", "/api/3.0/mlflow/workspaces"),
        "users/current": ("GET", "/api/2.0/mlflow/users/current"),
    }
)
def later_work(s, request):
    method, path = request
    s.send(method, path, **({} if method == "GET" else {"body": {}}))


@table.case
def both_prefixes_of_every_endpoint(s):
    experiment = s.make_experiment()
    run, model = s.make_run(experiment), s.make_model(experiment)
    for prefix in ("/api/2.0/mlflow", "/ajax-api/2.0/mlflow"):
        made = s.post(f"{prefix}/experiments/create", {"name": f"twin of {prefix}"})["experiment_id"]
        s.get(f"{prefix}/experiments/get", {"experiment_id": made})
        s.get(f"{prefix}/experiments/get-by-name", {"experiment_name": f"twin of {prefix}"})
        s.post(f"{prefix}/experiments/search", {"max_results": 1, "filter": f"name = 'twin of {prefix}'"})
        s.get(f"{prefix}/experiments/search", {"max_results": 1, "filter": f"name = 'twin of {prefix}'"})
        s.post(f"{prefix}/experiments/update", {"experiment_id": made, "new_name": f"twin again of {prefix}"})
        s.post(f"{prefix}/experiments/set-experiment-tag", {"experiment_id": made, "key": "k", "value": "v"})
        s.post(f"{prefix}/experiments/delete-experiment-tag", {"experiment_id": made, "key": "k"})
        s.post(f"{prefix}/experiments/delete", {"experiment_id": made})
        s.post(f"{prefix}/experiments/restore", {"experiment_id": made})
        new = s.post(f"{prefix}/runs/create", {"experiment_id": made, "run_name": "x", "start_time": 1})[
            "run"
        ]["info"]["run_id"]
        s.get(f"{prefix}/runs/get", {"run_id": new})
        s.post(f"{prefix}/runs/search", {"experiment_ids": [made]})
        s.post(f"{prefix}/runs/update", {"run_id": new, "status": "FINISHED", "end_time": 2})
        s.post(f"{prefix}/runs/log-metric", {"run_id": new, "key": "m", "value": 1, "timestamp": 1})
        s.post(f"{prefix}/runs/log-parameter", {"run_id": new, "key": "p", "value": "1"})
        s.post(f"{prefix}/runs/set-tag", {"run_id": new, "key": "t", "value": "1"})
        s.post(f"{prefix}/runs/delete-tag", {"run_id": new, "key": "t"})
        s.post(f"{prefix}/runs/log-batch", {"run_id": new, "tags": [{"key": "a", "value": "b"}]})
        s.post(f"{prefix}/runs/log-inputs", {"run_id": new, "models": [{"model_id": model}]})
        s.post(f"{prefix}/runs/outputs", {"run_id": new, "models": [{"model_id": model, "step": 1}]})
        s.post(
            f"{prefix}/runs/log-model", {"run_id": new, "model_json": '{"artifact_path": "m", "flavors": {}}'}
        )
        s.get(f"{prefix}/metrics/get-history", {"run_id": new, "metric_key": "m"})
        s.get(f"{prefix}/metrics/get-history-bulk", {"run_id": new, "metric_key": "m"})
        s.get(f"{prefix}/metrics/get-history-bulk-interval", {"run_ids": new, "metric_key": "m"})
        s.post(f"{prefix}/experiments/search-datasets", {"experiment_ids": [made]})
        s.get(f"{prefix}/artifacts/list", {"run_id": run})
        s.post(f"{prefix}/runs/delete", {"run_id": new})
        s.post(f"{prefix}/runs/restore", {"run_id": new})
        petal = s.post(f"{prefix}/logged-models", {"experiment_id": made, "name": "petal"})["model"]["info"][
            "model_id"
        ]
        s.get(f"{prefix}/logged-models/{petal}")
        s.patch(f"{prefix}/logged-models/{petal}", {"model_id": petal, "status": 2})
        s.post(f"{prefix}/logged-models/search", {"experiment_ids": [made]})
        s.patch(f"{prefix}/logged-models/{petal}/tags", {"tags": [{"key": "k", "value": "v"}]})
        s.delete(f"{prefix}/logged-models/{petal}/tags/k")
        s.post(f"{prefix}/logged-models/{petal}/params", {"params": [{"key": "k", "value": "v"}]})
        s.get(f"{prefix}/logged-models/{petal}/artifacts/directories")
        s.delete(f"{prefix}/logged-models/{petal}")


@table.each(
    {
        "a foreign host": {"Host": "evil.example"},
        "a foreign host with the port": {"Host": "evil.example:5000"},
        "localhost": {"Host": "localhost"},
        "localhost with another port": {"Host": "localhost:1"},
        "the loopback of IPv6": {"Host": "[::1]:5000"},
        "a private address": {"Host": "192.168.1.5:5000"},
        "another private address": {"Host": "10.1.2.3"},
        "a third private address": {"Host": "172.20.1.1"},
        "a public address": {"Host": "8.8.8.8"},
        "a name that begins like localhost": {"Host": "localhost.evil.example"},
        "a name that ends like localhost": {"Host": "evil-localhost"},
        "an empty host": {"Host": ""},
        "a user before": {"Host": "localhost@evil.example"},
    }
)
def host(s, headers):
    s.get(
        "/api/2.0/mlflow/experiments/get",
        {"experiment_id": "0"},
        headers=headers,
        show=lambda answer: [answer.status],
    )
    s.get("/health", headers=headers, show=lambda answer: [answer.status])
    s.get("/version", headers=headers, show=lambda answer: [answer.status])


@table.each(
    {
        "foreign": "https://evil.example",
        "localhost": "http://localhost:3000",
        "loopback": "http://127.0.0.1:9999",
        "null": "null",
        "localhost with another scheme": "https://localhost",
        "a name that begins like localhost": "http://localhost.evil.example",
        "garbage": "x",
    }
)
def origin(s, origin):
    headers = {"Origin": origin}
    show = lambda answer: [answer.status, answer.headers.get("Access-Control-Allow-Origin")]
    s.post(
        "runs/create", {"experiment_id": "0", "run_name": "x", "start_time": 1}, headers=headers, show=show
    )
    s.get("/api/2.0/mlflow/experiments/get", {"experiment_id": "0"}, headers=headers, show=show)


@table.case
def security_headers(s):
    def security(answer):
        return {name: answer.headers.get(name) for name in ("X-Content-Type-Options", "X-Frame-Options")}

    s.get("/api/2.0/mlflow/experiments/get", {"experiment_id": "0"}, show=security)
    s.get("/health", show=security)
    s.post("runs/create", {}, show=security)
