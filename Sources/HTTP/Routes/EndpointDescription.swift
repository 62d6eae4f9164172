package import HTTPTypes

/// What the document of the hub's interface says of an endpoint.
package struct EndpointDescription: Sendable {
    /// One sentence.
    package let summary: String
    package let query: [Field]
    package let body: [Field]
    /// The status of success.
    package let success: HTTPResponse.Status

    package init(
        _ summary: String,
        query: [Field] = [],
        body: [Field] = [],
        success: HTTPResponse.Status = .ok
    ) {
        self.summary = summary
        self.query = query
        self.body = body
        self.success = success
    }

    /// A word of the query, or a field of the body.
    package struct Field: Sendable {
        /// What it holds.
        package enum Kind: Sendable {
            case text
            case integer
            case boolean
            case texts
            case object
            /// One of these.
            case word([String])
            case integerFrom(Int, to: Int)
        }

        package let name: String
        package let kind: Kind
        package let isRequired: Bool
        package let meaning: String

        /// A text.
        package init(_ name: String, isRequired: Bool = false, _ meaning: String) {
            self.init(name, .text, isRequired: isRequired, meaning)
        }

        package init(_ name: String, _ kind: Kind, isRequired: Bool = false, _ meaning: String) {
            self.name = name
            self.kind = kind
            self.isRequired = isRequired
            self.meaning = meaning
        }
    }
}
