import Core

/// The values of an operation's variables, and how values become input.
struct GraphQLVariables {
    private let declared: [String: GraphQLTypeReference]
    private let values: [String: GraphQLValue]
    private let operationName: String?

    /// - Throws: `GraphQLRefusal` where a value that is needed is not there.
    init(_ given: [JSON.Member], of operation: GraphQLOperation) throws(GraphQLRefusal) {
        var declared: [String: GraphQLTypeReference] = [:]
        var values: [String: GraphQLValue] = [:]
        for variable in operation.variables {
            declared[variable.name] = variable.type
            let value = given.last { $0.key == variable.name }.map { GraphQLValue($0.value) }
            if let value = value ?? variable.fallback { values[variable.name] = value }
            guard variable.type.isRequired else { continue }
            switch values[variable.name] {
            case nil:
                throw GraphQLRefusal(
                    "Variable '$\(variable.name)' of required type '\(variable.type)' was not provided."
                )
            case .null?:
                throw GraphQLRefusal(
                    "Variable '$\(variable.name)' of non-null type '\(variable.type)' must not be null."
                )
            default: break
            }
        }
        self.declared = declared
        self.values = values
        operationName = operation.name
    }

    /// An argument as one of MLflow's messages; what is null is not there.
    func input(_ value: GraphQLValue, of type: String) throws(GraphQLRefusal) -> [JSON.Member] {
        guard let fields = GraphQLSchema.inputs[type] else {
            preconditionFailure("the schema does not know its input \(type)")
        }
        let (value, place) = try resolved(value, as: type)
        switch value {
        case .null?, nil: return []
        case .object(let members)?:
            var input: [JSON.Member] = []
            for member in members {
                guard let field = fields[member.name] else {
                    let words = "Field '\(member.name)' is not defined by type '\(type)'."
                    throw place.map { $0.refusal(value ?? .null, words) } ?? GraphQLRefusal(words)
                }
                let below = place.map { $0.below(member.name) }
                guard let json = try json(member.value, as: field, at: below) else { continue }
                input.append(JSON.Member(key: member.name.snakeCase, value: json))
            }
            return input
        case let other?:
            let words = "Expected type '\(type)' to be an object."
            throw place.map { $0.refusal(other, words) } ?? GraphQLRefusal(words)
        }
    }

    /// Where in a variable a value stands.
    private struct Place {
        let variable: String
        var path: String

        func below(_ name: String) -> Place { Place(variable: variable, path: path + "." + name) }

        func refusal(_ value: GraphQLValue, _ words: String) -> GraphQLRefusal {
            let at = path == variable ? "" : " at '\(path)'"
            return GraphQLRefusal("Variable '$\(variable)' got invalid value \(value.python)\(at); \(words)")
        }
    }

    private func resolved(
        _ value: GraphQLValue,
        as type: String
    ) throws(GraphQLRefusal) -> (GraphQLValue?, Place?) {
        guard case .variable(let name) = value else { return (value, nil) }
        guard let reference = declared[name] else {
            let operation = operationName.map { " by operation '\($0)'" } ?? ""
            throw GraphQLRefusal("Variable '$\(name)' is not defined\(operation).")
        }
        guard reference.description.filter({ $0 != "!" }) == type else {
            throw GraphQLRefusal(
                "Variable '$\(name)' of type '\(reference)' used in position expecting type '\(type)'."
            )
        }
        return (values[name], Place(variable: name, path: name))
    }

    private func json(
        _ given: GraphQLValue,
        as input: GraphQLSchema.Input,
        at outer: Place?
    ) throws(GraphQLRefusal) -> JSON? {
        let (value, inner) = try resolved(given, as: input.description)
        let place = inner ?? outer
        func refusal(_ words: String) -> GraphQLRefusal {
            place.map { $0.refusal(value ?? .null, words) } ?? GraphQLRefusal(words)
        }
        switch (input, value) {
        case (_, nil), (_, .null?): return nil
        case (.string, .string(let text)?): return .string(text)
        case (.string, let other?):
            throw refusal("String cannot represent a non string value: \(other.python)")
        case (.integer, .integer(let text)?):
            guard let number = Int32(text) else {
                throw refusal("Int cannot represent non 32-bit signed integer value: \(text)")
            }
            return .integer(Int64(number))
        case (.integer, let other?):
            throw refusal("Int cannot represent non-integer value: \(other.python)")
        case (.long, .integer(let text)?):
            guard let number = Int64(text) else {
                throw refusal("LongString cannot represent non 64-bit signed integer value: \(text)")
            }
            return .integer(number)
        case (.long, .string(let text)?) where place != nil && Int64(text) != nil: return .string(text)
        case (.long, let other?):
            throw refusal("LongString cannot represent non-integer value: \(other.python)")
        case (.word(_, let words), .word(let word)?) where words.contains(word): return .string(word)
        // Only in a variable, where a word has no other form.
        case (.word(_, let words), .string(let word)?) where place != nil && words.contains(word):
            return .string(word)
        case (.word(let type, _), .word(let word)?):
            throw refusal("Value '\(word)' does not exist in '\(type)' enum.")
        case (.word(let type, _), .string(let word)?) where place != nil:
            throw refusal("Value '\(word)' does not exist in '\(type)' enum.")
        case (.word(let type, _), let other?):
            throw refusal("Enum '\(type)' cannot represent non-enum value: \(other.python).")
        case (.strings, .list(let list)?):
            return .array(
                try list.map { element throws(GraphQLRefusal) in
                    try json(element, as: .string, at: place) ?? .null
                }
            )
        // One value stands for a list of it.
        case (.strings, let one?):
            return try json(one, as: .string, at: place).map { .array([$0]) }
        }
    }
}

extension GraphQLValue {
    fileprivate init(_ json: JSON) {
        self =
            switch json {
            case .null: .null
            case .boolean(let value): .boolean(value)
            case .integer(let value): .integer(String(value))
            // As in the original, a number without a fraction is an integer.
            case .number(let value): Int64(exactly: value).map { .integer(String($0)) } ?? .number(json.text)
            case .string(let text): .string(text)
            case .array(let elements): .list(elements.map { GraphQLValue($0) })
            case .object(let members):
                .object(members.map { GraphQLArgument(name: $0.key, value: GraphQLValue($0.value)) })
            }
    }

    /// As Python shows it, for messages.
    fileprivate var python: String {
        switch self {
        case .variable(let name): "$\(name)"
        case .integer(let text), .number(let text), .word(let text): text
        case .string(let text): "'\(text)'"
        case .boolean(let value): value ? "True" : "False"
        case .null: "None"
        case .list(let values): "[" + values.map(\.python).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "'\($0.name)': \($0.value.python)" }.joined(separator: ", ") + "}"
        }
    }
}

extension String {
    /// `runId` as `run_id`.
    var snakeCase: String {
        reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}
