import Accounts
import Core
import HTTP
import HTTPTypes

/// People: the one who asks, and the others.
extension Hub {
    private static let profileFields: [EndpointDescription.Field] = [
        .init("full_name", "The name in full."), .init("description", "A few words."),
        .init("website", "An address that begins with http:// or https://."),
        .init("location", "Where."),
    ]

    var userEndpoints: [Endpoint] {
        [
            Self.row(.get, "user", needs: .signedIn, .init("The account that asks.")) { call in
                .profile(try await profiles(call).own(), isOwn: true)
            },
            Self.row(
                .patch,
                "user/settings",
                needs: .signedIn,
                .init("Changes the profile of the account that asks.", body: Self.profileFields)
            ) { call in
                .profile(try await profiles(call).edit(call.fields().profileChange()), isOwn: true)
            },
            Self.row(.get, "user/emails", needs: .signedIn, .init("The address of the account that asks.")) {
                call in
                let profile = try await profiles(call).own()
                return .array { json in
                    guard let email = profile.email else { return }
                    json.object { json in
                        json.field("email", email)
                        json.field("verified", true)
                        json.field("primary", true)
                    }
                }
            },
            Self.row(
                .get,
                "user/orgs",
                needs: .signedIn,
                .init("The organizations of the account that asks.", query: .pages)
            ) { call in
                let page = try await organizations(call).list(of: account(call), call.page())
                return try .list(page, call, self) { $0.value($1) }
            },
            createOrganization("user/orgs"), createOrganization("orgs"),
        ]
    }

    var profileEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "users/search",
                needs: .signedIn,
                .init("People by their names.", query: [.init("q", "What a name contains.")] + .pages)
            ) { call in
                let page = try await profiles(call).search(call.query["q"] ?? "", call.page())
                return try .found(page, call, self) { $0.value($1) }
            },
            Self.row(
                .get,
                "users/:name",
                needs: .open,
                .init("A person or an organization; without an account, those who have something public.")
            ) { call in
                .profile(try await visible(call.parameter("name"), for: onlooker(call)))
            },
            Self.row(
                .get,
                "users/:name/orgs",
                needs: .signedIn,
                .init("The organizations of a person to which who asks belongs too.", query: .pages)
            ) { call in
                let person = try await profiles(call).get(call.parameter("name"))
                let page = try await organizations(call).list(of: person.id, call.page())
                return try .list(page, call, self) { $0.value($1) }
            },
        ]
    }

    var organizationEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "orgs/:name",
                needs: .open,
                .init("An organization; without an account, one that has something public.")
            ) { call in
                let profile = try await visible(call.parameter("name"), for: onlooker(call))
                guard profile.kind == .organization else {
                    throw Refusal.absent(.organization(profile.login))
                }
                return .profile(profile)
            },
            Self.row(
                .patch,
                "orgs/:org",
                needs: .manage,
                .init("Changes what is said of an organization.", body: Self.profileFields)
            ) { call in
                let change = try await call.fields().profileChange()
                return .profile(try await organizations(call).edit(call.organization, change))
            },
            Self.row(
                .delete,
                "orgs/:org",
                needs: .manage,
                .init(
                    "Ends an organization, with its teams; one that still has repositories stays.",
                    success: .noContent
                )
            ) { call in
                try await organizations(call).delete(call.organization)
                return .noContent
            },
            Self.row(
                .get,
                "orgs/:org/members",
                needs: .member,
                .init("Who belongs to an organization.", query: .pages)
            ) { call in
                let page = try await organizations(call).members(of: call.organization, call.page())
                return try .list(page, call, self) { $0.value($1) }
            },
            Self.row(
                .get,
                "orgs/:org/members/:name",
                needs: .member,
                .init("What somebody is in an organization; 404 for who does not belong to it.")
            ) { call in
                let member = try await organizations(call).member(
                    call.parameter("name"),
                    of: call.organization
                )
                return .json { json in
                    json.fields(of: member.profile)
                    json.field("role", member.role.rawValue)
                }
            },
            Self.row(
                .put,
                "orgs/:org/members/:name",
                needs: .manage,
                .init(
                    "Makes somebody a member, or changes what they are.",
                    body: [
                        .init(
                            "role",
                            .word(OrganizationRole.words),
                            "What they are; member where it is left out."
                        )
                    ],
                    success: .noContent
                )
            ) { call in
                let role = try await call.fields(mayBeLeftOut: true).word("role", of: OrganizationRole.self)
                try await organizations(call).set(
                    call.parameter("name"),
                    to: role ?? .member,
                    in: call.organization
                )
                return .noContent
            },
            Self.row(
                .delete,
                "orgs/:org/members/:name",
                needs: .member,
                .init("Ends a membership; members may end their own.", success: .noContent)
            ) { call in
                try await organizations(call).remove(call.parameter("name"), from: call.organization)
                return .noContent
            },
        ]
    }

    /// Who looks at accounts: whoever has none, or asks with what is for one repository alone, sees what all may see.
    ///
    /// Security: credentials that are nobody's are refused rather than forgotten, or a script would go on as nobody.
    func onlooker(_ call: Call) throws -> Identity {
        let identity = call.access.identity
        guard identity.account == nil || identity.workspace != nil else { return identity }
        guard identity.isSignedIn || !call.hasCredentials else { throw Refusal.signIn }
        return .anonymous
    }

    func visible(_ name: String, for onlooker: Identity) async throws -> Profile {
        try await accounts.profiles(for: onlooker).visible(name)
    }

    private func createOrganization(_ path: String) -> Endpoint {
        Self.row(
            .post,
            path,
            needs: .signedIn,
            .init(
                "Makes an organization whose first admin is who asks.",
                body: [.init("username", isRequired: true, "Its name.")] + Self.profileFields,
                success: .created
            )
        ) { call in
            let fields = try await call.fields()
            let name = try AccountName(fields.string("name") ?? fields.requiredString("username"))
            let profile = try await organizations(call).create(name, fields.profileChange())
            return .profile(profile, status: .created)
        }
    }
}

extension HubFields {
    fileprivate func profileChange() throws -> ProfileChange {
        try ProfileChange(
            fullName: string("full_name"),
            description: string("description"),
            website: string("website"),
            location: string("location")
        )
    }
}
