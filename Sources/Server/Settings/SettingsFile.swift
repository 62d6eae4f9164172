import FoundationEssentials
import Yams

/// A YAML file with settings: keys are the names of the options, values are texts, or lists where there may be many.
struct SettingsFile {
    let given: [SettingName: SettingValues.Given]

    init(path: String) throws {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else {
            throw SettingError("The settings file \(path) cannot be read.")
        }
        try self.init(text: String(decoding: bytes, as: UTF8.self), path: path)
    }

    init(text: String, path: String) throws {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw SettingError("The settings file \(path) is not YAML: \(error).")
        }
        guard let root, root.tag != Tag(.null) else {
            given = [:]
            return
        }
        guard case .mapping(let mapping) = root else {
            throw SettingError("The settings file \(path) must hold lines such as 'port: 5000'.")
        }
        var given: [SettingName: SettingValues.Given] = [:]
        for (key, value) in mapping {
            let word = key.scalar?.string ?? ""
            let opposite = SettingName.opposites[word]
            guard let name = opposite ?? SettingName(rawValue: word) ?? SettingName.otherNames[word],
                name != .config
            else {
                let names = SettingName.allCases.filter { $0 != .config }.map(\.rawValue).joined(
                    separator: ", "
                )
                throw SettingError("The settings file \(path) has no setting '\(word)'; there are \(names).")
            }
            guard given[name] == nil else {
                throw SettingError("The settings file \(path) has \(name.rawValue) under two names.")
            }
            let text = try Self.text(of: value, word, path)
            given[name] = SettingValues.Given(
                value: opposite == nil ? text : SettingValues.opposite(of: text),
                source: "\(word) in \(path)"
            )
        }
        self.given = given
    }

    private static func text(of node: Node, _ word: String, _ path: String) throws -> String {
        if let scalar = node.scalar { return scalar.string }
        if let sequence = node.sequence {
            let words = sequence.compactMap { $0.scalar?.string }
            if words.count == sequence.count { return words.joined(separator: ",") }
        }
        throw SettingError("\(word) in \(path) must be a text or a list of texts.")
    }
}
