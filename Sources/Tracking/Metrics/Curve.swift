/// The history of one metric of one run, as a chart draws it.
package struct Curve: Sendable {
    package let run: String
    package let key: String
    /// Sorted by step, time and value.
    package let points: [CurvePoint]
    /// Whether there are points between these.
    package let isThinned: Bool

    static func none(_ key: String, of run: String) -> Curve {
        Curve(run: run, key: key, points: [], isThinned: false)
    }
}

/// A point of a curve, and what the curve does from here to the next one.
package struct CurvePoint: Sendable, Hashable {
    package let step: Int64
    /// Epoch milliseconds.
    package let timestamp: Int64
    package let value: Double
    /// The smallest and the largest number from this point up to the next one.
    ///
    /// Nil where nobody asked, where nothing was left out, and where there is nothing but NaN.
    package let range: ClosedRange<Double>?
}
