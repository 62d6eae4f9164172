import Core

/// What `roost gc` deleted for good.
struct GarbageReport: Sendable, Hashable {
    var repositories = 0
    var experiments = 0
    var runs = 0
    var loggedModels = 0
    var files = 0
    /// For how many model versions artifacts stay.
    var keptVersions = 0
    var freedObjects = 0
    var freedBytes: Int64 = 0
    /// Files that no row knows and that stay, since the database knows no file at all.
    var sparedFiles = 0

    private var rows: [(name: String, key: StaticString, count: Int64)] {
        [
            ("repositories", "repositories", Int64(repositories)),
            ("experiments", "experiments", Int64(experiments)), ("runs", "runs", Int64(runs)),
            ("logged models", "logged_models", Int64(loggedModels)),
            ("artifact files", "artifact_files", Int64(files)),
            ("versions with artifacts kept", "versions_with_artifacts_kept", Int64(keptVersions)),
            ("objects freed", "objects_freed", Int64(freedObjects)),
            ("bytes freed", "bytes_freed", freedBytes),
        ]
    }

    /// For people.
    func text(isRehearsal: Bool) -> String {
        let width = rows.map(\.name.count).max() ?? 0
        let lines = rows.map { row in
            "  \(row.name)\(String(repeating: " ", count: width - row.name.count)) \(row.count)"
        }
        let spared =
            sparedFiles == 0
            ? []
            : [
                "Left alone: \(sparedFiles) files of artifacts, since the database knows of none at all. Is it this server's?"
            ]
        return ([isRehearsal ? "Would delete for good:" : "Deleted for good:"] + lines + spared).joined(
            separator: "\n"
        )
    }

    /// For programs: one JSON object.
    func json(isRehearsal: Bool) -> String {
        var writer = JSONWriter()
        writer.object { json in
            json.field("dry_run", isRehearsal)
            for row in rows { json.field(row.key, row.count) }
            if sparedFiles > 0 { json.field("files_left_alone", Int64(sparedFiles)) }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
