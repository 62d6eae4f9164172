import Testing

@testable import Server

/// Holds `docs/configuration.md` to the settings that there are.
@Suite struct ConfigurationPageTests {
    @Test(arguments: SettingName.allCases)
    func `the page of the settings has each under its names`(name: SettingName) throws {
        let page = try Document.text(of: "docs/configuration.md")

        for word in ["--" + name.rawValue, name.variable, name.mlflowVariable].compactMap(\.self) {
            #expect(page.contains("`\(word)"), "docs/configuration.md does not say \(word)")
        }
    }
}
