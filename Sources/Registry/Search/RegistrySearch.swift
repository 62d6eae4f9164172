import Core
import Database

/// A search for registered models or for versions as it was asked.
package struct RegistrySearch: Sendable {
    let filter: String?
    let orderBy: [String]
    let limit: Int
    let pageToken: String?

    /// - Parameters:
    ///   - filter: MLflow's filter, with OR, NOT and parentheses besides.
    ///   - orderBy: Terms such as `name DESC`.
    ///   - limit: The most on one page, from 1.
    ///   - pageToken: The token that came with the page before; nil or empty for the first.
    package init(filter: String?, orderBy: [String], limit: Int, pageToken: String?) {
        precondition(limit > 0)
        self.filter = filter
        self.orderBy = orderBy
        self.limit = limit
        self.pageToken = pageToken
    }

    /// The mark of its page tokens.
    func mark(_ caller: String...) -> String {
        var mark = Mark()
        for part in caller + [filter ?? ""] + orderBy { mark.add(part) }
        return mark.text
    }
}
