import HTTPTypes
import Core
import HTTP

extension Web {
    /// Where MLflow's clients send people, whose links go on behind a `#` that only the browser sees: it carries that along to
    /// the list of experiments, where `frame/links.js` reads it.
    var linkedEndpoints: [Endpoint] {
        guard !settings.hasMLflowUI else { return [] }
        return [
            Endpoint(.get, "", in: .mlflowPages, needs: .read) { call in
                .redirect(to: visit(call).base["experiments"].text)
            }
        ]
    }
}
