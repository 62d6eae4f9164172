package import Accounts
package import Core
package import HTTP
package import ObjectStore
package import Registry
package import Repositories
package import Tracking
package import Webhooks

/// The pages that people look at.
package struct Web: Sendable {
    let accounts: Accounts
    let tracking: Tracking
    let registry: Registry
    let repositories: Repositories
    let webhooks: Webhooks
    /// What a hook of a repository is told to see whether it is heard, at the address of the server that it is given.
    let testLetter: @Sendable (Caller, String) async throws -> String
    /// The artifacts that this server keeps; nil where clients send them elsewhere.
    let files: FileStore?
    let settings: WebSettings
    let assets: Assets
    /// By what people come in.
    let means: SignInMeans
    /// What the server knows of itself.
    let facts: ServerFacts
    let register: Registering
    let live = LiveBoard()
    let notebooks = NotebookCache()

    /// - Parameters:
    ///   - accounts: Who people are.
    ///   - tracking: Experiments and runs.
    ///   - registry: Models.
    ///   - repositories: Git.
    ///   - webhooks: What is told elsewhere.
    ///   - testLetter: What a hook of a repository is told to see whether it is heard, at an address of this server.
    ///   - files: The artifacts that this server keeps; nil where clients send them elsewhere.
    ///   - settings: How this server is reached.
    ///   - assets: Styles, scripts and pictures.
    ///   - means: By what people come in.
    ///   - facts: What the server knows of itself.
    ///   - register: Makes a version of a registered model, as clients have it made.
    package init(
        accounts: Accounts,
        tracking: Tracking,
        registry: Registry,
        repositories: Repositories,
        webhooks: Webhooks,
        testLetter: @escaping @Sendable (Caller, String) async throws -> String,
        files: FileStore?,
        settings: WebSettings,
        assets: Assets,
        means: SignInMeans,
        facts: ServerFacts,
        register: @escaping Registering
    ) {
        self.accounts = accounts
        self.tracking = tracking
        self.registry = registry
        self.repositories = repositories
        self.webhooks = webhooks
        self.testLetter = testLetter
        self.files = files
        self.settings = settings
        self.assets = assets
        self.means = means
        self.facts = facts
        self.register = register
    }

    /// The rows of the table.
    package var endpoints: [Endpoint] {
        assets.endpoints + homeEndpoints + themeEndpoints + liveEndpoints + linkedEndpoints
            + runEndpoints + loggedModelEndpoints
            + chartEndpoints + runComparisonEndpoints
            + experimentEndpoints + tableEndpoints + historyEndpoints + viewEndpoints
            + signInEndpoints + linkEndpoints + programEndpoints + settingsEndpoints + profileEndpoints
            + newRepositoryEndpoints + organizationEndpoints + repositorySettings + adminEndpoints
            + modelEndpoints + paletteEndpoints
            + repositoryEndpoints
    }
}

/// How a server is reached, as far as its pages say so.
package struct WebSettings: Sendable {
    /// What stands before every address; empty for nothing.
    let prefix: String
    /// Whether people sign in here.
    let hasAccounts: Bool
    /// Whether MLflow's own pages are served beside these.
    let hasMLflowUI: Bool
    /// Where a repository is reached over SSH, by its owner and name; nil where it is not.
    let sshURL: (@Sendable (String) -> String)?

    package init(
        prefix: String,
        hasAccounts: Bool,
        hasMLflowUI: Bool,
        sshURL: (@Sendable (String) -> String)? = nil
    ) {
        self.sshURL = sshURL
        self.prefix = prefix
        self.hasAccounts = hasAccounts
        self.hasMLflowUI = hasMLflowUI
    }
}
