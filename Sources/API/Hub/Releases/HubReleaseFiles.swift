import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import ObjectStore
import Repositories

/// Files of releases: they come and go as streams, whatever their length.
///
/// - Source: Gitea 1.22, `routers/api/v1/repo/release_attachment.go`.
extension Hub {
    private static let path = "repos/:owner/:repo/releases/:id/assets"

    var releaseFileEndpoints: [Endpoint] {
        [
            Self.row(.get, Self.path, needs: .read, .init("The files of a release.")) { call in
                let release = try await release(of: call)
                let writer = releaseFileWriter(call)
                return .array { json in
                    for asset in release.assets {
                        json.object { writer.write(asset, of: release.tag, to: &$0) }
                    }
                }
            },
            Self.row(
                .post,
                Self.path,
                needs: .write,
                .init(
                    "Takes a file: the body, or the first file of a form.",
                    query: [.init("name", "What it is called; a form says it, too.")],
                    success: .created
                )
            ) { try await addFile($0) },
            Self.row(
                .get,
                Self.path + "/:asset",
                needs: .read,
                .init("A file of a release, without its content.")
            ) {
                call in
                let (release, asset) = try await asset(of: call)
                return answer(asset, of: release.tag, call)
            },
            Self.row(
                .patch,
                Self.path + "/:asset",
                needs: .write,
                .init(
                    "Gives a file of a release another name.",
                    body: [.init("name", isRequired: true, "The name.")]
                )
            ) { call in
                let (release, asset) = try await asset(of: call)
                let name = try AssetName(try await call.fields().requiredString("name"))
                let renamed = try await releaseFiles(call).rename(asset.id, of: release.id, to: name)
                return answer(renamed, of: release.tag, call)
            },
            Self.row(
                .delete,
                Self.path + "/:asset",
                needs: .write,
                .init("Deletes a file of a release.", success: .noContent)
            ) { call in
                let (release, asset) = try await asset(of: call)
                try await releaseFiles(call).remove(asset.id, of: release.id)
                return .noContent
            },
            // The address that browsers are given; it is below that of the repository.
            Endpoint(.get, "releases/download/**", in: .git, needs: .read) { try await download($0) },
        ]
    }

    private func releaseFiles(_ call: Call) throws -> ReleaseFileStore {
        guard let files else {
            throw Failure(.featureDisabled, "This server keeps no files (--no-serve-artifacts).")
        }
        return git.releaseFiles(in: files, for: call.caller)
    }

    private func release(of call: Call) async throws -> Release {
        try await git.releases(for: call.caller).get(call.key("id"), drafts: call.seesDrafts)
    }

    private func asset(of call: Call) async throws -> (Release, ReleaseAsset) {
        let (release, key) = (try await release(of: call), try call.key("asset"))
        return (release, try await releaseFiles(call).get(key, of: release.id, drafts: call.seesDrafts))
    }

    private func addFile(_ call: Call) async throws -> Answer {
        let (store, release) = (try releaseFiles(call), try await release(of: call))
        let wished = try call.query["name"].flatMap { $0.isEmpty ? nil : $0 }.map { try AssetName($0) }
        let type = call.request.headers[.contentType] ?? ""
        let asset: ReleaseAsset
        if type.lowercased().hasPrefix("multipart/form-data") {
            // Security: a page elsewhere can make a browser send such a form with the cookies that it has.
            guard call.isByHand else { throw Failure.invalid("Say who asks in the header Authorization.") }
            let file = try AttachedFile(in: call.wholeBody, type: type)
            asset = try await store.add(file, to: release.id) { try wished ?? AssetName(file.name ?? "") }
        } else {
            guard call.isByHand || !Self.isSimple(type) else {
                throw Failure.invalid("Content-Type must say what the file is, such as application/zip.")
            }
            guard let wished else { throw Failure.invalid("'name' is missing.") }
            asset = try await store.add(call.wholeBody, to: release.id) { wished }
        }
        return answer(asset, of: release.tag, call, .created)
    }

    /// Whether a page elsewhere can make a browser send such a body without asking.
    private static func isSimple(_ type: String) -> Bool {
        ["", "text/plain", "application/x-www-form-urlencoded"].contains(
            type.prefix { $0 != ";" && $0 != " " }.lowercased()
        )
    }

    /// The path is the tag, which may have slashes, and the name of the file.
    private func download(_ call: Call) async throws -> Answer {
        let parts = call.rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, let name = parts.last else { throw Failure.missing("There is no such file.") }
        let tag = try TagName(parts.dropLast().joined(separator: "/"))
        let release = try await git.releases(for: call.caller).get(of: tag, drafts: call.seesDrafts)
        guard let asset = release.assets.first(where: { $0.name.text == name }) else {
            throw Failure.missing("The release has no file '\(name.prefix(255))'.")
        }
        let store = try releaseFiles(call)
        let download = Download(
            name: asset.name.text,
            hash: try await store.hash(of: asset),
            sizeBytes: asset.sizeBytes,
            modifiedMs: asset.createdMs
        )
        let isWhole = call.request.headers[.range] == nil
        return try await call.answer(download) { try await store.open(asset, isCounted: isWhole) }
    }

    private func releaseFileWriter(_ call: Call) -> ReleaseWriter {
        ReleaseWriter(place: call.repository, addresses: addresses(for: call), logins: [:])
    }

    private func answer(
        _ asset: ReleaseAsset,
        of tag: TagName,
        _ call: Call,
        _ status: HTTPResponse.Status = .ok
    ) -> Answer {
        let writer = releaseFileWriter(call)
        return .json(status: status) { writer.write(asset, of: tag, to: &$0) }
    }
}
