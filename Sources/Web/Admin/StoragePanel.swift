import Core
import HTTP
import ObjectStore

/// What lies on the disk.
private struct StoragePanel: Panel {
    let databaseBytes: Int64
    let freeBytes: Int64
    let totalBytes: Int64
    /// Nil where clients keep artifacts elsewhere.
    let objects: FileStore.Usage?
    let address: Address

    var title: String { "Storage" }

    var ways: [Way] { [.json(address), .shell("roost gc --dry-run")] }

    var json: JSON {
        [
            "database_bytes": .integer(databaseBytes), "disk_free_bytes": .integer(freeBytes),
            "disk_bytes": .integer(totalBytes), "objects": objects?.json ?? .null,
        ]
    }

    var body: HTML {
        """
        <div class="tiles">
        \(tile("Database", ByteCount(bytes: databaseBytes).text))
        \(tile("Objects", objects?.words.count ?? "elsewhere"))
        \(tile("Bytes of objects", objects?.words.bytes ?? "–"))
        \(tile("Free on the disk", ByteCount(bytes: freeBytes).text))
        </div>
        <p><label>Disk <meter min="0" max="\(totalBytes)" low="0" high="\(totalBytes / 10 * 9)" value="\(totalBytes - freeBytes)"></meter>
        \(ByteCount(bytes: totalBytes - freeBytes).text) of \(ByteCount(bytes: totalBytes).text) used</label></p>
        <p class="quiet">Files of the same content are one object. What nothing needs any more is freed at once; what was deleted
        with its runs and experiments is removed by <code>roost gc</code>.</p>
        """
    }

    private func tile(_ label: String, _ value: String) -> HTML {
        "<div class=\"tile\"><strong>\(value)</strong><span>\(label)</span></div>"
    }
}

extension Web {
    var adminStorage: [Endpoint] {
        [
            adminPage("storage") { try await storagePanel($0) },
            adminJSON("storage") { try await storagePanel($0).json },
        ]
    }

    private func storagePanel(_ visit: Visit) async throws -> StoragePanel {
        let facts = facts
        async let databaseBytes = facts.databaseBytes()
        async let objects = files?.usageOfObjects()
        let disk = try await aside { try facts.disk() }
        return StoragePanel(
            databaseBytes: try await databaseBytes,
            freeBytes: disk.freeBytes,
            totalBytes: disk.totalBytes,
            objects: try await objects,
            address: visit.adminJSON("storage")
        )
    }
}
