/// Reads a GraphQL document by recursive descent.
struct GraphQLParser {
    /// Security: a text that nests deeper would exhaust the stack.
    private static let nestingLimit = 64

    private var lexer: GraphQLLexer
    private var token = GraphQLToken.end
    private var nesting = 0

    static func parse(_ text: String) throws(GraphQLSyntaxError) -> GraphQLDocument {
        var parser = GraphQLParser(lexer: GraphQLLexer(text))
        try parser.advance()
        return try parser.document()
    }

    private init(lexer: GraphQLLexer) { self.lexer = lexer }

    private mutating func document() throws(GraphQLSyntaxError) -> GraphQLDocument {
        var document = GraphQLDocument()
        repeat {
            if token == .name("fragment") {
                try advance()
                let name = try self.name()
                guard document.fragments[name] == nil else {
                    throw GraphQLSyntaxError("There can be only one fragment named '\(name)'.")
                }
                guard try take(.name("on")) else { throw unexpected() }
                document.fragments[name] = GraphQLFragment(
                    type: try self.name(),
                    directives: try directives(),
                    selections: try selections()
                )
            } else {
                document.operations.append(try operation())
            }
        } while token != .end
        return document
    }

    private mutating func operation() throws(GraphQLSyntaxError) -> GraphQLOperation {
        guard case .name(let word) = token else {
            return GraphQLOperation(
                kind: .query,
                name: nil,
                variables: [],
                directives: [],
                selections: try selections()
            )
        }
        guard let kind = GraphQLOperation.Kind(rawValue: word) else { throw unexpected() }
        try advance()
        var name: String?
        if case .name(let text) = token {
            name = text
            try advance()
        }
        return GraphQLOperation(
            kind: kind,
            name: name,
            variables: try variables(),
            directives: try directives(),
            selections: try selections()
        )
    }

    private mutating func variables() throws(GraphQLSyntaxError) -> [GraphQLVariable] {
        guard try take(.mark("(")) else { return [] }
        var variables: [GraphQLVariable] = []
        repeat {
            try expect(.mark("$"))
            let name = try self.name()
            try expect(.mark(":"))
            let type = GraphQLTypeReference(description: try typeText())
            let fallback = try take(.mark("=")) ? try value() : nil
            guard try directives().isEmpty else { throw GraphQLSyntaxError("A variable has a directive.") }
            variables.append(GraphQLVariable(name: name, type: type, fallback: fallback))
        } while try !take(.mark(")"))
        return variables
    }

    private mutating func typeText() throws(GraphQLSyntaxError) -> String {
        try enter()
        defer { nesting -= 1 }
        var text: String
        if try take(.mark("[")) {
            text = "[\(try typeText())]"
            try expect(.mark("]"))
        } else {
            text = try name()
        }
        return try take(.mark("!")) ? text + "!" : text
    }

    private mutating func selections() throws(GraphQLSyntaxError) -> [GraphQLSelection] {
        try enter()
        defer { nesting -= 1 }
        try expect(.mark("{"))
        var selections: [GraphQLSelection] = []
        repeat { selections.append(try selection()) } while try !take(.mark("}"))
        return selections
    }

    private mutating func selection() throws(GraphQLSyntaxError) -> GraphQLSelection {
        guard try take(.mark("...")) else { return .field(try field()) }
        if case .name(let name) = token, name != "on" {
            try advance()
            return .spread(fragment: name, try directives())
        }
        let isTyped = try take(.name("on"))
        let fragment = GraphQLFragment(
            type: isTyped ? try name() : "",
            directives: try directives(),
            selections: try selections()
        )
        return .inline(fragment, isTyped: isTyped)
    }

    private mutating func field() throws(GraphQLSyntaxError) -> GraphQLField {
        let first = try name()
        let second = try take(.mark(":")) ? try name() : nil
        return GraphQLField(
            alias: second == nil ? nil : first,
            name: second ?? first,
            arguments: try arguments(),
            directives: try directives(),
            selections: token == .mark("{") ? try selections() : nil
        )
    }

    private mutating func directives() throws(GraphQLSyntaxError) -> [GraphQLDirective] {
        var directives: [GraphQLDirective] = []
        while try take(.mark("@")) {
            directives.append(GraphQLDirective(name: try name(), arguments: try arguments()))
        }
        return directives
    }

    private mutating func arguments() throws(GraphQLSyntaxError) -> [GraphQLArgument] {
        guard try take(.mark("(")) else { return [] }
        var arguments: [GraphQLArgument] = []
        repeat { arguments.append(try argument()) } while try !take(.mark(")"))
        return arguments
    }

    private mutating func argument() throws(GraphQLSyntaxError) -> GraphQLArgument {
        let name = try self.name()
        try expect(.mark(":"))
        return GraphQLArgument(name: name, value: try value())
    }

    private mutating func value() throws(GraphQLSyntaxError) -> GraphQLValue {
        try enter()
        defer { nesting -= 1 }
        let first = token
        try advance()
        switch first {
        case .mark("$"): return .variable(try name())
        case .integer(let text): return .integer(text)
        case .number(let text): return .number(text)
        case .string(let text): return .string(text)
        case .name("true"): return .boolean(true)
        case .name("false"): return .boolean(false)
        case .name("null"): return .null
        case .name(let word): return .word(word)
        case .mark("["):
            var values: [GraphQLValue] = []
            while try !take(.mark("]")) { values.append(try value()) }
            return .list(values)
        case .mark("{"):
            var members: [GraphQLArgument] = []
            while try !take(.mark("}")) { members.append(try argument()) }
            return .object(members)
        default: throw GraphQLSyntaxError("Unexpected \(first.description).")
        }
    }

    private mutating func name() throws(GraphQLSyntaxError) -> String {
        guard case .name(let text) = token else {
            throw GraphQLSyntaxError("Expected Name, found \(token.description).")
        }
        try advance()
        return text
    }

    private mutating func expect(_ wanted: GraphQLToken) throws(GraphQLSyntaxError) {
        guard try take(wanted) else {
            throw GraphQLSyntaxError("Expected \(wanted.description), found \(token.description).")
        }
    }

    private mutating func take(_ wanted: GraphQLToken) throws(GraphQLSyntaxError) -> Bool {
        guard token == wanted else { return false }
        try advance()
        return true
    }

    private mutating func enter() throws(GraphQLSyntaxError) {
        nesting += 1
        guard nesting <= Self.nestingLimit else {
            throw GraphQLSyntaxError("The document nests deeper than \(Self.nestingLimit) levels.")
        }
    }

    private mutating func advance() throws(GraphQLSyntaxError) { token = try lexer.next() }

    private func unexpected() -> GraphQLSyntaxError {
        GraphQLSyntaxError("Unexpected \(token.description).")
    }
}
