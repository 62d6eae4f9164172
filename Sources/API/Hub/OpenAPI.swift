import Core
import HTTP
import HTTPTypes

/// The document of the hub's interface, made of the very rows that answer.
///
/// - Source: OpenAPI 3.0.3.
enum OpenAPI {
    /// - Parameters:
    ///   - endpoints: Rows of the hub; those without a description are documented by others.
    ///   - prefix: What stands before every address.
    /// - Returns: The row that answers the document.
    static func endpoint(of endpoints: [Endpoint], prefix: String) -> Endpoint {
        let description = EndpointDescription("This document.")
        let own = Endpoint(.get, path, in: .hub, needs: .open, described: description) { _ in .empty }
        let answer = document(of: endpoints + [own], prefix: prefix)
        return Endpoint(.get, path, in: .hub, needs: .open, described: description) { _ in answer }
    }

    private static let path = "openapi.json"

    private static func document(of endpoints: [Endpoint], prefix: String) -> Answer {
        .json(capacityBytes: 1 << 16) { json in
            json.field("openapi", "3.0.3")
            json.object("info") { json in
                json.field("title", "Roost's hub")
                json.field("version", "1")
            }
            json.array("servers") { json in
                json.object { $0.field("url", prefix + "/api/v1") }
            }
            json.object("paths") { json in
                for path in Path.all(of: endpoints) { json.fields(of: path) }
            }
            json.object("components") { json in
                json.object("securitySchemes") { json in
                    json.object("token") { json in
                        json.field("type", "http")
                        json.field("scheme", "bearer")
                    }
                    json.object("password") { json in
                        json.field("type", "http")
                        json.field("scheme", "basic")
                    }
                }
                json.object("schemas") { json in json.errorSchema() }
            }
        }
    }

    /// The rows of one path.
    ///
    /// Two rows may name its parameters differently, which the document does not know.
    fileprivate struct Path {
        let segments: [Substring]
        var rows: [(endpoint: Endpoint, description: EndpointDescription)] = []

        static func all(of endpoints: [Endpoint]) -> [Path] {
            var paths: [Path] = []
            var places: [String: Int] = [:]
            for endpoint in endpoints {
                guard let description = endpoint.description else { continue }
                let segments = endpoint.path.split(separator: "/")
                let shape = segments.map { $0.hasPrefix(":") ? ":" : $0 }.joined(separator: "/")
                if let place = places[shape] {
                    paths[place].rows.append((endpoint, description))
                } else {
                    places[shape] = paths.count
                    paths.append(Path(segments: segments, rows: [(endpoint, description)]))
                }
            }
            return paths
        }

        var parameters: [Substring] {
            segments.filter { $0.hasPrefix(":") || $0 == "**" }.map { $0 == "**" ? "path" : $0.dropFirst() }
        }

        var text: String {
            segments.map { segment in
                segment == "**"
                    ? "/{path}" : segment.hasPrefix(":") ? "/{\(segment.dropFirst())}" : "/\(segment)"
            }.joined()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of path: OpenAPI.Path) {
        key(path.text)
        object { json in
            json.array("parameters") { json in
                for name in path.parameters { json.pathParameter(String(name)) }
            }
            for row in path.rows {
                json.key(row.endpoint.method.rawValue.lowercased())
                json.object { $0.fields(of: row.endpoint, row.description) }
            }
        }
    }

    private mutating func pathParameter(_ name: String) {
        object { json in
            json.field("name", name)
            json.field("in", "path")
            json.field("required", true)
            json.object("schema") { json in
                let isKey = name == "id"
                json.field("type", isKey ? "integer" : "string")
                json.field(isKey ? "minimum" : "minLength", 1)
            }
        }
    }

    private mutating func fields(of endpoint: Endpoint, _ description: EndpointDescription) {
        field("summary", description.summary)
        if endpoint.right == .open {
            array("security") { _ in }
        } else {
            array("security") { json in
                json.object { $0.array("token") { _ in } }
                json.object { $0.array("password") { _ in } }
                if endpoint.right == .read { json.object { _ in } }
            }
        }
        if !description.query.isEmpty {
            array("parameters") { json in
                for field in description.query { json.queryParameter(field) }
            }
        }
        if !description.body.isEmpty { body(description.body) }
        object("responses") { json in
            json.key("\(description.success.code)")
            json.object { json in
                json.field("description", "Done.")
                if description.success != .noContent {
                    json.object("content") { json in
                        json.key("application/json")
                        json.object { $0.object("schema") { _ in } }
                    }
                }
            }
            json.object("4XX") { json in
                json.field("description", "Why not.")
                json.object("content") { json in
                    json.key("application/json")
                    json.object { json in
                        json.object("schema") { $0.field("$ref", "#/components/schemas/Error") }
                    }
                }
            }
        }
    }

    private mutating func queryParameter(_ field: EndpointDescription.Field) {
        object { json in
            json.field("name", field.name)
            json.field("in", "query")
            json.field("required", field.isRequired)
            json.field("description", field.meaning)
            json.object("schema") { $0.schema(of: field.kind) }
        }
    }

    private mutating func body(_ fields: [EndpointDescription.Field]) {
        let required = fields.filter(\.isRequired)
        object("requestBody") { json in
            json.field("required", !required.isEmpty)
            json.object("content") { json in
                json.key("application/json")
                json.object { json in
                    json.object("schema") { json in
                        json.field("type", "object")
                        json.object("properties") { json in
                            for field in fields {
                                json.key(field.name)
                                json.object { json in
                                    json.field("description", field.meaning)
                                    json.schema(of: field.kind)
                                }
                            }
                        }
                        guard !required.isEmpty else { return }
                        json.array("required") { json in
                            for field in required { json.value(field.name) }
                        }
                    }
                }
            }
        }
    }

    private mutating func schema(of kind: EndpointDescription.Field.Kind) {
        switch kind {
        case .text: field("type", "string")
        case .integer: field("type", "integer")
        case .boolean: field("type", "boolean")
        case .object: field("type", "object")
        case .texts:
            field("type", "array")
            object("items") { $0.field("type", "string") }
        case .word(let words):
            field("type", "string")
            array("enum") { json in
                for word in words { json.value(word) }
            }
        case .integerFrom(let least, let most):
            field("type", "integer")
            field("minimum", least)
            field("maximum", most)
        }
    }

    fileprivate mutating func errorSchema() {
        object("Error") { json in
            json.field("type", "object")
            json.object("properties") { json in
                for name in ["error_code", "message"] {
                    json.key(name)
                    json.object { $0.field("type", "string") }
                }
            }
        }
    }
}
