import Accounts
import FoundationEssentials

extension OpenIDSettings {
    /// - Throws: `SettingError` for what makes no sense, and for a secret that cannot be read.
    init?(_ values: SettingValues) throws {
        let others: [SettingName] = [
            .oidcClientID, .oidcClientSecretFile, .oidcScopes, .oidcGroupsClaim, .oidcAdminGroup, .oidcGroups,
        ]
        guard let issuer = values.text(.oidcIssuer) else {
            if let other = others.first(where: { values[$0] != nil }) {
                throw SettingError("\(values[other]?.source ?? "") needs --oidc-issuer.")
            }
            return nil
        }
        // Security: what comes over a plain connection could be anybody's.
        let isLocal = ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { local in
            issuer == local || issuer.hasPrefix(local + ":") || issuer.hasPrefix(local + "/")
        }
        guard isLocal || issuer.hasPrefix("https://"), !issuer.contains("?"), !issuer.contains("#") else {
            throw values.wrong(
                .oidcIssuer,
                "must begin with https://, or be on this machine, and have no query"
            )
        }
        guard let clientID = values.text(.oidcClientID) else {
            throw SettingError("--oidc-issuer needs --oidc-client-id.")
        }
        self.init(
            issuer: issuer,
            clientID: clientID,
            clientSecret: try values.text(.oidcClientSecretFile).map(Self.secret),
            scopes: values.text(.oidcScopes) ?? "openid profile email",
            groupsClaim: values.text(.oidcGroupsClaim) ?? "groups",
            adminGroup: values.text(.oidcAdminGroup),
            rules: try (values.list(.oidcGroups) ?? []).map { try Self.rule($0, values) }
        )
    }

    private static func secret(_ path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw SettingError("--oidc-client-secret-file \(path) cannot be read.")
        }
        let secret = text.filter { !$0.isNewline }
        guard !secret.isEmpty else { throw SettingError("--oidc-client-secret-file \(path) is empty.") }
        return secret
    }

    /// `staff=lab` or `vision-staff=lab/vision`.
    private static func rule(_ text: String, _ values: SettingValues) throws -> GroupRule {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        let place = (sides.last ?? "").split(separator: "/", omittingEmptySubsequences: false).map(
            String.init
        )
        guard sides.count == 2, !sides[0].isEmpty, 1...2 ~= place.count, place.allSatisfy({ !$0.isEmpty })
        else {
            throw values.wrong(
                .oidcGroups,
                "must be group=organization or group=organization/team, with commas"
            )
        }
        return GroupRule(group: sides[0], organization: place[0], team: place.count == 2 ? place[1] : nil)
    }
}
