import Testing

@testable import Server

@Suite struct SettingsFileTests {
    @Test func `keys are the names of the options`() throws {
        let given = try SettingsFile(
            text: """
                # who may call
                port: 5001
                allowed-hosts: [a.example, b.example]
                mlflow-ui: true
                database: "postgresql://host/name"
                """,
            path: "roost.yaml"
        ).given

        #expect(given[.port] == SettingValues.Given(value: "5001", source: "port in roost.yaml"))
        #expect(given[.allowedHosts]?.value == "a.example,b.example")
        #expect(given[.mlflowUI]?.value == "true")
        #expect(given[.database]?.value == "postgresql://host/name")
    }

    @Test func `every name of an option is a key`() throws {
        let given = try SettingsFile(
            text: """
                backend-store-uri: "postgresql://host/name"
                no-serve-artifacts: yes
                """,
            path: "roost.yaml"
        ).given

        #expect(given[.database]?.source == "backend-store-uri in roost.yaml")
        #expect(given[.database]?.value == "postgresql://host/name")
        #expect(given[.serveArtifacts]?.value == "false")
    }

    @Test(arguments: ["", "\n", "# nothing", "{}"])
    func `a file may be empty`(text: String) throws {
        #expect(try SettingsFile(text: text, path: "roost.yaml").given.isEmpty)
    }

    @Test(arguments: [
        "database: a\nbackend-store-uri: b", "serve-artifacts: true\nno-serve-artifacts: true",
        "prot: 1", "config: other.yaml", "5: 1", "[1]: 2", "port", "- port", "port: {a: 1}", "port: [",
    ])
    func `what is no setting is refused`(text: String) {
        let error = #expect(throws: SettingError.self) { try SettingsFile(text: text, path: "roost.yaml") }
        #expect(error?.description.contains("roost.yaml") == true)
    }

    @Test func `a file that is not there is named`() {
        #expect(throws: SettingError("The settings file /nowhere.yaml cannot be read.")) {
            try SettingValues(flags: [(.config, "/nowhere.yaml")], environment: [:])
        }
    }
}
