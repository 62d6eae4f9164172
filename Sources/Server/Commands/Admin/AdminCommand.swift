import ArgumentParser

/// `roost admin`: who has an account, what opens it, and what happened to it.
struct AdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin",
        abstract:
            "Look after accounts: people, their tokens and sessions, and the log of what happened to them.",
        discussion: """
            The commands speak to the data of a server by the settings of `roost serve`, also while it runs. Whoever may read \
            and write the data may do everything.

            Somebody new:            roost admin users create ann --address https://roost.example.com
            Who forgot a password:   roost admin users reset-password ann --address https://roost.example.com
            A token for a robot:     roost admin tokens create ci "nightly build" --role write --days 90
            Who failed to sign in:   roost admin audit --kind session.sign_in_failed --limit 20
            """,
        subcommands: [
            AdminUsersCommand.self, AdminTokensCommand.self, AdminSessionsCommand.self,
            AdminAuditCommand.self,
        ]
    )
}
