package import Core
import HTTP
package import NIOCore

/// A request of MLflow's, decoded leniently as protobuf's JSON is: by field, when the handler asks for it.
///
/// A field may be called `run_id` or `runId`, but not both at once. A field that is `null` is not there; fields that
/// nobody asks for are ignored.
///
/// - Source: MLflow, `mlflow/server/handlers.py`, `_get_request_message`; protobuf, `json_format.ParseDict`.
package struct Message: Sendable {
    private let members: [JSON.Member]
    private let isQuery: Bool
    /// Where this message stands in its request, such as `tags[0].`.
    private let location: String

    /// A body that is a JSON string holding JSON is decoded twice, for old clients; one that cannot be read is empty, so
    /// that the answer names the parameter that is missing.
    ///
    /// - Throws: `Failure.tooLarge` for more values than are read, `Failure.invalid` for what is no object.
    package init(body: ByteBuffer) throws {
        var json = try Self.read { try body.withUnsafeReadableBytes { try JSON(parsing: $0) } }
        if case .string(let text) = json { json = try Self.read { try JSON(parsing: text) } }
        switch json {
        case .object(let members): self.init(members, location: "")
        case nil, .null: self.init([], location: "")
        default: throw Failure.invalid("The request body must be a JSON object.")
        }
    }

    /// Nil for what is no JSON.
    private static func read(_ parse: () throws -> JSON) throws -> JSON? {
        do {
            return try parse()
        } catch let error as JSONError {
            guard error.isTooMuch else { return nil }
            throw Failure(.tooLarge, "The request body has too many values.")
        }
    }

    /// The fields of an object that was read already.
    init(_ members: [JSON.Member]) { self.init(members, location: "") }

    init(query: Query) {
        members = query.pairs.map { JSON.Member(key: $0.key, value: .string($0.value)) }
        isQuery = true
        location = ""
    }

    private init(_ members: [JSON.Member], location: String) {
        self.members = members
        self.isQuery = false
        self.location = location
    }

    /// Whether the field is there; false where it is `null`.
    package func has(_ name: String) throws -> Bool { try json(name) != nil }

    /// The field as it came.
    package func json(_ name: String) throws -> JSON? {
        if isQuery { return members.first { $0.key == name }?.value }
        let camelName = camelCase(name)
        let value = members.last { $0.key == name }?.value
        if camelName != name, let other = members.last(where: { $0.key == camelName })?.value {
            guard value == nil else {
                throw Failure.invalid(
                    "Request specifies both '\(name)' and '\(camelName)'; provide only one of them."
                )
            }
            return other == .null ? nil : other
        }
        return value == .null ? nil : value
    }

    package func string(_ name: String) throws -> String? {
        guard let json = try json(name) else { return nil }
        guard case .string(let value) = json else { throw invalid(json, name) }
        return value
    }

    /// An integer, which may also come as a string of digits or as a number without a fraction.
    package func integer(_ name: String) throws -> Int64? {
        guard let json = try json(name) else { return nil }
        guard let value = wireInteger(json) else { throw invalid(json, name) }
        return value
    }

    /// A number, which may also come as a string; `"NaN"`, `"Infinity"` and `"-Infinity"` are numbers.
    package func double(_ name: String) throws -> Double? {
        guard let json = try json(name) else { return nil }
        guard let value = wireDouble(json) else { throw invalid(json, name) }
        return value
    }

    package func boolean(_ name: String) throws -> Bool? {
        switch try json(name) {
        case nil: return nil
        case .boolean(let value): return value
        case .string(let text) where isQuery:
            switch text.lowercased() {
            case "true": return true
            case "false": return false
            default: throw Failure.invalid("Invalid boolean value: \(text), must be 'true' or 'false'.")
            }
        case let json?: throw invalid(json, name)
        }
    }

    /// A word of an enum, which may also come as its number.
    package func word<Word: WireWord>(_ name: String, of type: Word.Type = Word.self) throws -> Word? {
        guard let json = try json(name) else { return nil }
        if case .string(let text) = json, let word = Word.allCases.first(where: { $0.wireName == text }) {
            return word
        }
        if let number = wireInteger(json), let word = Word.allCases.first(where: { $0.wireNumber == number })
        {
            return word
        }
        throw invalid(json, name)
    }

    /// A list of strings; not there is empty.
    package func strings(_ name: String) throws -> [String] {
        try list(name) { if case .string(let value) = $0 { value } else { nil } }
    }

    /// A list of integers; not there is empty.
    package func integers(_ name: String) throws -> [Int64] {
        try list(name, wireInteger)
    }

    /// A list of messages; not there is empty.
    package func messages(_ name: String) throws -> [Message] {
        var index = -1
        return try list(name) { element in
            index += 1
            guard case .object(let members) = element else { return nil }
            return Message(members, location: "\(location)\(name)[\(index)].")
        }
    }

    package func message(_ name: String) throws -> Message? {
        guard let json = try json(name) else { return nil }
        guard case .object(let members) = json else { throw invalid(json, name) }
        return Message(members, location: "\(location)\(name).")
    }

    /// Decodes a list whose elements must all be of one kind.
    private func list<Element>(_ name: String, _ decode: (JSON) throws -> Element?) throws -> [Element] {
        let json =
            isQuery ? .array(members.filter { $0.key == name }.map(\.value)) : try json(name) ?? .array([])
        guard case .array(let elements) = json else { throw invalid(json, name) }
        let values = try elements.compactMap(decode)
        guard values.count == elements.count else { throw invalid(json, name) }
        return values
    }

    /// What MLflow says about a value of the wrong type.
    package func invalid(_ value: JSON, _ name: String) -> Failure {
        .invalid(
            "Invalid value \(value.pythonText(upTo: 200)) for parameter '\(location)\(name)' supplied:  Hint: Value was of type "
                + "'\(value.pythonType)'. See the API docs for more information about request parameters."
        )
    }

    /// What MLflow says about a value that is not there.
    package func missing(_ name: String) -> Failure {
        .invalid(
            "Missing value for required parameter '\(location)\(name)'. "
                + "See the API docs for more information about request parameters."
        )
    }
}

/// `run_id` as `runId`.
private func camelCase(_ name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: "_")) else { return name }
    var result: [UInt8] = []
    var isAfterUnderscore = false
    for byte in name.utf8 {
        if byte == UInt8(ascii: "_") {
            isAfterUnderscore = true
        } else {
            let isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            result.append(isAfterUnderscore && isLower ? byte - 32 : byte)
            isAfterUnderscore = false
        }
    }
    return String(decoding: result, as: UTF8.self)
}

private func wireInteger(_ json: JSON) -> Int64? {
    switch json {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value)
    case .string(let text): Int64(text)
    default: nil
    }
}

private func wireDouble(_ json: JSON) -> Double? {
    switch json {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .string("NaN"): .nan
    case .string("Infinity"): .infinity
    case .string("-Infinity"): -.infinity
    // Python, by whose rules texts are numbers, has no hexadecimal ones.
    case .string(let text) where text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") }): nil
    case .string(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
    default: nil
    }
}
