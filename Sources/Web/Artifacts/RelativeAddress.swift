import HTTP
import ObjectStore

/// An address in a text that names a file from the folder that the text lies in, such as `../images/loss.png`.
struct RelativeAddress {
    private let steps: [Substring]

    /// Nil for an address with a scheme or a host, one from the root, and one of a place on the same page.
    init?(_ address: String) {
        let path = address.prefix { $0 != "#" && $0 != "?" }
        guard !path.isEmpty, !path.hasPrefix("/"), !path.prefix(while: { $0 != "/" }).contains(":") else {
            return nil
        }
        steps = path.split(separator: "/")
    }

    /// The file that is meant; nil where the way leads out of what there is.
    func path(from folder: ArtifactPath?) -> ArtifactPath? {
        var names = (folder?.text ?? "").split(separator: "/").map(String.init)
        for step in steps where step != "." {
            if step == ".." {
                guard names.popLast() != nil else { return nil }
            } else {
                guard let name = PercentEncoding.decoded(step.utf8) else { return nil }
                names.append(name)
            }
        }
        return try? ArtifactPath(names.joined(separator: "/"))
    }
}
