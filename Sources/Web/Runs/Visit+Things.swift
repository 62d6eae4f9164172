/// Where the pages of things of a workspace are.
extension Visit {
    func address(ofRun id: String) -> Address { base["runs"][id] }

    func address(ofExperiment id: Int64) -> Address { base["experiments"][String(id)] }

    func address(ofLoggedModel id: String) -> Address { base["logged-models"][id] }

    func address(ofVersion number: Int64, of model: String) -> Address {
        base["models"][model]["versions"][String(number)]
    }

    /// The page of a commit; nil where the workspace has no repository that could hold it.
    func address(ofCommit sha: String) -> Address? {
        guard repository != nil, sha.count >= 7, sha.allSatisfy(\.isHexDigit) else { return nil }
        return base["commit"][sha]
    }
}
