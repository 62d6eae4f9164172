/// A span of time as `mlflow gc` takes it: `30d`, `1d2h3m4s`, `0.5h`.
struct Age: Sendable, Hashable {
    let ms: Int64

    init(ms: Int64) { self.ms = ms }

    /// - Throws: `SettingError` for a text that is no span; days, hours, minutes and seconds stand in this order.
    init(_ text: String) throws {
        let units: [(word: Character, ms: Double)] = [
            ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
        ]
        var rest = text[...]
        var ms = 0.0
        for unit in units {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            guard !number.isEmpty, rest.dropFirst(number.count).first == unit.word else { continue }
            guard let value = Double(number) else { break }
            ms += value * unit.ms
            rest = rest.dropFirst(number.count + 1)
        }
        guard rest.isEmpty, !text.isEmpty, ms < 1e15 else {
            throw SettingError(
                "'\(text)' is no age: write days, hours, minutes and seconds as in 30d, 8h or 2d8h5m20s."
            )
        }
        self.ms = Int64(ms)
    }
}
