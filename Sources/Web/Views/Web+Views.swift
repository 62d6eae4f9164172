import Accounts
import Core
import HTTP
import HTTPTypes
import NIOCore

extension Web {
    /// Views that are saved by name; every page that keeps its view in its address can use them, by a `kind` of its own.
    var viewEndpoints: [Endpoint] {
        [
            Endpoint(.get, "views.json", in: .workspacePages, needs: .read) { call in
                let visit = visit(call)
                let views = try await savedViews(for: visit).list(of: ViewKind(visit.query("kind") ?? ""))
                return .json { json in
                    json.array("views") { json in
                        for view in views { json.object { view.write(to: &$0) } }
                    }
                }
            },
            changing(.post, "views.json") { visit, body in
                let id = try await savedViews(for: visit).create(
                    NewSavedView(name: body.text("name"), query: body.text("query")),
                    of: ViewKind(body.text("kind")),
                    isShared: body["shared"] == .boolean(true)
                )
                return .json { $0.field("id", id) }
            },
            changing(.put, "views.json/:view") { visit, body in
                try await savedViews(for: visit).change(
                    visit.viewID,
                    to: NewSavedView(name: body.text("name"), query: body.text("query"))
                )
                return .empty
            },
            changing(.put, "views.json/:view/default") { visit, body in
                try await savedViews(for: visit).setDefault(visit.viewID, body["default"] == .boolean(true))
                return .empty
            },
            Endpoint(.delete, "views.json/:view", in: .workspacePages, needs: .read) { call in
                try call.checkForm()
                let visit = visit(call)
                try await savedViews(for: visit).delete(visit.viewID)
                return .empty
            },
        ]
    }

    /// Sends the browser to the view that a page begins with; nil where the address says what to show, or nothing was chosen.
    func standardView(_ kind: String, of address: Address, for visit: Visit) async throws -> Answer? {
        guard visit.call.query.isEmpty,
            let view = try await savedViews(for: visit).standard(of: ViewKind(kind))
        else { return nil }
        let query = view.query.isEmpty ? "saved=\(view.id)" : "\(view.query)&saved=\(view.id)"
        return .redirect(to: "\(address)?\(query)")
    }

    func savedViews(for visit: Visit) -> SavedViewStore {
        accounts.views(for: visit.caller, mayShare: visit.mayWrite)
    }

    /// A row that takes a JSON object from a page of ours.
    ///
    /// Who may read may have views of their own; the store asks for more where a view is shared.
    private func changing(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ act: @escaping @Sendable (Visit, JSON) async throws -> Answer
    ) -> Endpoint {
        Endpoint(method, path, in: .workspacePages, needs: .read) { call in
            try call.checkForm()
            let body = try await call.jsonBody()
            guard body.readableBytes <= 4 * NewSavedView.longestQueryBytes else {
                throw Failure(.tooLarge, "A view is longer than may be kept.")
            }
            let json: JSON
            do throws(JSONError) {
                json = try JSON(parsing: Array(body.readableBytesView))
            } catch {
                throw Failure(.badRequest, "The body is no JSON.")
            }
            return try await act(visit(call), json)
        }
    }
}

extension Visit {
    fileprivate var viewID: Int64 {
        get throws {
            guard let id = Int64(call.parameter("view")) else {
                throw Failure.missing("There is no such view.")
            }
            return id
        }
    }
}

extension JSON {
    fileprivate func text(_ key: String) throws -> String {
        guard case .string(let text) = self[key] else { throw Failure.invalid("'\(key)' is missing.") }
        return text
    }
}

extension SavedView {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("id", id)
        json.field("name", name)
        json.field("query", query)
        json.field("shared", isShared)
        json.field("default", isDefault)
    }
}
