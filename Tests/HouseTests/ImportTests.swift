import FoundationEssentials
import Testing

/// Holds the import table of the house against every `import` line and against the manifest.
@Suite struct ImportTests {
    /// What each room may import of ours; the table of the design, and nothing may be added here alone.
    private static let table: [String: Set<String>] = [
        "roost": ["Server"],
        "Server": [
            "API", "Web", "HTTP", "Tracking", "Registry", "Accounts", "Repositories", "Webhooks", "Events",
            "ObjectStore",
            "Outbound", "Database", "Core", "MLflowClient",
        ],
        "API": [
            "HTTP", "Tracking", "Registry", "Accounts", "Repositories", "Webhooks", "ObjectStore", "Events",
            "Database",
            "Core", "CZlib",
        ],
        "Web": [
            "HTTP", "Tracking", "Registry", "Webhooks", "Accounts", "Repositories", "ObjectStore", "Events",
            "Database",
            "Parquet", "Core", "CMark",
        ],
        "HTTP": ["Accounts", "ObjectStore", "Outbound", "Database", "Core", "CZlib"],
        "Tracking": ["Database", "Events", "Core"],
        "Registry": ["Webhooks", "Database", "Events", "Outbound", "Core"],
        "Accounts": ["Database", "Events", "Outbound", "Core"],
        "Repositories": ["Database", "Events", "ObjectStore", "Outbound", "Core", "CGit2"],
        "Webhooks": ["Database", "Events", "Outbound", "Core"],
        "Outbound": [],
        "MLflowClient": [],
        "Events": ["Database", "Core"],
        "ObjectStore": ["Database", "Core"],
        "Database": ["Core"],
        "Parquet": ["CZlib"],
        "Core": [],
        "CGit2": [],
        "CZlib": [],
        "CMark": [],
        "roost-bench": [],
    ]

    private static let root = #filePath.components(upTo: "/Tests/HouseTests/")

    @Test func `every room stands in the table`() throws {
        let rooms = try FileManager.default.contentsOfDirectory(atPath: Self.root + "/Sources")
        #expect(Set(rooms) == Set(Self.table.keys))
    }

    @Test(arguments: table.keys.sorted())
    func `a room imports only what its row allows`(room: String) throws {
        let allowed = try #require(Self.table[room])
        for path in try swiftFiles(of: room) {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for module in imports(text) where Self.table.keys.contains(module) {
                #expect(allowed.contains(module), "\(path) imports \(module)")
            }
        }
    }

    @Test(arguments: [
        "Tracking", "Registry", "Accounts", "Repositories", "Webhooks", "Events", "Database", "ObjectStore",
        "Parquet", "Core",
    ])
    func `rooms below the surfaces know nothing of HTTP`(room: String) throws {
        for path in try swiftFiles(of: room) {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(Set(imports(text)).isDisjoint(with: ["Hummingbird", "HTTPTypes"]), "\(path)")
        }
    }

    @Test func `only the database imports what speaks to databases`() throws {
        for room in Self.table.keys where !["Database", "roost-bench"].contains(room) {
            for path in try swiftFiles(of: room) {
                let text = try String(contentsOfFile: path, encoding: .utf8)
                #expect(Set(imports(text)).isDisjoint(with: ["GRDB", "GRDBSQLite"]), "\(path)")
            }
        }
    }

    @Test(arguments: table.keys.sorted())
    func `the manifest says what the table says`(room: String) throws {
        let manifest = try String(contentsOfFile: Self.root + "/Package.swift", encoding: .utf8)
        guard let names = manifestRow(of: room, in: manifest) else {
            #expect(
                ["CGit2", "CZlib", "CMark"].contains(room),
                "\(room) is no room of the manifest"
            )
            return
        }
        #expect(names == Self.table[room])
    }

    private func swiftFiles(of room: String) throws -> [String] {
        let folder = Self.root + "/Sources/" + room
        return try FileManager.default.subpathsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".swift") }.map { folder + "/" + $0 }
    }

    /// The modules of the `import` lines of a file.
    private func imports(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index <= 2, index + 1 < words.count else {
                return nil
            }
            guard words[..<index].allSatisfy({ ["package", "public", "internal", "@testable"].contains($0) })
            else {
                return nil
            }
            return String(words[words.count - 1].prefix { $0 != "." })
        }
    }

    /// The names in the first brackets after `room("Name"` or `program("name"`.
    private func manifestRow(of room: String, in manifest: String) -> Set<String>? {
        let squeezed = manifest.filter { !$0.isWhitespace }
        for call in ["room(\"\(room)\"", "program(\"\(room)\""] {
            guard let start = squeezed.firstRange(of: call)?.upperBound else { continue }
            let rest = squeezed[start...]
            if rest.hasPrefix(")") || rest.hasPrefix(",uses:") { return [] }
            guard let open = rest.firstIndex(of: "["), let close = rest.firstIndex(of: "]") else {
                return nil
            }
            return Set(rest[open..<close].dropFirst().split(separator: ",").map { $0.filter { $0 != "\"" } })
        }
        return nil
    }
}

extension String {
    fileprivate func components(upTo part: String) -> String {
        firstRange(of: part).map { String(self[..<$0.lowerBound]) } ?? self
    }
}
