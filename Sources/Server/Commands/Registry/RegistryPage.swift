import ArgumentParser
import Core

/// How much of a list is asked for.
struct RegistryPage: ParsableArguments {
    @Option(name: .customLong("limit"), help: "How many at the most, up to 1000.")
    var limit = 100
    @Option(
        name: .customLong("page-token"),
        help: ArgumentHelp("Go on where another page ended, with what it told.", valueName: "token")
    )
    var token: String?

    /// As the calls have them.
    var fields: [JSON.Member] {
        [JSON.Member(key: "max_results", value: .integer(Int64(limit)))]
            + (token.map { [JSON.Member(key: "page_token", value: .string($0))] } ?? [])
    }
}

extension TextTable {
    /// For people; and how to go on where there is more.
    func text(of answer: JSON) -> String {
        let next = answer.word("next_page_token")
        return next.isEmpty ? text : "\(text)\nThere is more: --page-token \(next)"
    }
}
