import Testing

@testable import Server

@Suite struct GreetingTests {
    @Test(
        arguments: [
            ([], "http://127.0.0.1:5000"), ([(.host, "10.1.2.3")], "http://10.1.2.3:5000"),
            ([(.host, "::1")], "http://[::1]:5000"), ([(.host, "fd00::7")], "http://[fd00::7]:5000"),
            ([(.host, "0.0.0.0"), (.auth, "true")], "http://127.0.0.1:5000"),
            ([(.host, "::")], "http://127.0.0.1:5000"),
            (
                [(.host, "0.0.0.0"), (.allowedHosts, "*.lan,10.0.0.1:80,roost.lan,127.0.0.1")],
                "http://roost.lan:5000"
            ),
            ([(.host, "0.0.0.0"), (.allowedHosts, "*")], "http://127.0.0.1:5000"),
            ([(.allowedHosts, "roost.lan"), (.staticPrefix, "/mlflow")], "http://127.0.0.1:5000/mlflow"),
            (
                [
                    (.host, "0.0.0.0"), (.publicAddress, "https://roost.lan/mlflow"),
                    (.staticPrefix, "/mlflow"),
                ],
                "https://roost.lan/mlflow"
            ),
        ] as [([SettingValues.Flag], String)]
    )
    func `the address that is printed is one that the server answers to`(
        _ flags: [SettingValues.Flag],
        _ address: String
    ) throws {
        let settings = try Settings(SettingValues(flags: flags, environment: [:]))

        let lines = Greeting(settings, port: 5_000).description.split(separator: "\n")

        #expect(lines.first?.hasSuffix(" serves MLflow at \(address)") == true)
        #expect(lines.contains("  export MLFLOW_TRACKING_URI=\(address)"))
    }
}
