import Database

/// A page of versions or models, which ends where it becomes too large.
protocol RegistryPage: SearchedRows {
    associatedtype Element

    var elements: [Element] { get set }
    var leftBytes: Int { get set }

    /// What the page may hold in bytes, and how many elements are read before it is known how large they are.
    var limitBytes: Int { get }
    static var firstCount: Int { get }

    /// Adds what lies in other tables to the elements from a place on, whose keys are given.
    func complete(_ elements: inout [Element], from start: Int, of keys: [Int64]) throws
    func textBytes(of element: Element) -> Int
}

extension RegistryPage {
    /// As many as the first ones let expect: they are read in one go, since no index may have their order, and each go would
    /// sort all that are found anew.
    var room: Int {
        guard !elements.isEmpty else { return Self.firstCount }
        return max(1, leftBytes / max(1, (limitBytes - leftBytes) / elements.count))
    }

    func cut(to count: Int) { elements.removeLast(elements.count - count) }

    func arrange(_ rows: Range<Int>, as order: [Int]) {
        elements.replaceSubrange(rows, with: order.map { elements[$0] })
    }

    func completeLast(_ keys: [Int64]) throws -> Int {
        var count = elements.count - keys.count
        try complete(&elements, from: count, of: keys)
        while count < elements.count, leftBytes > 0 {
            leftBytes -= textBytes(of: elements[count])
            count += 1
        }
        return count
    }
}

/// A page of versions.
final class VersionPage: RegistryPage {
    typealias Order = [(key: ModelVersionQuery.Key, isAscending: Bool)]

    static let columns = ModelVersionReader.columns

    static let firstCount = 1_000

    private let reader: ModelVersionReader
    private let order: Order
    let limitBytes: Int
    var elements: [ModelVersion] = []
    var leftBytes: Int

    init(_ reader: ModelVersionReader, by order: Order, limitBytes: Int) {
        self.reader = reader
        self.order = order
        self.limitBytes = limitBytes
        leftBytes = limitBytes
    }

    /// The last change has an index, and few versions change in the same millisecond unless a model is renamed.
    var areNearlySorted: Bool { order[0].key == .lastUpdateTime }

    func append(_ row: borrowing Row, from first: Int) {
        elements.append(ModelVersionReader.version(row, from: first))
    }

    func complete(_ versions: inout [ModelVersion], from start: Int, of keys: [Int64]) throws {
        try reader.complete(&versions, from: start, of: keys)
    }

    func textBytes(of version: ModelVersion) -> Int { version.textBytes }

    func position(of row: Int) -> [Value] { order.map { $0.key.value(of: elements[row]) } }

    func isBefore(_ first: Int, _ second: Int) -> Bool {
        for (key, isAscending) in order {
            let difference = key.difference(elements[first], elements[second])
            if difference != 0 { return (difference < 0) == isAscending }
        }
        return false
    }
}

/// A page of models.
final class ModelPage: RegistryPage {
    typealias Order = [(key: RegisteredModelQuery.Key, isAscending: Bool)]

    static let columns = RegisteredModelReader.columns
    /// Each has up to four versions, whose tags may be long.
    static let firstCount = 100

    private let reader: RegisteredModelReader
    private let order: Order
    let limitBytes: Int
    var elements: [RegisteredModel] = []
    var leftBytes: Int

    init(_ reader: RegisteredModelReader, by order: Order, limitBytes: Int) {
        self.reader = reader
        self.order = order
        self.limitBytes = limitBytes
        leftBytes = limitBytes
    }

    /// Names differ, and the last change has no index.
    var areNearlySorted: Bool { false }

    func append(_ row: borrowing Row, from first: Int) {
        elements.append(RegisteredModelReader.model(row, from: first))
    }

    func complete(_ models: inout [RegisteredModel], from start: Int, of keys: [Int64]) throws {
        try reader.complete(&models, from: start, of: keys)
    }

    func textBytes(of model: RegisteredModel) -> Int { model.textBytes }

    func position(of row: Int) -> [Value] { order.map { $0.key.value(of: elements[row]) } }

    func isBefore(_ first: Int, _ second: Int) -> Bool { first < second }
}
