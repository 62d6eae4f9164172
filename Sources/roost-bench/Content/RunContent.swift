import FoundationEssentials

/// Spreads a number over all 64 bits (the finaliser of SplitMix64), so that content is the same in every run.
func mixed(_ number: UInt64) -> UInt64 {
    var bits = number &+ 0x9e37_79b9_7f4a_7c15
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
}

/// What the run with this number holds, the same on every server: 10 metrics, 10 params, 5 tags.
struct RunContent {
    let number: Int

    static let firstStartMs = 1_700_000_000_000

    /// The id that a run gets when it is written straight into a peer's database.
    var id: String {
        hex(mixed(UInt64(number) * 2 + 1)) + hex(mixed(UInt64(number) * 2 + 2))
    }

    var name: String { "run-\(number)" }

    var startMs: Int { Self.firstStartMs + number * 1000 }

    var metrics: [(key: String, value: Double)] {
        ["acc", "loss", "f1", "precision", "recall", "auc", "mae", "rmse", "time", "energy"].enumerated().map
        {
            ($1, Double(random($0) >> 11) / Double(1 << 53))
        }
    }

    var params: [(key: String, value: String)] {
        let rates = ["0.1", "0.01", "0.001", "0.03", "0.3"]
        return [("lr", rates[choice(20, of: 5)]), ("x", "cfg-\(choice(21, of: 10_000))")]
            + ["depth", "width", "heads", "batch_size", "epochs", "dropout", "seed", "optimizer"].enumerated()
            .map {
                ($1, "\($1)-\(choice(22 + $0, of: 50))")
            }
    }

    var tags: [(key: String, value: String)] {
        [
            ("team", "team-\(choice(40, of: 20))"), ("stage", ["dev", "test", "live"][choice(41, of: 3)]),
            ("dataset", "set-\(choice(42, of: 100))"), ("host", "node-\(choice(43, of: 64))"),
            ("note", "made for trial \(choice(44, of: 100_000))"),
        ]
    }

    private func random(_ place: Int) -> UInt64 {
        mixed(UInt64(number) &* 1000 &+ UInt64(place))
    }

    private func choice(_ place: Int, of count: UInt64) -> Int {
        Int(random(place) % count)
    }

    private func hex(_ bits: UInt64) -> String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
