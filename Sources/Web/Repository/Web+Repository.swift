import HTTP

extension Web {
    /// The pages of repositories: their files, commits, branches and tags.
    var repositoryEndpoints: [Endpoint] {
        frontEndpoints + fileEndpoints + rawEndpoints + commitEndpoints + diffEndpoints + [refChoiceEndpoint]
            + mergeEndpoints + blameEndpoints + refEndpoints + releaseEndpoints + editEndpoints
    }
}
