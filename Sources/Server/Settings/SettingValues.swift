/// What was given for the settings, and where: a flag goes before the environment, the environment before the file.
struct SettingValues: Sendable {
    typealias Flag = (name: SettingName, value: String?)

    /// A text and the place it came from, as the person knows it: `--port`, `MLFLOW_PORT`, `port in roost.yaml`.
    struct Given: Sendable, Hashable {
        let value: String
        let source: String
    }

    private let given: [SettingName: Given]

    init(flags: [Flag], environment: [String: String] = Environment.current) throws {
        var given: [SettingName: Given] = [:]
        for name in SettingName.allCases {
            for variable in [name.mlflowVariable, name.variable].compactMap(\.self) {
                guard let value = environment[variable], !value.isEmpty else { continue }
                given[name] = Given(value: value, source: variable)
            }
        }
        for (name, value) in flags {
            if let value { given[name] = Given(value: value, source: "--" + name.rawValue) }
        }
        if let path = given[.config]?.value {
            given.merge(try SettingsFile(path: path).given) { stronger, _ in stronger }
        }
        self.given = given
    }

    subscript(name: SettingName) -> Given? { given[name] }

    func text(_ name: SettingName) -> String? { given[name]?.value }

    func list(_ name: SettingName) -> [String]? {
        text(name)?.split(separator: ",").map { String($0.trimmingSpace) }.filter { !$0.isEmpty }
    }

    func boolean(_ name: SettingName) throws -> Bool? {
        guard let value = given[name]?.value else { return nil }
        guard let truth = Self.truth(of: value) else { throw wrong(name, "must be true or false") }
        return truth
    }

    /// What is meant by a flag that says no where another says yes; a text that is neither stays.
    static func opposite(of text: String) -> String {
        truth(of: text).map { String(!$0) } ?? text
    }

    private static func truth(of text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "1", "yes": true
        case "false", "0", "no": false
        default: nil
        }
    }

    func integer(_ name: SettingName, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = given[name]?.value else { return nil }
        guard let number = Int(value), range.contains(number) else {
            throw wrong(name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// One of a few words.
    func word<Word: RawRepresentable & CaseIterable>(_ name: SettingName) throws -> Word?
    where Word.RawValue == String {
        guard let value = given[name]?.value else { return nil }
        guard let word = Word.allCases.first(where: { $0.rawValue == value.lowercased() }) else {
            throw wrong(name, "must be one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    /// One sentence that names what was wrong and says what is allowed.
    func wrong(_ name: SettingName, _ rule: String) -> SettingError {
        guard let given = given[name] else { return SettingError("--\(name.rawValue) \(rule).") }
        return SettingError("\(given.source) \(rule), not '\(given.value)'.")
    }
}

/// A setting that cannot be, in one sentence.
struct SettingError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension StringProtocol {
    fileprivate var trimmingSpace: SubSequence {
        let start = self.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { start[...$0] } ?? start
    }
}
