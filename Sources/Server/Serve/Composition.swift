import API
import Accounts
import Core
import Database
import Events
import HTTP
import NIOPosix
import ObjectStore
import Outbound
import Registry
import Repositories
import Tracking
import Web
import Webhooks

/// The composition root: what is served, and what it stands on.
struct Composition: Sendable {
    let database: any Database
    let sorter: NameSorter
    let webhooks: WebhookMeans
    /// Says what hooks of repositories are told.
    let describeForHooks: EventFollower.Describe
    let repositories: Repositories
    /// Nil where this server keeps no files.
    let removal: RepositoryRemoval?
    let endpoints: [Endpoint]
    let gate: Gate
    let authentication: Authentication
    let web: Web
    /// By which the first account is made; nil where there is one, or none is needed.
    let setUp: Secret?

    init(_ settings: Settings, prometheus: Prometheus) async throws {
        try PrivateFolder.make(settings.dataFolder, of: .data)
        webhooks = try WebhookMeans(settings)
        let storage = try await Storage.open(settings, webhooks: webhooks, isServing: true)
        database = storage.database
        repositories = storage.repositories
        let (tracking, registry, hosted) = (storage.tracking, storage.registry, storage.repositories)
        sorter = tracking.sorter
        removal = RepositoryRemoval(storage)
        let payloads = HookPayloads(storage.accounts, hosted, ssh: settings.sshAddress)
        describeForHooks = { try await payloads.describe($0, as: $1, at: $2, tracking) }
        var endpoints =
            ServerEndpoints.endpoints(prometheus: prometheus, hasWorkspaces: settings.hasWorkspaces)
            + (try Self.mlflowPages(settings))
            + WorkspaceEndpoints.all(storage.accounts, isEnabled: settings.hasWorkspaces)
        endpoints +=
            ExperimentEndpoints.all(tracking) + RunEndpoints.all(tracking) + MetricEndpoints.all(tracking)
            + DatasetEndpoints.all(tracking) + storage.registryEndpoints
            + GraphQLEndpoints.all(tracking, registry)
            + PermissionEndpoints.all(storage.accounts, tracking, registry)
            + GitEndpoints.all(hosted) { call, changes in
                try await hosted.refreshLastCommits(after: changes, for: call.caller)
            }
            + Hub(
                accounts: storage.accounts,
                hosted,
                Webhooks(database, webhooks),
                files: storage.files,
                prefix: settings.staticPrefix,
                ssh: settings.sshAddress,
                version: Roost.version
            ).endpoints
        if let store = storage.files {
            endpoints += ArtifactEndpoints.endpoints(
                store: store,
                roots: ArtifactRoots(tracking, registry),
                owners: ArtifactOwners(tracking, registry)
            )
            endpoints += LFSEndpoints.all(repositories, files: store)
        }
        authentication = Authentication(storage.accounts)
        let signIn = SignIn(authentication)
        let facts = ServerFacts(settings, storage.database) { prometheus.text }
        web = try Web(settings, storage, Webhooks(database, webhooks), payloads, signIn, facts)
        endpoints += web.endpoints
        endpoints += Self.signInEndpoints(settings, storage.accounts, signIn)
        self.endpoints = endpoints
        setUp = settings.hasAccounts ? try await signIn.links(for: Storage.localCaller).createSetUp() : nil
        let localPerson = settings.hasAccounts ? nil : try await Self.localPerson(storage)
        gate = Gate(
            storage.accounts.admission,
            Doorkeeper(authentication, localPerson: localPerson, prefix: settings.staticPrefix),
            signInPage: settings.hasAccounts ? settings.staticPrefix + "/login" : nil
        )
    }

    private static func localPerson(_ storage: Storage) async throws -> Identity {
        do {
            return try await storage.accounts.localPerson()
        } catch let failure as Failure where failure.code == .invalidState {
            try await storage.close()
            throw SettingError(
                "\(failure.message) Serve with --auth, and let an admin of the organization give its repositories away and delete it."
            )
        }
    }

    private static func signInEndpoints(
        _ settings: Settings,
        _ accounts: Accounts,
        _ signIn: SignIn
    ) -> [Endpoint] {
        let cookie = SessionCookie(settings)
        let openID = settings.openID.map { settings in
            OpenIDSignIn(settings, signIn, client: OutboundClient(policy: settings.policy))
        }
        return SignInEndpoints(signIn, cookie: cookie).endpoints
            + UserEndpoints.all(accounts, signIn) + ObjectRoleEndpoints.all(accounts)
            + ProgramSignInEndpoints(signIn.programs).endpoints
            + (openID.map { OpenIDEndpoints($0, cookie: cookie, prefix: settings.staticPrefix).endpoints }
                ?? [])
    }

    /// MLflow's pages, where they are asked for.
    private static func mlflowPages(_ settings: Settings) throws -> [Endpoint] {
        guard let python = settings.mlflowUIPython else { return [] }
        let folder = try InstalledMLflow(python: python).pagesFolder
        guard let ui = MLflowUI(folder: folder) else {
            throw SettingError("--mlflow-ui: the mlflow of '\(python)' has no pages in \(folder).")
        }
        return ui.endpoints
    }
}

extension SessionCookie {
    fileprivate init(_ settings: Settings) {
        self.init(isSecure: settings.tls != nil)
    }
}

extension Web {
    fileprivate init(
        _ settings: Settings,
        _ storage: Storage,
        _ webhooks: Webhooks,
        _ payloads: HookPayloads,
        _ signIn: SignIn,
        _ facts: ServerFacts
    ) throws {
        let assets = Assets(
            folder: settings.webFiles,
            parts: settings.webParts,
            prefix: settings.staticPrefix
        )
        guard let assets else {
            throw SettingError(
                "The files of the pages are not in \(settings.webFiles ?? Assets.folderOfProgram): name their folder with --web-files."
            )
        }
        self.init(
            accounts: storage.accounts,
            tracking: storage.tracking,
            registry: storage.registry,
            repositories: storage.repositories,
            webhooks: webhooks,
            testLetter: { try await payloads.test($0, $1) },
            files: storage.files,
            settings: WebSettings(
                prefix: settings.staticPrefix,
                hasAccounts: settings.hasAccounts,
                hasMLflowUI: settings.mlflowUIPython != nil,
                sshURL: settings.sshAddress.map { address in
                    { @Sendable (fullName: String) -> String in address.url(of: fullName) }
                }
            ),
            assets: assets,
            means: SignInMeans(
                signIn,
                cookie: SessionCookie(settings),
                elsewhere: settings.openID?.name
            ),
            facts: facts,
            register: { new, caller in
                let wish = VersionWish(
                    name: new.name,
                    source: new.source,
                    runID: new.runID,
                    description: new.description,
                    modelID: new.modelID
                )
                let (registry, tracking) = (storage.registry, storage.tracking)
                let seals = VersionSeals(registry, tracking, storage.files)
                return try await VersionRequest(registry, tracking, seals, for: caller).create(wish)
            }
        )
    }
}

extension WebhookMeans {
    init(_ settings: Settings) throws {
        let keys = KeyFile(settings)
        _ = try keys.readOrMake()
        self.init(
            client: OutboundClient(policy: settings.webhookPolicy),
            secrets: SecretBox { try keys.read() },
            retries: RetryRule(attempts: settings.webhookAttempts)
        )
    }
}

extension ArtifactRoots {
    fileprivate init(_ tracking: Tracking, _ registry: Registry) {
        self.init(
            run: { id, caller in try await tracking.runs(for: caller).get(id).info.artifactURI },
            loggedModel: { id, caller in try await tracking.loggedModels(for: caller).get(id).artifactLocation
            },
            modelVersion: { name, version, caller in
                let (name, number) = (try ModelName(name), try VersionNumber.parse(version))
                return try await registry.modelVersions(for: caller).get(number, of: name).storageLocation
            }
        )
    }
}

extension DatabaseAddress {
    /// Opens the database; a file's folder is made where it is missing.
    func open() async throws -> any Database {
        do {
            let database: any Database
            switch self {
            case .sqlite(let path):
                try PrivateFolder.make(around: path)
                database = try SQLiteDatabase(path: path)
            case .postgres(let uri): database = try PostgresDatabase(uri: uri)
            }
            try await refuseMLflow(database)
            return database
        } catch let error as DatabaseError {
            throw SettingError("The database \(description) cannot be opened: \(error.message).")
        }
    }

    /// MLflow's own tables have our names and other columns; what is in them can be imported, not served.
    private func refuseMLflow(_ database: any Database) async throws {
        let isMLflow = try await database.read { connection in
            do {
                return try connection.first("SELECT version_num FROM alembic_version") { _ in true } ?? true
            } catch is DatabaseError {
                return false
            }
        }
        guard isMLflow else { return }
        try await database.close()
        throw SettingError(
            "\(description) is a database of MLflow: import it (roost import mlflow …) and serve another with --database."
        )
    }
}
