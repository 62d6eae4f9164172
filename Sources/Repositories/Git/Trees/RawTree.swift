import CGit2
import Glibc

/// A tree as Git stores it: for each entry its mode in base 8, a space, its name, NUL, and the id, in order of the names.
///
/// Its bytes are compared rather than decoded, since a walk through a history compares millions of entries.
final class RawTree {
    let id: ObjectID
    private let object: Owned
    let bytes: UnsafeRawBufferPointer
    let entries: [Entry]

    /// Where an entry lies in the bytes of its tree.
    struct Entry {
        let start: Int32
        let nameStart: Int32
        let nameEnd: Int32
        let mode: UInt32

        var end: Int { Int(nameEnd) + 1 + ObjectID.byteCount }
        /// All of it: it is equal to another's if and only if the entries are the same.
        var range: Range<Int> { Int(start)..<end }
        var nameRange: Range<Int> { Int(nameStart)..<Int(nameEnd) }
        var isTree: Bool { mode & 0o170000 == 0o040000 }
    }

    /// - Throws: `MalformedObject` if it is no tree.
    init(_ id: ObjectID, in repository: OpenRepository) throws {
        var raw = id.raw
        let object = try Owned(freedBy: git_odb_object_free) { git_odb_read(&$0, repository.objects, &raw) }
        guard git_odb_object_type(object.pointer) == GIT_OBJECT_TREE else { throw MalformedObject(id: id) }
        bytes = UnsafeRawBufferPointer(
            start: git_odb_object_data(object.pointer),
            count: git_odb_object_size(object.pointer)
        )
        guard let entries = Self.parse(bytes) else { throw MalformedObject(id: id) }
        self.entries = entries
        self.object = object
        self.id = id
    }

    func name(_ entry: Entry) -> [UInt8] { Array(bytes[entry.nameRange]) }

    func target(_ entry: Entry) -> ObjectID {
        ObjectID(UnsafeRawBufferPointer(rebasing: bytes[Int(entry.nameEnd) + 1..<entry.end]))
    }

    func entry(named name: [UInt8]) -> Entry? {
        entries.first { entry in
            entry.nameRange.count == name.count
                && name.withUnsafeBytes {
                    memcmp($0.baseAddress!, bytes.baseAddress! + Int(entry.nameStart), $0.count) == 0
                }
        }
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer) -> [Entry]? {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return [] }
        guard bytes.count < Int32.max else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(bytes.count / 40)
        var start = 0
        while start < bytes.count {
            var mode: UInt32 = 0
            var index = start
            while index < bytes.count, bytes[index] != UInt8(ascii: " ") {
                guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(bytes[index]), index < start + 7 else {
                    return nil
                }
                mode = mode << 3 | UInt32(bytes[index] - UInt8(ascii: "0"))
                index += 1
            }
            guard let found = memchr(base + index, 0, bytes.count - index) else { return nil }
            let end = UnsafeRawPointer(found) - base
            guard index + 1 < end, end + 1 + ObjectID.byteCount <= bytes.count else { return nil }
            entries.append(
                Entry(start: Int32(start), nameStart: Int32(index + 1), nameEnd: Int32(end), mode: mode)
            )
            start = end + 1 + ObjectID.byteCount
        }
        return entries
    }
}

extension RawTree {
    /// Parts entries of this tree, given by ascending indices, by whether another tree has the same in the same mode.
    func part(_ indices: [Int32], by other: RawTree) -> (same: [Int32], different: [Int32]) {
        var (same, different): ([Int32], [Int32]) = ([], [])
        var place = 0
        for (position, index) in indices.enumerated() {
            let entry = entries[Int(index)]
            while place < other.entries.count, other.isBefore(other.entries[place], entry, of: self) {
                place += 1
            }
            guard place < other.entries.count else {
                different.append(contentsOf: indices[position...])
                break
            }
            if isSame(entry, other.entries[place], of: other) {
                same.append(index)
            } else {
                different.append(index)
            }
        }
        return (same, different)
    }

    func isSame(_ entry: Entry, _ second: Entry, of other: RawTree) -> Bool {
        entry.range.count == second.range.count
            && memcmp(
                bytes.baseAddress! + Int(entry.start),
                other.bytes.baseAddress! + Int(second.start),
                entry.range.count
            )
                == 0
    }

    /// Whether an entry of this tree stands before one of another: git compares folders as if a slash followed.
    func isBefore(_ entry: Entry, _ second: Entry, of other: RawTree) -> Bool {
        let (name, otherName) = (entry.nameRange, second.nameRange)
        let common = min(name.count, otherName.count)
        let order = memcmp(
            bytes.baseAddress! + name.lowerBound,
            other.bytes.baseAddress! + otherName.lowerBound,
            common
        )
        guard order == 0 else { return order < 0 }
        return next(entry, after: common) < other.next(second, after: common)
    }

    private func next(_ entry: Entry, after count: Int) -> UInt8 {
        if count < entry.nameRange.count { return bytes[Int(entry.nameStart) + count] }
        return entry.isTree ? UInt8(ascii: "/") : 0
    }
}
