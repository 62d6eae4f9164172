import Database
import Foundation

/// What `roost import mlflow` is told to read.
enum SourceAddress: Sendable, Hashable {
    case sqlite(path: String)
    case postgres(uri: String)
    case folder(path: String)
    case server(address: String)

    /// Reads an address as MLflow writes it, or a path.
    ///
    /// - Throws: `SettingError` where nothing is there, or nothing that can be read.
    init(_ text: String) throws {
        if text.hasPrefix("http://") || text.hasPrefix("https://") {
            self = .server(address: text)
        } else if text.hasPrefix("sqlite:"), let address = DatabaseAddress(text),
            case .sqlite(let path) = address
        {
            self = try Self.existing(path)
        } else if text.contains("://"), let address = DatabaseAddress(text),
            case .postgres(let uri) = address
        {
            guard address.isWellFormed else {
                throw SettingError("The source cannot be opened: \(DatabaseAddress.malformed)")
            }
            self = .postgres(uri: uri)
        } else if text.hasPrefix("file:") || !text.contains("://") {
            self = try Self.existing(LocalPath.path(of: text) ?? text)
        } else {
            // Security: no more of it is shown, since a password may be in it.
            throw SettingError(
                "'\(text.prefix { $0 != ":" })://…' cannot be imported: give a file or sqlite:///file, postgresql://…, an mlruns folder, or the http address of a server."
            )
        }
    }

    private static func existing(_ path: String) throws -> SourceAddress {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw SettingError("There is nothing at \(path) to import.")
        }
        return isFolder ? .folder(path: path) : .sqlite(path: path)
    }
}

enum LocalPath {
    /// The path that a `file:` address or a plain path names; nil for an address of another kind.
    static func path(of uri: String) -> String? {
        if uri.hasPrefix("file:") {
            var rest = uri.dropFirst("file:".count)
            if rest.hasPrefix("//") {
                // `file://host/path`: the host is this one or the address names nothing here.
                rest = rest.dropFirst(2)
                rest = rest.drop { $0 != "/" }
            }
            return String(rest.prefix { $0 != "?" && $0 != "#" }).removingPercentEncoding
        }
        guard let colon = uri.firstIndex(of: ":") else { return uri }
        // A colon behind the first slash is part of a name.
        guard let slash = uri.firstIndex(of: "/"), slash < colon else { return nil }
        return uri
    }
}
