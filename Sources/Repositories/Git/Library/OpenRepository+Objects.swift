import CGit2
import Core

/// An object that is not what git says it must be; a fault of the storage or of a strange client.
struct MalformedObject: Error, CustomStringConvertible {
    let id: ObjectID

    var description: String { "object \(id) cannot be understood" }
}

extension OpenRepository {
    /// Gives the bytes of an object to a body; nil if it is not there or of another type.
    func read<Result>(
        _ id: ObjectID,
        as type: git_object_t,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result? {
        var raw = id.raw
        var found: OpaquePointer?
        let result = git_odb_read(&found, objects, &raw)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        try GitLibrary.check(result)
        defer { git_odb_object_free(found) }
        guard git_odb_object_type(found) == type else { return nil }
        return try body(
            UnsafeRawBufferPointer(start: git_odb_object_data(found), count: git_odb_object_size(found))
        )
    }

    /// The type and the size of an object, without reading it; nil if it is not there.
    func header(of id: ObjectID) throws -> (type: git_object_t, sizeBytes: Int)? {
        var raw = id.raw
        var size = 0
        var type = GIT_OBJECT_INVALID
        let result = git_odb_read_header(&size, &type, objects, &raw)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        try GitLibrary.check(result)
        return (type, size)
    }
}
