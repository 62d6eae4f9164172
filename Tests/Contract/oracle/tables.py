"""All tables, in the order in which they run."""

from . import (
    artifacts,
    batches,
    datasets,
    experiments,
    graphql,
    history,
    logged_models,
    metrics,
    model_search,
    requests,
    run_search,
    runs,
    server,
    tags_and_params,
)

TABLES = [
    server.table,
    requests.table,
    experiments.table,
    runs.table,
    tags_and_params.table,
    metrics.table,
    batches.table,
    history.table,
    datasets.table,
    run_search.table,
    logged_models.table,
    model_search.table,
    artifacts.table,
    graphql.table,
]
