/// A word about an experiment, a run or a model that may change.
package struct Tag: Sendable, Hashable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

extension [Tag] {
    /// Adds a tag behind those with a smaller key, by bytes, as both databases sort; at once where they come in order.
    package mutating func insert(inOrder tag: Tag) {
        var place = endIndex
        while place > startIndex, ExactText(tag.key) < ExactText(self[place - 1].key) {
            place -= 1
        }
        insert(tag, at: place)
    }
}
