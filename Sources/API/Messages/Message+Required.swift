import Core

/// The same fields where the request must have them; an empty string counts as missing.
extension Message {
    package func requiredString(_ name: String) throws -> String {
        guard let value = try string(name), !value.isEmpty else { throw missing(name) }
        return value
    }

    package func requiredInteger(_ name: String) throws -> Int64 {
        guard try json(name) != .string(""), let value = try integer(name) else { throw missing(name) }
        return value
    }

    package func requiredDouble(_ name: String) throws -> Double {
        guard try json(name) != .string(""), let value = try double(name) else { throw missing(name) }
        return value
    }

    package func requiredMessage(_ name: String) throws -> Message {
        guard let value = try message(name) else { throw missing(name) }
        return value
    }

    /// The id of a run, which old clients call `run_uuid`.
    package func requiredRunID() throws -> String {
        if let id = try string("run_id"), !id.isEmpty { return id }
        guard let id = try string("run_uuid"), !id.isEmpty else { throw missing("run_id") }
        return id
    }
}
