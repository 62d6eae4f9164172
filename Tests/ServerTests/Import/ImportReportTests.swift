import Testing

@testable import Server

@Suite struct ImportReportTests {
    @Test func `artifacts that are not found for one reason are told once`() {
        let report = ImportReport()

        report.missedArtifacts(of: "run a", "nobody said where")
        report.missedArtifacts(of: "logged model m", "it is deleted")
        for name in ["b", "c"] { report.missedArtifacts(of: "run \(name)", "nobody said where") }

        #expect(report.state.missedCount == 2)
        #expect(
            report.state.missed == [
                ImportReport.Miss(
                    what: "artifacts of 3 runs and logged models, if they have any",
                    reason: "nobody said where"
                ),
                ImportReport.Miss(what: "artifacts of logged model m", reason: "it is deleted"),
            ]
        )
    }
}
