import API
import Accounts
import ArgumentParser
import Core
import Database
import Glibc
import NIOCore
import NIOPosix
import Repositories

/// `roost ssh-serve`: what `sshd` starts for somebody who has shown a key.
struct SSHServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ssh-serve",
        abstract: "Serve Git to a client of sshd; sshd starts it.",
        shouldDisplay: false
    )

    @OptionGroup var place: SSHPlace
    @Option var key: Int64

    func run() async throws {
        let rooms = try await place.open()
        do {
            try await serve(rooms)
            try await rooms.database.close()
        } catch {
            try await rooms.database.close()
            Self.say(Self.words(for: error))
            throw ExitCode.failure
        }
    }

    private func serve(_ rooms: SSHPlace.Rooms) async throws {
        guard let identity = try await rooms.accounts.sshKeys.identity(of: key) else {
            throw Failure(.unauthenticated, "This key is not known here any more.")
        }
        let wish = Environment.current["SSH_ORIGINAL_COMMAND"] ?? ""
        guard !wish.isEmpty else {
            throw Failure(.permissionDenied, "You are '\(identity.login)' here. Git is served, and no shell.")
        }
        guard let request = SSHRequest(wish) else {
            throw Failure(
                .permissionDenied,
                "Only git-upload-pack, git-receive-pack and git-lfs-authenticate of a repository are served."
            )
        }
        let access = try await admit(identity, to: request, rooms)
        switch request.service {
        case .git(let service):
            try await rooms.repositories.storage.ensure(access.caller.workspace)
            try await converse(service, access, rooms.repositories)
        case .largeFiles(let direction): try await givePass(direction, access, rooms)
        }
    }

    /// Says where large files are sent and got, and what is shown there.
    ///
    /// - Source: `docs/api/authentication.md` of git-lfs 3.
    private func givePass(
        _ direction: SSHRequest.LargeFileDirection,
        _ access: Access,
        _ rooms: SSHPlace.Rooms
    ) async throws {
        guard let server = rooms.publicAddress, let place = access.repository else {
            throw Failure(
                .featureDisabled,
                "The server has not been told where it is reached over HTTP (--public-address)."
            )
        }
        let pass = try await rooms.accounts.largeFilePasses.create(
            for: key,
            in: place.workspace,
            direction == .upload ? .write : .read
        )
        var json = JSONWriter()
        json.object { json in
            json.field("href", "\(server)/\(place.fullName).git/info/lfs")
            json.object("header") { $0.field("Authorization", "RemoteAuth \(pass.text)") }
            json.field("expires_in", LargeFilePasses.lifeSeconds)
        }
        try await Self.write(json.withBytes { ByteBuffer(bytes: $0) })
    }

    private func admit(
        _ identity: Identity,
        to request: SSHRequest,
        _ rooms: SSHPlace.Rooms
    ) async throws -> Access {
        let right: Right =
            [.git(.receivePack), .largeFiles(.upload)].contains(request.service) ? .write : .read
        do {
            let target = Target.repository(owner: request.owner, name: request.name)
            return try await rooms.accounts.admission.admit(identity, to: target, needing: right)
        } catch let moved as Moved {
            let target = Target.repository(owner: moved.place.owner, name: moved.place.name)
            return try await rooms.accounts.admission.admit(identity, to: target, needing: right)
        }
    }

    private func converse(_ service: GitService, _ access: Access, _ repositories: Repositories) async throws
    {
        let transport = repositories.transport(of: access.caller.workspace)
        let version = GitProtocolVersion(saidBy: Environment.current["GIT_PROTOCOL"])
        // In the program's own hands from here on, since a channel closes what it is given.
        let input = dup(STDIN_FILENO)
        let channel = try await NIOPipeBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .takingOwnershipOfDescriptor(input: input) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, Never>(wrappingChannelSynchronously: channel)
                }
            }
        try await channel.executeThenClose { request, _ in
            switch service {
            case .uploadPack:
                try await transport.upload(request, version, over: .conversation, to: Self.write)
            case .receivePack:
                let pusher = Pusher(access.caller, isAdmin: access.role == .admin)
                try await transport.receive(
                    request,
                    version,
                    over: .conversation,
                    by: pusher,
                    to: Self.write
                )
            }
        }
    }

    /// Waits in a thread for a client that reads slowly.
    private static func write(_ bytes: ByteBuffer) async throws {
        try await NIOThreadPool.singleton.runIfActive {
            var rest = bytes.readableBytesView[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Failure(.badRequest, "The client has gone.") }
                rest = rest.dropFirst(count)
            }
        }
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case let failure as Failure: failure.message
        case let refusal as Refusal: refusal.message
        default: "The server failed: \(error)"
        }
    }

    private static func say(_ words: String) {
        let text = Array("roost: \(words)\n".utf8)
        _ = Glibc.write(STDERR_FILENO, text, text.count)
    }
}

extension Refusal {
    fileprivate var message: String {
        switch self {
        case .signIn: "The repository is not there, or not for this key."
        case .nothingHere(let message), .mayNot(let message): message
        }
    }
}
