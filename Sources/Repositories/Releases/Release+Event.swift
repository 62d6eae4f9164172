package import Core

extension Release {
    /// So many characters of what is said of a release are in the log, so that a page of it stays small.
    private static let toldNoteLimit = 10_000

    /// What the log tells of it: all but its files.
    var details: JSON {
        let scalars = note.unicodeScalars
        let isCut = scalars.count > Self.toldNoteLimit
        return [
            "tag": .string(tag.text), "name": .string(name), "draft": .boolean(isDraft),
            "prerelease": .boolean(isPrerelease), "target": .string(target),
            "body": .string(isCut ? String(scalars.prefix(Self.toldNoteLimit)) : note),
            "body_is_cut": .boolean(isCut), "author": .string(author),
            "author_id": authorID.map { JSON.integer($0.key) } ?? .null,
            "created_ms": .integer(createdMs), "published_ms": publishedMs.map(JSON.integer) ?? .null,
        ]
    }

    /// A release as it was when something happened to it.
    ///
    /// Its files are those of now, and so is the rest of a long text where that begins as it did.
    ///
    /// - Parameters:
    ///   - id: Its id.
    ///   - details: What the log tells; nothing comes of what older versions wrote, who told less.
    ///   - now: What has this id by now; nil for nothing.
    package init?(_ id: Int64, asTold details: JSON, now: Release?) {
        guard case .string(let word)? = details["tag"], let tag = try? TagName(word),
            case .string(let target)? = details["target"], case .string(let name)? = details["name"],
            case .string(let body)? = details["body"], case .string(let author)? = details["author"],
            case .integer(let createdMs)? = details["created_ms"]
        else { return nil }
        let same = now.flatMap { $0.createdMs == createdMs ? $0 : nil }
        var note = body
        if details["body_is_cut"] == .boolean(true), let same,
            same.note.unicodeScalars.starts(with: body.unicodeScalars)
        {
            note = same.note
        }
        self.init(
            id: id,
            tag: tag,
            target: target,
            name: name,
            note: note,
            isDraft: details["draft"] == .boolean(true),
            isPrerelease: details["prerelease"] == .boolean(true),
            author: author,
            authorID: Self.integer(details["author_id"]).map(AccountID.init),
            createdMs: createdMs,
            publishedMs: Self.integer(details["published_ms"]),
            assets: same?.assets ?? []
        )
    }

    private static func integer(_ value: JSON?) -> Int64? {
        guard case .integer(let number)? = value else { return nil }
        return number
    }
}
