import API
import Core
import HTTPTypes

/// What a browser sees at the address of a server that serves no pages.
enum FrontPage {
    static let endpoint = Endpoint(.get, "", in: .root, needs: .open) { _ in page }

    private static let page = Answer.text(
        """
        Roost serves MLflow's API here.

        Log a first run:    import mlflow; mlflow.set_tracking_uri("this address"); mlflow.log_metric("answer", 42)
        See runs in pages:  start the server with --mlflow-ui

        """
    )
}
