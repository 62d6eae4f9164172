import Core
import HTTP
import Outbound
import Testing

@testable import Server

@Suite struct SettingsTests {
    @Test func `without any setting it serves this machine on SQLite`() throws {
        let settings = try settings()

        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 5_000)
        #expect(settings.database == .sqlite(path: "./roost-data/roost.db"))
        #expect(settings.artifactsFolder == "./roost-data/artifacts")
        #expect(settings.defaultArtifactRoot == "mlflow-artifacts:/")
        #expect(settings.frameOptions == "SAMEORIGIN")
        #expect(settings.allowedHosts == nil)
        #expect(settings.checksRequests)
    }

    @Test func `webhooks go to the internet alone unless they may go elsewhere`() throws {
        let standard = try settings()
        #expect(standard.webhookPolicy == .standard)
        #expect(standard.webhookAttempts == 12)

        let flags: [SettingValues.Flag] = [
            (.webhookAllowedSchemes, "HTTP, https"), (.webhookAllowPrivateIPs, "true"),
            (.webhookAttempts, "3"),
        ]
        let open = try settings(flags)
        #expect(
            open.webhookPolicy == OutboundPolicy(schemes: ["http", "https"], allowsPrivateAddresses: true)
        )
        #expect(open.webhookAttempts == 3)
    }

    @Test func `proxies are believed on this machine, or where they were named`() throws {
        #expect(try settings().trustedProxies.description == "127.0.0.0/8, ::1/128")
        #expect(try settings([(.behindProxy, "true")]).trustedProxies.description.contains("10.0.0.0/8"))
        let flags: [SettingValues.Flag] = [
            (.behindProxy, "true"), (.trustedProxies, "10.1.2.3, fd00::/8"),
        ]
        #expect(try settings(flags).trustedProxies.description == "10.1.2.3/32, fd00::/8")
        #expect(
            throws: SettingError(
                "--trusted-proxies must be addresses or ranges of them, such as 10.0.0.0/8, with commas, not 'proxy'."
            )
        ) { try settings([(.trustedProxies, "proxy")]) }
    }

    @Test func `a flag goes before the environment and ours before MLflow's`() throws {
        let environment = [
            "MLFLOW_PORT": "1", "MLFLOW_HOST": "127.0.0.2", "ROOST_HOST": "127.0.0.3", "ROOST_PORT": "",
        ]

        #expect(try settings(environment: environment).port == 1)
        #expect(try settings(environment: environment).host == "127.0.0.3")
        #expect(try settings([(.port, "2")], environment: environment).port == 2)
    }

    @Test(arguments: [
        (SettingName.database, "MLFLOW_BACKEND_STORE_URI"), (.allowedHosts, "MLFLOW_SERVER_ALLOWED_HOSTS"),
        (.corsAllowedOrigins, "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS"), (.staticPrefix, "MLFLOW_STATIC_PREFIX"),
        (.defaultArtifactRoot, "MLFLOW_DEFAULT_ARTIFACT_ROOT"),
        (.xFrameOptions, "MLFLOW_SERVER_X_FRAME_OPTIONS"),
        (.artifactsDestination, "MLFLOW_ARTIFACTS_DESTINATION"), (.serveArtifacts, "MLFLOW_SERVE_ARTIFACTS"),
        (.disableSecurityMiddleware, "MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE"),
        (.webhookAllowedSchemes, "MLFLOW_WEBHOOK_ALLOWED_SCHEMES"),
        (.webhookAllowPrivateIPs, "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS"),
        (.modelSourceRegex, "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX"),
    ])
    func `MLflow's variables have MLflow's names`(name: SettingName, variable: String) {
        #expect(name.mlflowVariable == variable)
    }

    @Test(
        arguments: [
            (.port, "abc", "--port must be a number from 0 to 65535, not 'abc'."),
            (.port, "65536", "--port must be a number from 0 to 65535, not '65536'."),
            (.logFormat, "xml", "--log-format must be one of text, json, not 'xml'."),
            (
                .xFrameOptions, "ALLOW",
                "--x-frame-options must be one of sameorigin, deny, none, not 'ALLOW'."
            ),
            (
                .webhookAllowedSchemes, "https,ftp",
                "--webhook-allowed-schemes must be https, http or both, with a comma, not 'https,ftp'."
            ),
            (.webhookAttempts, "0", "--webhook-attempts must be a number from 1 to 100, not '0'."),
            (
                .modelSourceRegex, "^(s3",
                "--model-source-regex must be a regular expression (expected ')'), not '^(s3'."
            ),
            (.serveArtifacts, "maybe", "--serve-artifacts must be true or false, not 'maybe'."),
            (
                .staticPrefix, "mlflow",
                "--static-prefix must begin and must not end with a slash, such as /mlflow, not 'mlflow'."
            ),
            (
                .artifactsDestination, "s3://bucket",
                "--artifacts-destination must be a folder of this machine, not 's3://bucket'."
            ),
            (
                .database, "mysql://user:password@host/db",
                "--database must begin with sqlite:///, sqlite://// or postgresql://, "
                    + "with the name of a file or of a database behind it."
            ),
            (
                .registryStoreURI, "sqlite:///other.db",
                "--registry-store-uri must be the same as --database: one database holds everything."
            ),
            (.tlsCert, "cert.pem", "--tls-cert and --tls-key must be given together."),
            (
                .serveArtifacts, "false",
                "--no-serve-artifacts needs --default-artifact-root, to say where clients put artifacts."
            ),
        ] as [(SettingName, String, String)]
    )
    func `a wrong setting is refused in one sentence that names it`(
        name: SettingName,
        value: String,
        words: String
    ) {
        #expect(throws: SettingError(words)) { try settings([(name, value)]) }
    }

    @Test(
        arguments: [
            (
                .staticPrefix, "/a b",
                "--static-prefix must be made of slashes, letters of English, digits and -._~!$&'()+,;=@, such as /mlflow, not '/a b'."
            ),
            (
                .host, "http://127.0.0.1",
                "--host must be an address of this machine or a name of one, such as 127.0.0.1, not 'http://127.0.0.1'."
            ),
            (
                .allowedHosts, "http://foo:6120",
                "--allowed-hosts must be names or addresses, such as mlflow.example.com, *.example.com or [::1]:5000, with commas, not 'http://foo:6120'."
            ),
            (
                .corsAllowedOrigins, "foo",
                "--cors-allowed-origins must be origins, such as https://app.example.com or https://*.example.com, with commas, or *, not 'foo'."
            ),
            (
                .defaultArtifactRoot, "runs:/x",
                "--default-artifact-root must be a folder or an address such as s3://bucket/path, without '..', and not of runs: or models:, not 'runs:/x'."
            ),
        ] as [(SettingName, String, String)]
    )
    func `what would break later is refused in one sentence that names it`(
        name: SettingName,
        value: String,
        words: String
    ) {
        #expect(throws: SettingError(words)) { try settings([(name, value)]) }
    }

    @Test(
        arguments: [
            (.host, ["", "a b"]),
            (.staticPrefix, ["/é?x#y", "/a/../b", "/a/./b", "/a%20b"]),
            (.allowedHosts, ["", ",", "a b", "foo/", "::1", "[::1", "a:b:c", "user@foo", "a,http://b"]),
            (.corsAllowedOrigins, ["https://ok.example/x", "https://", "/", "https://a,foo"]),
            (
                .defaultArtifactRoot,
                ["", "models:/m/1", "RUNS:/x", "mlflow-artifacts:/root/../x", "../x", ".."]
            ),
            (.defaultArtifactRoot, ["s3://b/%2e%2e/x", "file:.."]),
        ] as [(SettingName, [String])]
    )
    func `what could never be met is refused`(name: SettingName, values: [String]) {
        for value in values {
            #expect(throws: SettingError.self, "\(value)") { try settings([(name, value)]) }
        }
    }

    @Test(
        arguments: [
            (.staticPrefix, ["/mlflow", "/a/b-c_d.e~1"]),
            (.allowedHosts, ["*", "*.lan", "a_b:5000", "10.0.0.1", "[::1]", "[fd00::7]:5000", "a:*"]),
            (
                .corsAllowedOrigins,
                ["*", "https://*.example.com", "http://localhost:3000", "https://[::1]:1", "*.lan"]
            ),
            (
                .defaultArtifactRoot,
                ["s3://b/p", "/srv/x", "mlflow-artifacts:/", "hdfs://h:1/x?y=z", "/a..b"]
            ),
        ] as [(SettingName, [String])]
    )
    func `what can be met is taken`(name: SettingName, values: [String]) throws {
        for value in values { _ = try settings([(name, value)]) }
    }

    @Test func `an origin loses the slash at its end`() throws {
        let settings = try settings([(.corsAllowedOrigins, "https://ok.example/, http://b.example")])
        #expect(settings.allowedOrigins == ["https://ok.example", "http://b.example"])
    }

    @Test func `a root on this machine is absolute`() throws {
        let folder = WorkingFolder.path
        #expect(try settings([(.defaultArtifactRoot, "./mlart")]).defaultArtifactRoot == folder + "/mlart")
        #expect(try settings([(.defaultArtifactRoot, "/mlart")]).defaultArtifactRoot == "/mlart")
        let address = try settings([(.defaultArtifactRoot, "file:mlart")]).defaultArtifactRoot
        #expect(address.hasPrefix("file:///") && address.hasSuffix("/mlart"))
        #expect(try settings([(.defaultArtifactRoot, "s3://bucket")]).defaultArtifactRoot == "s3://bucket")
    }

    @Test func `a wrong variable is refused by its own name`() {
        #expect(throws: SettingError("MLFLOW_PORT must be a number from 0 to 65535, not 'x'.")) {
            try settings(environment: ["MLFLOW_PORT": "x"])
        }
    }

    @Test func `an address that others reach has accounts unless it is said otherwise`() throws {
        let cases: [([SettingValues.Flag], Bool)] = [
            ([(.host, "127.0.0.5")], false), ([(.host, "localhost")], false), ([(.host, "::1")], false),
            ([(.host, "0.0.0.0")], true), ([(.host, "192.0.2.1")], true), ([(.host, "roost.example")], true),
            ([(.host, "0.0.0.0"), (.noAuth, "true")], false), ([(.auth, "true")], true),
            ([(.behindProxy, "true")], true), ([(.behindProxy, "true"), (.noAuth, "true")], false),
        ]
        for (flags, hasAccounts) in cases {
            #expect(try settings(flags).hasAccounts == hasAccounts, "\(flags)")
        }
        #expect(throws: SettingError.self) { try settings([(.auth, "true"), (.noAuth, "true")]) }
    }

    @Test func `lists have commas and booleans have words`() throws {
        let settings = try settings([
            (.allowedHosts, "a.example, *.b.example"), (.disableSecurityMiddleware, "TRUE"),
            (.xFrameOptions, "none"),
        ])

        #expect(settings.allowedHosts == ["a.example", "*.b.example"])
        #expect(!settings.checksRequests)
        #expect(settings.frameOptions == nil)
    }

    @Test func `what has no effect is said`() throws {
        #expect(
            try settings([(.workers, "4")]).notes == ["--workers has no effect: one process uses every core."]
        )
    }
}

private func settings(
    _ flags: [SettingValues.Flag] = [],
    environment: [String: String] = [:]
) throws -> Settings {
    try Settings(SettingValues(flags: flags, environment: environment))
}
