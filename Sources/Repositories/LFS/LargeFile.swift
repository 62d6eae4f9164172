package import ObjectStore

/// A file that Git LFS keeps beside the history of a repository, known by the hash of its content.
package struct LargeFile: Sendable, Hashable {
    package let hash: ContentHash
    package let sizeBytes: Int64
    package let storedMs: Int64
    let objectKey: Int64
}
