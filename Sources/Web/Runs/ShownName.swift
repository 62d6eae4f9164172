import Tracking

/// What somebody called a thing, where people read it: apart from the direction of the words around it, and never unseen.
struct ShownName {
    let text: String

    /// - Parameters:
    ///   - name: What it is called.
    ///   - id: What tells it apart where nothing is seen of the name.
    init(_ name: String, id: String) {
        let isUnseen = name.unicodeScalars.allSatisfy {
            $0.properties.isWhitespace || $0.properties.isDefaultIgnorableCodePoint
        }
        text = isUnseen ? String(id.prefix(8)) : name
    }

    var html: HTML { "<bdi>\(text)</bdi>" }
}

extension RunInfo {
    var shownName: ShownName { ShownName(name, id: id) }
}
