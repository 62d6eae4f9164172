internal import Glibc

/// The functions of PostgreSQL's client library that are used here, found when the first connection is made.
///
/// A server on SQLite does without the library: with the twenty others that it brings along it is a tenth of the memory of an
/// idle one. Names and numbers are those of `libpq-fe.h`, which are kept for as long as the library is called `libpq.so.5`.
///
/// - Source: PostgreSQL 15, chapter 34, libpq.
final class Libpq: Sendable {
    /// `ConnStatusType.CONNECTION_OK`.
    static let connectionOK: UInt32 = 0
    /// `ExecStatusType.PGRES_COMMAND_OK` and `PGRES_TUPLES_OK`.
    static let statusesOfSuccess: ClosedRange<UInt32> = 1...2
    /// `PG_DIAG_SQLSTATE`.
    static let fieldOfState = Int32(UInt8(ascii: "C"))

    typealias Text = UnsafeMutablePointer<CChar>
    typealias NoticeProcessor = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> Void

    let connectdbParams:
        @convention(c) (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?, Int32
        ) -> OpaquePointer?
    let finish: @convention(c) (OpaquePointer) -> Void
    let status: @convention(c) (OpaquePointer) -> UInt32
    let errorMessage: @convention(c) (OpaquePointer) -> Text?
    let setNoticeProcessor:
        @convention(c) (OpaquePointer, NoticeProcessor, UnsafeMutableRawPointer?) -> NoticeProcessor?
    let execParams:
        @convention(c) (
            OpaquePointer, UnsafePointer<CChar>, Int32, UnsafePointer<UInt32>?,
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?, Int32
        ) -> OpaquePointer?
    let resultStatus: @convention(c) (OpaquePointer?) -> UInt32
    let resultErrorField: @convention(c) (OpaquePointer?, Int32) -> Text?
    let clear: @convention(c) (OpaquePointer?) -> Void
    let ntuples: @convention(c) (OpaquePointer) -> Int32
    let cmdTuples: @convention(c) (OpaquePointer) -> Text
    let getisnull: @convention(c) (OpaquePointer, Int32, Int32) -> Int32
    let getvalue: @convention(c) (OpaquePointer, Int32, Int32) -> Text?
    let getlength: @convention(c) (OpaquePointer, Int32, Int32) -> Int32

    /// The library, loaded once and for good.
    private static let loaded = Result { () throws(DatabaseError) in try Libpq() }

    /// - Throws: `DatabaseError` where it is not installed.
    static var shared: Libpq { get throws(DatabaseError) { try loaded.get() } }

    private init() throws(DatabaseError) {
        guard let library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw DatabaseError(
                kind: .other,
                message: "PostgreSQL's client library is not installed (apt install libpq5): \(reason)",
                statement: nil
            )
        }
        connectdbParams = try Self.function("PQconnectdbParams", of: library)
        finish = try Self.function("PQfinish", of: library)
        status = try Self.function("PQstatus", of: library)
        errorMessage = try Self.function("PQerrorMessage", of: library)
        setNoticeProcessor = try Self.function("PQsetNoticeProcessor", of: library)
        execParams = try Self.function("PQexecParams", of: library)
        resultStatus = try Self.function("PQresultStatus", of: library)
        resultErrorField = try Self.function("PQresultErrorField", of: library)
        clear = try Self.function("PQclear", of: library)
        ntuples = try Self.function("PQntuples", of: library)
        cmdTuples = try Self.function("PQcmdTuples", of: library)
        getisnull = try Self.function("PQgetisnull", of: library)
        getvalue = try Self.function("PQgetvalue", of: library)
        getlength = try Self.function("PQgetlength", of: library)
    }

    private static func function<Function>(
        _ name: String,
        of library: UnsafeMutableRawPointer
    ) throws(DatabaseError) -> Function {
        guard let symbol = dlsym(library, name) else {
            throw DatabaseError(
                kind: .other,
                message: "PostgreSQL's client library has no \(name)",
                statement: nil
            )
        }
        return unsafeBitCast(symbol, to: Function.self)
    }
}
