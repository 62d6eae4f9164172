import Core

extension Git {
    /// Makes a commit on a branch, all of its changes or none.
    ///
    /// An empty repository takes its first commit on any branch. If nothing differs in the end, nothing is made.
    ///
    /// - Throws: `Failure.missing` if there is no such branch or a file to delete or move is not there;
    ///   `.alreadyExists` if a new branch or a file to create is there; `.invalidState` if the branch has another tip than
    ///   expected.
    package func commit(_ request: CommitRequest) async throws -> ChangeOutcome {
        // Who did not say which tip they mean do not mind another; so somebody else's commit in between is no failure.
        let mostAttempts = 30
        for attempt in 1... {
            do {
                let outcome = try await run { try $0.prepare(request) }
                try await change(outcome.updates)
                return outcome
            } catch let failure as Failure
                where failure.code == .invalidState && request.expectedTip == nil && attempt < mostAttempts
            {
                continue
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// - Throws: `Failure.missing` if there is no such revision, `.alreadyExists` if there is such a branch.
    package func createBranch(_ name: BranchName, at revision: Revision) async throws -> Branch {
        let commit = try await resolve(revision).commit
        try await change([RefUpdate(ref: name.ref, before: nil, after: commit)])
        return try await branch(name)
    }

    /// Deletes a branch that is not the default one, and has the tip that is expected.
    ///
    /// - Throws: `Failure.missing` if there is no such branch, `.invalidState` if it is the default one or has moved.
    package func deleteBranch(_ name: BranchName, expectedTip: ObjectID? = nil) async throws {
        let branch = try await branch(name)
        guard !branch.isDefault else {
            throw Failure(.invalidState, PushRules.isDefault(name.text))
        }
        let update = RefUpdate(ref: name.ref, before: expectedTip ?? branch.commit, after: nil)
        guard branch.commit == update.before else { throw OpenRepository.overtaken(update) }
        try await change([update])
    }

    /// Gives a branch another name; where it is the one that people see first, it stays that.
    ///
    /// - Throws: `Failure.missing` if there is no such branch; `.alreadyExists` if the name is taken, or stands in the way.
    package func renameBranch(_ name: BranchName, to new: BranchName) async throws -> Branch {
        let branch = try await branch(name)
        guard name != new else { return branch }
        let made = RefUpdate(ref: new.ref, before: nil, after: branch.commit)
        let gone = RefUpdate(ref: name.ref, before: branch.commit, after: nil)
        try await watch.around(caller, [made, gone]) {
            try await update(made)
            // Between the two, so that HEAD names a branch at any moment.
            if branch.isDefault { try await run { try $0.setDefaultBranch(new) } }
            try await update(gone)
        }
        return try await self.branch(new)
    }

    /// Says which branch people see first.
    ///
    /// - Throws: `Failure.missing` if there is no such branch, unless there is none at all.
    package func setDefaultBranch(_ name: BranchName) async throws {
        try await run { try $0.setDefaultBranch(name) }
    }

    /// Makes a tag, annotated if it has a message and else only a name.
    ///
    /// - Throws: `Failure.missing` if there is no such revision, `.alreadyExists` if there is such a tag.
    package func createTag(
        _ name: TagName,
        at revision: Revision,
        message: String? = nil,
        by tagger: Signature
    ) async throws -> Tag {
        let object = try await run { repository in
            let commit = try repository.resolve(revision).commit
            guard let message else { return commit }
            return try repository.writeTag(name, of: commit, message: message, by: tagger)
        }
        try await change([RefUpdate(ref: name.ref, before: nil, after: object)])
        return try await tag(name)
    }

    /// - Throws: `Failure.missing` if there is no such tag.
    package func deleteTag(_ name: TagName) async throws {
        try await change([RefUpdate(ref: name.ref, before: tag(name).object, after: nil)])
    }
}
