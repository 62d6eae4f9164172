import Core
import Database

/// A repository that was deleted and has its name still, as whoever meets it is told of it.
struct DeletedRepository: Sendable {
    let fullName: String
    let deletedMs: Int64
    /// Whether it is being removed for good.
    let isPurged: Bool

    /// Nothing comes of the row of one that was not deleted.
    ///
    /// - Parameters:
    ///   - fullName: Its owner and its name.
    ///   - row: What was read of it.
    ///   - column: The column of when it was deleted, behind which is that of when its removal began.
    init?(_ fullName: String, _ row: borrowing Row, from column: Int) {
        guard let deletedMs = row.optionalInt(column) else { return nil }
        self.fullName = fullName
        self.deletedMs = deletedMs
        isPurged = !row.isNull(column + 1)
    }

    /// What becomes of it, and who may do what about it until then.
    func fate(graceDays: Int) -> String {
        guard !isPurged else { return "it is gone for good within minutes." }
        let end = UTCTime(epochMs: deletedMs + Int64(graceDays) * 86_400_000).short
        return
            "it can be restored until \(end) UTC, or ended at once, in Settings under Deleted repositories (/settings/deleted, GET /api/v1/user/repos/deleted)."
    }
}
