package import Core

/// What the account of a person is made of.
package struct NewPerson: Sendable {
    package static let textLimit = 255

    let login: AccountName
    let fullName: String
    let email: String
    private(set) var isServerAdmin: Bool

    /// - Throws: `Failure.invalid` for a login that is kept, a text that is too long, or an address that is none.
    package init(
        login: AccountName,
        fullName: String = "",
        email: String = "",
        isServerAdmin: Bool = false
    ) throws(Failure) {
        try Self.check(fullName, "full_name")
        try Self.checkEmail(email)
        self.login = try login.ofNewAccount()
        self.fullName = fullName
        self.email = email
        self.isServerAdmin = isServerAdmin
    }

    /// The same, as one who looks after the server.
    var ofServerAdmin: NewPerson {
        var other = self
        other.isServerAdmin = true
        return other
    }

    static func check(_ text: String, _ field: String) throws(Failure) {
        guard text.count <= textLimit else {
            throw .invalid("'\(field)' has more than \(textLimit) characters.")
        }
        // Security: a line break in a name would write a second line into logs and commits.
        guard !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw .invalid("'\(field)' has a control character.")
        }
    }

    static func checkEmail(_ text: String) throws(Failure) {
        try check(text, "email")
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isAddress = parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
        guard text.isEmpty || (isAddress && !text.contains(where: { " <>,;\"".contains($0) })) else {
            throw .invalid("'\(text)' is no address for mail.")
        }
    }
}

/// What is changed of a person; nil for what stays.
package struct PersonChanges: Sendable {
    let fullName: String?
    let email: String?
    let description: String?
    let website: String?
    let location: String?

    /// - Throws: `Failure.invalid` for a text that is too long, or an address that is none.
    package init(
        fullName: String? = nil,
        email: String? = nil,
        description: String? = nil,
        website: String? = nil,
        location: String? = nil
    ) throws(Failure) {
        let texts = [
            ("full_name", fullName), ("description", description), ("website", website),
            ("location", location),
        ]
        for case (let field, let text?) in texts { try NewPerson.check(text, field) }
        if let email { try NewPerson.checkEmail(email) }
        self.fullName = fullName
        self.email = email
        self.description = description
        self.website = website
        self.location = location
    }
}
