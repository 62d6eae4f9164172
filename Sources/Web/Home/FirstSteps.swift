import Accounts

/// The lines that bring something here, with the real address; they give way to the data when it comes.
struct FirstSteps {
    let visit: Visit

    var html: HTML {
        """
        <section class="first-steps" aria-labelledby="first">
        <h2 id="first">Begin with one of these</h2>
        <p class="quiet">This page turns into what you send as soon as it arrives.\(visit.settings.hasAccounts ? token : nil)</p>
        <h3>Log a run from Python</h3>
        \(CopyBlock(python).html)
        <h3>Push a repository</h3>
        \(CopyBlock(git).html)
        <h3>Or with curl alone</h3>
        \(CopyBlock(curl).html)
        </section>
        """
    }

    private var token: HTML {
        """
         Programs show who they are by a token: <a href="\(visit.root.below("settings/tokens"))">make one</a> and \
        <code>export MLFLOW_TRACKING_TOKEN=…</code>
        """
    }

    private var python: String {
        """
        import mlflow

        mlflow.set_tracking_uri("\(visit.trackingURI)")
        mlflow.set_experiment("iris")
        with mlflow.start_run():
            mlflow.log_param("lr", 0.1)
            mlflow.log_metric("accuracy", 0.93)
        """
    }

    private var authorization: String {
        visit.settings.hasAccounts ? " -H \"Authorization: Bearer $MLFLOW_TRACKING_TOKEN\"" : ""
    }

    private var git: String {
        """
        curl -X POST \(visit.origin)/api/v1/user/repos\(authorization) -H 'Content-Type: application/json' -d '{"name": "iris"}'
        git push \(visit.origin)/\(visit.identity.login)/iris.git HEAD:main
        """
    }

    private var curl: String {
        """
        curl -X POST \(visit.origin)/api/2.0/mlflow/runs/create\(authorization) -H 'Content-Type: application/json' -d '{"experiment_id": "0", "run_name": "first"}'
        """
    }
}
