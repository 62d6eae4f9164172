/// Where somebody begins: what runs, what happened, and how to log a first run.
struct HomePage: Page {
    let visit: Visit

    var title: String { "Home" }
    var tab: Tab? { .experiments }

    var body: HTML {
        """
        <h1>Home</h1>
        \(EmptyState(
            heading: "Log a first run",
            text: "Run these lines where mlflow is installed; the run shows here as soon as it begins.",
            lines: """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                mlflow.set_experiment("iris")
                with mlflow.start_run():
                    mlflow.log_param("lr", 0.1)
                    mlflow.log_metric("accuracy", 0.93)
                """
        ).html)
        """
    }
}

/// What somebody sees who has not signed in.
struct WelcomePage: Page {
    let visit: Visit

    var title: String { "Welcome" }

    var body: HTML {
        """
        <h1>Roost</h1>
        <p>The home of a team's experiments, models, data and code.</p>
        <p><a class="button primary" href="\(visit.root["login"])">Sign in</a></p>
        """
    }
}
