package import Core

/// A tag that is given to others, with words and files.
package struct Release: Sendable, Hashable {
    package let id: Int64
    package let tag: TagName
    /// Where the tag was, or is to be, made.
    package let target: String
    package let name: String
    /// What is said of it, as Markdown.
    package let note: String
    /// Whether only those see it who may write.
    package let isDraft: Bool
    package let isPrerelease: Bool
    /// What who made it was called then.
    package let author: String
    package let authorID: AccountID?
    package let createdMs: Int64
    /// Nil for a draft.
    package let publishedMs: Int64?
    /// In the order in which they came.
    package let assets: [ReleaseAsset]
}

/// A file of a release.
package struct ReleaseAsset: Sendable, Hashable {
    package let id: Int64
    package let release: Int64
    package let name: AssetName
    package let sizeBytes: Int64
    package let downloadCount: Int64
    package let createdMs: Int64
    let objectKey: Int64

    package static let countLimit = 100
    package static let sizeLimitBytes: Int64 = 10 << 30
}

/// What a file of a release is called: one name, and no path.
package struct AssetName: Sendable, Hashable, CustomStringConvertible {
    package static let limitBytes = 255

    package let text: String

    /// - Throws: `Failure.invalid` for what is no name of a file.
    package init(_ text: String) throws(Failure) {
        let isPlain = text.unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control && $0 != "/" && $0 != "\\"
        }
        guard isPlain, !text.isEmpty, text != ".", text != "..", text.utf8.count <= Self.limitBytes else {
            throw .invalid(
                "'\(text.prefix(40))' is no name of a file: it has at most \(Self.limitBytes) bytes, and neither slashes nor controls."
            )
        }
        self.text = text
    }

    package var description: String { text }
}

/// What a new release is made of; the initialiser is the validation.
package struct NewRelease: Sendable {
    package static let nameLimit = 255
    package static let noteLimit = 125_000

    package let tag: TagName
    package let target: String
    let name: String
    let note: String
    package let isDraft: Bool
    let isPrerelease: Bool

    /// - Throws: `Failure.invalid` for a text that is too long or has NUL.
    package init(
        tag: TagName,
        target: Revision,
        name: String = "",
        note: String = "",
        isDraft: Bool = false,
        isPrerelease: Bool = false
    ) throws(Failure) {
        self.tag = tag
        self.target = target.text
        self.name = try Self.checked(name, "name", limit: Self.nameLimit)
        self.note = try Self.checked(note, "body", limit: Self.noteLimit)
        self.isDraft = isDraft
        self.isPrerelease = isPrerelease
    }

    fileprivate static func checked(_ text: String, _ field: String, limit: Int) throws(Failure) -> String {
        guard text.unicodeScalars.count <= limit else {
            throw .invalid("'\(field)' has at most \(limit) characters.")
        }
        guard !text.unicodeScalars.contains("\0") else {
            throw .invalid("'\(field)' has the character NUL, which no text may have.")
        }
        return text
    }
}

/// What is to be another in a release; what is nil stays.
package struct ReleaseChange: Sendable {
    package let tag: TagName?
    package let target: String?
    let name: String?
    let note: String?
    package let isDraft: Bool?
    let isPrerelease: Bool?

    /// - Throws: `Failure.invalid` for a text that is too long or has NUL.
    package init(
        tag: TagName? = nil,
        target: Revision? = nil,
        name: String? = nil,
        note: String? = nil,
        isDraft: Bool? = nil,
        isPrerelease: Bool? = nil
    ) throws(Failure) {
        self.tag = tag
        self.target = target?.text
        if let name {
            self.name = try NewRelease.checked(name, "name", limit: NewRelease.nameLimit)
        } else {
            self.name = nil
        }
        if let note {
            self.note = try NewRelease.checked(note, "body", limit: NewRelease.noteLimit)
        } else {
            self.note = nil
        }
        self.isDraft = isDraft
        self.isPrerelease = isPrerelease
    }
}
