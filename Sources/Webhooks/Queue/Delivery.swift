/// What a webhook was, or is to be, told once; all attempts of a delivery have its id.
package struct Delivery: Sendable, Hashable {
    package let id: String
    /// What happened, in the words of its kind of webhook.
    package let event: String
    package let status: DeliveryStatus
    /// How often it was tried, those before it was sent again included.
    package let attempts: Int64
    /// Epoch milliseconds, as all times.
    package let createdMs: Int64
    /// When it is tried next; nil where it is not.
    package let dueMs: Int64?
    package let lastAttemptMs: Int64?
    package let finishedMs: Int64?
    /// What the receiver answered last; nil where it did not.
    package let responseStatus: Int64?
    /// Why the last attempt failed, in words.
    package let error: String?
}

package enum DeliveryStatus: String, Sendable, Hashable, CaseIterable {
    case pending = "PENDING"
    case delivered = "DELIVERED"
    /// Given up.
    case failed = "FAILED"
}
