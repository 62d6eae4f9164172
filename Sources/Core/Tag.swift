/// A word about an experiment, a run or a model that may change.
package struct Tag: Sendable, Hashable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
