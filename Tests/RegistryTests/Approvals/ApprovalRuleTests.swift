import Core
import Registry
import Testing

@Suite struct ApprovalRuleTests {
    @Test func `a rule is about an alias or a stage`() throws {
        #expect(try ApprovalTarget(alias: "champion", stage: nil) == .alias("champion"))
        #expect(try ApprovalTarget(alias: "*", stage: nil) == .everyAlias)
        #expect(try ApprovalTarget(alias: nil, stage: "pRODUCTION") == .stage(.production))
        #expect(try ApprovalTarget(alias: nil, stage: "*") == .everyStage)
        for (alias, stage) in [(nil, nil), ("a", "Staging"), ("latest", nil), ("a b", nil), (nil, "Nowhere")]
            as [(String?, String?)]
        {
            #expect(throws: Failure.self) { try ApprovalTarget(alias: alias, stage: stage) }
        }
    }

    @Test(arguments: [-1, 0, 101] as [Int64])
    func `a rule asks for one to a hundred approvals`(approvals: Int64) {
        #expect(throws: Failure.self) { try ApprovalRule(.everyAlias, approvals: approvals) }
    }
}
