import Core
package import HTTP
import HTTPTypes
package import Registry
package import Tracking

/// What MLflow's pages ask by GraphQL: a run, runs, an experiment, the histories of a metric and versions of models.
///
/// What is wrong in the question or not found is told with the status 200 in `errors`, as by the original; only what is
/// no question at all is a bad request.
///
/// - Source: MLflow 3.17, `mlflow/server/handlers.py`, `_graphql`.
package enum GraphQLEndpoints {
    package static func all(_ tracking: Tracking, _ registry: Registry) -> [Endpoint] {
        [
            Endpoint(.post, "graphql", in: .service, needs: .read, touching: .reached) { call in
                let question = try GraphQLQuestion(try await call.message())
                let resolver = GraphQLResolver(tracking, registry, call)
                return try await aside { try await answer(question, resolver) }
            },
            Endpoint(.get, "graphql", in: .service, needs: .read, touching: .reached) { call in
                let question = try GraphQLQuestion(call.query)
                let resolver = GraphQLResolver(tracking, registry, call)
                return try await aside { try await answer(question, resolver) }
            },
        ]
    }

    private static func answer(
        _ question: GraphQLQuestion,
        _ resolver: GraphQLResolver
    ) async throws -> Answer {
        let document = try question.document()
        if let refusal = GraphQLLimits.refusal(of: document) { return refused(refusal) }
        let request: GraphQLRequest
        do throws(GraphQLRefusal) {
            request = try GraphQLRequest(
                document,
                operationName: question.operationName,
                variables: question.variables
            )
        } catch {
            return refused(error.message)
        }
        var found: [(field: GraphQLRequest.Field, json: JSON?)] = []
        var errors: [String] = []
        for field in request.fields {
            do {
                found.append((field, field.output == nil ? nil : try await resolver.resolve(field)))
            } catch let failure as Failure {
                found.append((field, nil))
                errors.append(failure.message)
            }
        }
        return .json(capacityBytes: 4_096) { json in
            json.object("data") { json in
                for (field, value) in found {
                    json.key(field.key)
                    if value == nil, field.output != nil { json.null() } else { json.field(field, value) }
                }
            }
            json.errors(errors)
        }
    }

    private static func refused(_ message: String) -> Answer {
        .json { json in
            json.key("data")
            json.null()
            json.errors([message])
        }
    }
}

/// A document with what comes beside it.
private struct GraphQLQuestion {
    let query: String
    let variables: [JSON.Member]
    let operationName: String?

    init(_ message: Message) throws {
        query = try message.string("query") ?? ""
        operationName = try message.json("operationName").flatMap(Self.name)
        switch try message.json("variables") {
        case nil: variables = []
        case .object(let members)?: variables = members
        case let other?: throw message.invalid(other, "variables")
        }
    }

    /// As GraphQL's servers read it from an address; MLflow's only reads bodies.
    init(_ words: Query) throws {
        query = words["query"] ?? ""
        operationName = words["operationName"]
        guard let text = words["variables"], !text.isEmpty else {
            variables = []
            return
        }
        guard case .object(let members) = try JSON(parsing: text) else {
            throw Failure.invalid("The variables must be a JSON object.")
        }
        variables = members
    }

    /// - Throws: `Failure.invalid` for a text that is no document.
    func document() throws(Failure) -> GraphQLDocument {
        guard !query.isEmpty else { throw .invalid("Must provide query string.") }
        guard query.utf8.count <= GraphQLLimits.documentBytes else {
            throw Failure(.tooLarge, "The query is longer than \(GraphQLLimits.documentBytes) bytes.")
        }
        do throws(GraphQLSyntaxError) {
            return try GraphQLParser.parse(query)
        } catch {
            throw .invalid(error.message)
        }
    }

    private static func name(_ json: JSON) -> String? {
        switch json {
        case .null, .string(""): nil
        case .string(let name): name
        case let other: other.text
        }
    }
}

extension JSONWriter {
    fileprivate mutating func errors(_ messages: [String]) {
        key("errors")
        guard !messages.isEmpty else { return null() }
        array { json in
            for message in messages { json.value(message) }
        }
    }
}
