import Core

/// Writes the fields that were asked, and no others.
///
/// What MLflow's messages leave out is there in GraphQL: an empty string, `"0"`, an empty list.
extension JSONWriter {
    mutating func fields(_ fields: [GraphQLRequest.Field], of json: JSON) {
        object { writer in
            for field in fields {
                writer.key(field.key)
                writer.field(field, json[field.name.snakeCase])
            }
        }
    }

    mutating func field(_ field: GraphQLRequest.Field, _ json: JSON?) {
        switch (field.output, json) {
        case (nil, _): value(field.name)
        case (.nothing, _): null()
        case (.string, .string(let text)?): value(text)
        case (.string, _): value("")
        case (.long, .integer(let number)?): value(String(number))
        case (.long, _): value("0")
        case (.float, .number(let number)?) where number.isFinite: value(number)
        case (.float, .integer(let number)?): value(Double(number))
        case (.float, _): null()
        case (.strings, .array(let elements)?): value(.array(elements))
        case (.strings, _): array { _ in }
        case (.object, let object): fields(field.fields, of: object ?? .object([]))
        case (.objects, .array(let elements)?):
            array { writer in
                for element in elements { writer.fields(field.fields, of: element) }
            }
        case (.objects, _): array { _ in }
        }
    }
}
