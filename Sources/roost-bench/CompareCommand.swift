import ArgumentParser
import FoundationEssentials
import Glibc

/// The benchmark itself: all cases, all peers, one table.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Runs the cases on all peers in turn and prints the table."
    )

    @Option(help: "Which to measure: roost, mlflow, fml, nginx, limits.")
    var peers = "roost,mlflow,fml,nginx,limits"

    @Option(help: "Which suites: writes, searches, histories, artifacts, registry, git; all if not given.")
    var suites: String?

    @Option(help: "Only cases whose name holds this.")
    var only: String?

    @Flag(help: "A small selection that takes less than two minutes.")
    var quick = false

    @Flag(help: "Print JSON instead of the table.")
    var json = false

    @Option(help: "Also put the tables into this Markdown file, between its two marks.")
    var document: String?

    @Option(help: "Sizes are multiplied by this.")
    var scale = 1.0

    @Option(help: "Rounds; medians are taken over them.")
    var rounds = 3

    @Option(help: "Seconds that a round of a case lasts.")
    var seconds = 2.0

    @Option(help: "An operation that takes longer is given up.")
    var operationSeconds = 30.0

    @Option(help: "Folder for all data; removed afterwards.")
    var folder = "/tmp/roost-bench"

    @Option(help: "The Roost program.")
    var roost = ".build/release/roost"

    @Option(help: "Python of an environment with mlflow.")
    var python = ".venv-bench/bin/python"

    @Option(help: "FastTrackML's program.")
    var fml = ".venv-bench-fml/bin/fml"

    @Option(help: "nginx.")
    var nginx = "/usr/sbin/nginx"

    @Option(help: "fcgiwrap, which starts git http-backend for nginx.")
    var fcgiwrap = "/usr/sbin/fcgiwrap"

    func run() throws {
        // A server that waits for its turn is stopped and does not hear that the person has had enough.
        signal(SIGINT) { _ in
            signal(SIGINT, SIG_IGN)
            kill(0, SIGINT)
            kill(0, SIGCONT)
            _exit(130)
        }
        let document = document.map { Document(path: absolute($0)) }
        // Found out before half an hour of measuring, not after it.
        try document?.check()
        let programs = Programs(
            roost: absolute(roost),
            python: absolute(python),
            fml: absolute(fml),
            nginx: absolute(nginx),
            fcgiwrap: absolute(fcgiwrap),
            bench: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        )
        var bench = Bench(
            programs: programs,
            folder: absolute(folder),
            peers: try wantedPeers,
            suites: (suites ?? (quick ? "writes,searches" : nil)).map {
                Set($0.split(separator: ",").map(String.init))
            },
            only: only,
            isQuick: quick,
            scale: scale,
            rounds: quick ? 1 : rounds,
            seconds: quick ? min(seconds, 0.5) : seconds,
            operationSeconds: operationSeconds
        )
        let report = try bench.run()
        print(json ? try report.json() : report.table())
        try document?.replace(with: report.table())
    }

    private var wantedPeers: [Peer] {
        get throws {
            try peers.split(separator: ",").flatMap { word -> [Peer] in
                if word == "limits" { return [.bare, .sqlite] }
                guard let peer = Peer(rawValue: String(word)),
                    ![.gitBackend, .checkingGitBackend].contains(peer)
                else {
                    throw ValidationError("no peer \(word)")
                }
                return [peer]
            }
        }
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
