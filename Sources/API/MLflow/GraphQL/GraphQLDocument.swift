/// What a client asks in GraphQL, as it is written: operations and the fragments that they share.
///
/// Source: the GraphQL specification of October 2021, without what the pages of MLflow never write: schemas, descriptions
/// and block strings.
struct GraphQLDocument {
    var operations: [GraphQLOperation] = []
    var fragments: [String: GraphQLFragment] = [:]
}

struct GraphQLOperation {
    enum Kind: String {
        case query
        case mutation
        case subscription
    }

    let kind: Kind
    let name: String?
    let variables: [GraphQLVariable]
    let directives: [GraphQLDirective]
    let selections: [GraphQLSelection]
}

struct GraphQLFragment {
    /// The type that it is written for.
    let type: String
    let directives: [GraphQLDirective]
    let selections: [GraphQLSelection]
}

indirect enum GraphQLSelection {
    case field(GraphQLField)
    case spread(fragment: String, [GraphQLDirective])
    /// An inline fragment; without a type it stands for the type around it.
    case inline(GraphQLFragment, isTyped: Bool)
}

struct GraphQLField {
    let alias: String?
    let name: String
    let arguments: [GraphQLArgument]
    let directives: [GraphQLDirective]
    /// Nil where no braces follow the name.
    let selections: [GraphQLSelection]?

    /// What the answer calls it.
    var key: String { alias ?? name }
}

struct GraphQLArgument: Hashable {
    let name: String
    let value: GraphQLValue
}

struct GraphQLDirective: Hashable {
    let name: String
    let arguments: [GraphQLArgument]
}

struct GraphQLVariable {
    let name: String
    let type: GraphQLTypeReference
    let fallback: GraphQLValue?
}

/// A type as a variable names it, such as `[String!]`.
struct GraphQLTypeReference: CustomStringConvertible {
    let description: String
    /// With an exclamation mark.
    var isRequired: Bool { description.hasSuffix("!") }
}

indirect enum GraphQLValue: Hashable {
    case variable(String)
    case integer(String)
    case number(String)
    case string(String)
    case boolean(Bool)
    case null
    case word(String)
    case list([GraphQLValue])
    case object([GraphQLArgument])
}
