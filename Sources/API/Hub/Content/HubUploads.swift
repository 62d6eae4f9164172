import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import Repositories

/// Files that the client of DagsHub sends: a form, of which a commit is made.
///
/// - Source: the dagshub client 0.7.3, `upload/wrapper.py`, `upload/errors.py`.
extension Hub {
    private static let summaryLimit = 100

    var uploadEndpoints: [Endpoint] {
        [
            Endpoint(.put, "repos/:owner/:repo/content/**", in: .hub, needs: .write) { try await upload($0) }
        ]
    }

    /// Why an upload is refused, in the words that the client looks for.
    private enum UploadRefusal: String {
        case noLastCommit = "missing last_commit"
        case otherLastCommit = "invalid last_commit"
        case versioning = "versioning conflict"
        case path = "path conflict"

        func answer(_ details: String) -> Answer {
            .json(status: .conflict) { json in
                json.field("error", rawValue)
                json.field("details", details)
                json.field("message", details)
            }
        }
    }

    private func upload(_ call: Call) async throws -> Answer {
        let (branch, folder) = try Self.target(of: call)
        guard let type = call.request.headers[.contentType],
            type.lowercased().hasPrefix("multipart/form-data")
        else { throw Failure.invalid("Content-Type must be multipart/form-data.") }
        // Security: a page elsewhere can make a browser send such a form with the cookies that it has.
        guard call.request.headers[.authorization] != nil, call.access.identity.means != .session else {
            throw Failure.invalid("Say who asks in the header Authorization.")
        }
        let form = try MultipartForm(try await call.body(), type: type)
        guard ["auto", "git", "", nil].contains(form["versioning"]), form["is_dvc_dir"] != "true" else {
            return UploadRefusal.versioning.answer(
                "This server keeps uploads in Git: send them with versioning 'git' or 'auto'."
            )
        }
        let files = form.parts.filter { $0.name == "files" && $0.fileName != nil }
        guard !files.isEmpty else { throw Failure.invalid("The form has no part 'files'.") }
        let paths = try files.map { file in
            try WritablePath(folder.isEmpty ? file.fileName ?? "" : "\(folder)/\(file.fileName ?? "")")
        }
        let content = try await changing(call)
        let lastCommit = form["last_commit"] ?? ""
        var request = CommitRequest(
            on: branch,
            zip(paths, files).map { path, file in
                lastCommit.isEmpty ? .create(path, .bytes(file.bytes)) : .write(path, .bytes(file.bytes))
            },
            message: Self.message(of: form),
            by: try await signature(of: call)
        )
        if form["commit_choice"] == "commit-to-new-branch" {
            request.newBranch = try BranchName(form["new_branch_name"] ?? "")
        }
        if !lastCommit.isEmpty {
            let tip = try? await content.branch(branch).commit
            guard let id = ObjectID(lastCommit), id == tip else {
                return UploadRefusal.otherLastCommit.answer(
                    "'\(lastCommit.prefix(40))' is not the tip of '\(branch)' (any more)."
                )
            }
            request.expectedTip = id
        }
        do {
            let outcome = try await git.commit(request, to: content, largeFilesIn: self.files)
            var answer = Answer.json { $0.field("commit", "\(outcome.commit)") }
            // The client compares it as it is, without quotes.
            answer.headers[.eTag] = "\(outcome.commit)"
            return answer
        } catch let failure as Failure where failure.code == .alreadyExists && lastCommit.isEmpty {
            return UploadRefusal.noLastCommit.answer(
                "\(failure.message) To replace it, send the tip as last_commit."
            )
        } catch let failure as Failure where failure.code == .alreadyExists {
            return UploadRefusal.path.answer(failure.message)
        } catch let failure as Failure where failure.code == .invalidState && !lastCommit.isEmpty {
            return UploadRefusal.otherLastCommit.answer(failure.message)
        }
    }

    /// The branch, whose name may have slashes, and the folder, whose slashes are written in percents.
    private static func target(of call: Call) throws -> (branch: BranchName, folder: String) {
        let segments = call.request.uri.path.split(separator: "/", omittingEmptySubsequences: false)
        // Behind it: the owner, the repository, and `content`.
        guard let first = segments.firstIndex(of: "repos").map({ $0 + 4 }), first < segments.count - 1,
            let branch = PercentEncoding.decoded(
                segments[first..<segments.count - 1].joined(separator: "/").utf8
            ),
            let folder = PercentEncoding.decoded(segments[segments.count - 1].utf8)
        else { throw Failure.invalid("The address ends with a branch, a slash and a folder.") }
        let trimmed = folder.split(separator: "/").joined(separator: "/")
        return (try BranchName(branch), trimmed == "." ? "" : trimmed)
    }

    private static func message(of form: MultipartForm) -> String {
        let summary = String((form["commit_summary"] ?? "").prefix(summaryLimit))
        let body = form["commit_message"] ?? ""
        let title = summary.isEmpty ? "Upload files" : summary
        return body.isEmpty ? title : "\(title)\n\n\(body)"
    }
}
