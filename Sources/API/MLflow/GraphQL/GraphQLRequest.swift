import Core
import HTTP

/// Why a request cannot be run, in the words of GraphQL's servers.
struct GraphQLRefusal: Error {
    let message: String

    init(_ message: String) { self.message = message }
}

/// An operation that was checked against the schema, with fragments put in place and values filled in.
struct GraphQLRequest {
    /// A field that is asked.
    struct Field {
        /// What the answer calls it.
        let key: String
        let name: String
        /// Nil for the name of the type around it.
        let output: GraphQLSchema.Output?
        /// Of a field of the whole: the argument `input`, its keys as in MLflow's messages.
        let input: [JSON.Member]
        let fields: [Field]

        /// Whether a field below is asked.
        func asks(_ path: String...) -> Bool {
            var level = [self]
            for name in path { level = level.flatMap { $0.fields.filter { $0.name == name } } }
            return !level.isEmpty
        }
    }

    /// `Query` or `Mutation`.
    let type: String
    let fields: [Field]

    /// - Parameters:
    ///   - document: What was asked.
    ///   - operationName: Which of its operations; nil where it has only one.
    ///   - variables: The values of its variables.
    /// - Throws: `GraphQLRefusal` for the first thing that is wrong.
    init(
        _ document: GraphQLDocument,
        operationName: String?,
        variables: [JSON.Member]
    ) throws(GraphQLRefusal) {
        let operation = try Self.operation(of: document, named: operationName)
        guard let roots = GraphQLSchema.roots[operation.kind] else {
            throw GraphQLRefusal("Schema is not configured to execute \(operation.kind.rawValue) operation.")
        }
        for directive in operation.directives where directive.name != "component" {
            throw GraphQLRefusal("Unknown directive '@\(directive.name)'.")
        }
        type = operation.kind == .query ? "Query" : "Mutation"
        let values = try GraphQLVariables(variables, of: operation)
        let compiler = GraphQLCompiler(fragments: document.fragments, variables: values)
        fields = try compiler.roots(operation.selections, of: type, roots)
    }

    private static func operation(
        of document: GraphQLDocument,
        named name: String?
    ) throws(GraphQLRefusal) -> GraphQLOperation {
        guard let name else {
            guard document.operations.count == 1 else {
                throw GraphQLRefusal(
                    document.operations.isEmpty
                        ? "Must provide an operation."
                        : "Must provide operation name if query contains multiple operations."
                )
            }
            return document.operations[0]
        }
        guard let operation = document.operations.first(where: { $0.name == name }) else {
            throw GraphQLRefusal("Unknown operation named '\(name)'.")
        }
        return operation
    }
}

/// Puts fragments in place and checks fields against the schema.
private struct GraphQLCompiler {
    let fragments: [String: GraphQLFragment]
    let variables: GraphQLVariables

    typealias Field = GraphQLRequest.Field

    func roots(
        _ selections: [GraphQLSelection],
        of type: String,
        _ roots: [String: GraphQLSchema.Root]
    ) throws(GraphQLRefusal) -> [Field] {
        try collect(selections, of: type).map { asked throws(GraphQLRefusal) in
            if asked.name == "__typename" { return try typename(asked, of: type) }
            guard let root = roots[asked.name] else { throw unknown(asked, of: type) }
            var input: [JSON.Member] = []
            for argument in asked.arguments {
                guard argument.name == "input" else {
                    throw GraphQLRefusal(
                        "Unknown argument '\(argument.name)' on field '\(type).\(asked.name)'."
                    )
                }
                input = try variables.input(argument.value, of: root.inputType)
            }
            return Field(
                key: asked.key,
                name: asked.name,
                output: root.output,
                input: input,
                fields: try children(of: asked, root.output)
            )
        }
    }

    private func fields(_ selections: [GraphQLSelection], of type: String) throws(GraphQLRefusal) -> [Field] {
        guard let known = GraphQLSchema.types[type] else {
            preconditionFailure("the schema does not know its type \(type)")
        }
        return try collect(selections, of: type).map { asked throws(GraphQLRefusal) in
            if asked.name == "__typename" { return try typename(asked, of: type) }
            guard let output = known[asked.name] else { throw unknown(asked, of: type) }
            if let argument = asked.arguments.first {
                throw GraphQLRefusal("Unknown argument '\(argument.name)' on field '\(type).\(asked.name)'.")
            }
            return Field(
                key: asked.key,
                name: asked.name,
                output: output,
                input: [],
                fields: try children(of: asked, output)
            )
        }
    }

    private func children(
        of asked: Asked,
        _ output: GraphQLSchema.Output
    ) throws(GraphQLRefusal) -> [Field] {
        switch (output.type, asked.selections) {
        case (nil, nil): return []
        case (let type?, let selections?): return try fields(selections, of: type)
        case (nil, _?):
            throw GraphQLRefusal(
                "Field '\(asked.name)' must not have a selection since type '\(output.description)' has no subfields."
            )
        case (_?, nil):
            throw GraphQLRefusal(
                "Field '\(asked.name)' of type '\(output.description)' must have a selection of subfields. "
                    + "Did you mean '\(asked.name) { ... }'?"
            )
        }
    }

    private func typename(_ asked: Asked, of type: String) throws(GraphQLRefusal) -> Field {
        guard asked.selections == nil else {
            throw GraphQLRefusal(
                "Field '__typename' must not have a selection since type 'String!' has no subfields."
            )
        }
        return Field(key: asked.key, name: type, output: nil, input: [], fields: [])
    }

    private func unknown(_ asked: Asked, of type: String) -> GraphQLRefusal {
        GraphQLRefusal("Cannot query field '\(asked.name)' on type '\(type)'.")
    }

    /// A field as it is asked, where the same key is asked in several places put together from them.
    private struct Asked {
        let key: String
        let name: String
        let arguments: [GraphQLArgument]
        var selections: [GraphQLSelection]?
    }

    private func collect(
        _ selections: [GraphQLSelection],
        of type: String
    ) throws(GraphQLRefusal) -> [Asked] {
        var asked: [Asked] = []
        var seen: Set<String> = []
        try collect(selections, of: type, within: [], seen: &seen, into: &asked)
        return asked
    }

    private func collect(
        _ selections: [GraphQLSelection],
        of type: String,
        within open: Set<String>,
        seen: inout Set<String>,
        into asked: inout [Asked]
    ) throws(GraphQLRefusal) {
        for selection in selections {
            switch selection {
            case .field(let field):
                try refuse(field.directives)
                try add(field, to: &asked)
            case .inline(let fragment, let isTyped):
                try refuse(fragment.directives)
                if isTyped { try check(fragment, fits: type, name: nil) }
                try collect(fragment.selections, of: type, within: open, seen: &seen, into: &asked)
            case .spread(let name, let directives):
                try refuse(directives)
                guard let fragment = fragments[name] else {
                    throw GraphQLRefusal("Unknown fragment '\(name)'.")
                }
                guard !open.contains(name) else {
                    throw GraphQLRefusal("Cannot spread fragment '\(name)' within itself.")
                }
                // Security: once for a set of fields, or fragments that spread each other twice would double at each.
                guard seen.insert(name).inserted else { continue }
                try refuse(fragment.directives)
                try check(fragment, fits: type, name: name)
                try collect(
                    fragment.selections,
                    of: type,
                    within: open.union([name]),
                    seen: &seen,
                    into: &asked
                )
            }
        }
    }

    private func add(_ field: GraphQLField, to asked: inout [Asked]) throws(GraphQLRefusal) {
        guard let index = asked.firstIndex(where: { $0.key == field.key }) else {
            asked.append(
                Asked(
                    key: field.key,
                    name: field.name,
                    arguments: field.arguments,
                    selections: field.selections
                )
            )
            return
        }
        guard asked[index].name == field.name else {
            throw GraphQLRefusal(
                "Fields '\(field.key)' conflict because '\(asked[index].name)' and '\(field.name)' are different "
                    + "fields. Use different aliases on the fields to fetch both if this was intentional."
            )
        }
        guard asked[index].arguments == field.arguments else {
            throw GraphQLRefusal(
                "Fields '\(field.key)' conflict because they have differing arguments. "
                    + "Use different aliases on the fields to fetch both if this was intentional."
            )
        }
        if let more = field.selections { asked[index].selections = (asked[index].selections ?? []) + more }
    }

    private func check(_ fragment: GraphQLFragment, fits type: String, name: String?) throws(GraphQLRefusal) {
        guard fragment.type != type else { return }
        guard GraphQLSchema.types[fragment.type] != nil || ["Query", "Mutation"].contains(fragment.type)
        else {
            throw GraphQLRefusal("Unknown type '\(fragment.type)'.")
        }
        throw GraphQLRefusal(
            "Fragment \(name.map { "'\($0)' " } ?? "")cannot be spread here as objects of type '\(type)' "
                + "can never be of type '\(fragment.type)'."
        )
    }

    /// MLflow's schema knows but one directive, and that only on operations.
    private func refuse(_ directives: [GraphQLDirective]) throws(GraphQLRefusal) {
        guard let first = directives.first else { return }
        throw GraphQLRefusal("Unknown directive '@\(first.name)'.")
    }
}
