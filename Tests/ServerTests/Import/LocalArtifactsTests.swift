import FoundationEssentials
import TestSupport
import Testing
import Tracking

@testable import Server

@Suite struct LocalArtifactsTests {
    @Test func `the address of a run decides where its files are`() throws {
        let folder = try TemporaryFolder()
        let store = folder.path + "/mlruns"
        for path in ["mlruns/1/r/artifacts", "mlruns/.trash/2/r/artifacts", "else/r/artifacts"] {
            try makeFolder(folder.path + "/" + path)
        }
        try "".write(toFile: store + "/.trash/2/r/artifacts/f", atomically: false, encoding: .utf8)
        let local = LocalArtifacts(folder: nil, base: store)
        let (own, bin) = (store + "/1/r", store + "/.trash/2/r")

        let cases: [(uri: String, own: String?, place: String)] = [
            ("file://\(store)/1/r/artifacts", own, "\(store)/1/r/artifacts"),
            ("\(store)/1/r/artifacts", own, "\(store)/1/r/artifacts"),
            // The store was moved, or the experiment is in its bin.
            ("file:///gone/mlruns/1/r/artifacts", own, "\(store)/1/r/artifacts"),
            ("file://\(store)/2/r/artifacts", bin, "\(store)/.trash/2/r/artifacts"),
            ("file://\(folder.path)/else/r/artifacts", own, "\(folder.path)/else/r/artifacts"),
            ("file:///gone/else/r/artifacts", own, "/gone/else/r/artifacts"),
            ("s3://bucket/x/r/artifacts", own, "s3"),
            ("mlflow-artifacts:/1/r/artifacts", own, "unknown"),
            ("mlflow-artifacts:/2/r/artifacts", bin, "\(store)/.trash/2/r/artifacts"),
            ("", nil, "nowhere"), ("", own, "\(store)/1/r/artifacts"),
        ]
        for (uri, own, place) in cases {
            #expect(local.find(owner(uri, own)).place == place, "\(uri)")
        }
        try folder.remove()
    }

    @Test func `what a server kept is taken from where it puts artifacts by itself`() throws {
        let folder = try TemporaryFolder()
        try makeFolder(folder.path + "/here/mlartifacts/1/r/artifacts")
        let found = LocalArtifacts.serverFolder(in: [folder.path, folder.path + "/here"])
        let report = ImportReport()
        let local = LocalArtifacts(folder: nil, base: folder.path, serverFolder: found)
        let run = owner("mlflow-artifacts:/1/r/artifacts", nil)

        let places = [run, run, owner("s3://bucket/x", nil)].map {
            local.find($0, tellingIn: report).place
        }

        let place = folder.path + "/here/mlartifacts"
        #expect(LocalArtifacts.serverFolder(in: [folder.path]) == nil)
        #expect(places == [place + "/1/r/artifacts", place + "/1/r/artifacts", "s3"])
        #expect(report.state.changes == ["the artifacts that the server kept are taken from \(place)"])
        let named = LocalArtifacts(folder: "/named", base: folder.path, serverFolder: found)
        #expect(named.find(run, tellingIn: report).place == "/named/1/r/artifacts")
        try folder.remove()
    }

    @Test func `the folder that the person names comes before an address, where it has the files`() throws {
        let folder = try TemporaryFolder()
        for path in ["copy/1/r/artifacts", "else/2/r/artifacts"] {
            try makeFolder(folder.path + "/" + path)
        }
        let local = LocalArtifacts(folder: folder.path + "/copy", base: "/gone")

        let cases: [(uri: String, place: String)] = [
            ("file:///gone/1/r/artifacts", "copy/1/r/artifacts"),
            ("mlflow-artifacts:/1/r/artifacts", "copy/1/r/artifacts"),
            ("file://\(folder.path)/else/2/r/artifacts", "else/2/r/artifacts"),
            ("file:///gone/3/r/artifacts", "copy/3/r/artifacts"),
        ]
        for (uri, place) in cases {
            #expect(local.find(owner(uri, nil)).place == folder.path + "/" + place, "\(uri)")
        }
        try folder.remove()
    }

    private func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// A run with an address, and with a folder where it lies in a file store.
    private func owner(_ uri: String, _ folder: String?) -> ArtifactOwner {
        let run = ImportedRun(
            id: "r",
            experimentID: 1,
            name: "",
            userID: "",
            status: .finished,
            startTime: 0,
            endTime: nil,
            stage: .active,
            deletedTime: nil,
            artifactURI: uri,
            params: [],
            tags: [],
            datasets: [],
            modelInputs: [],
            modelOutputs: []
        )
        return .run(SourceRun(run: run, folder: folder))
    }
}

extension SourceArtifacts {
    /// The folder, or in a word what there is in its stead.
    fileprivate var place: String {
        switch self {
        case .folder(let path): path
        case .elsewhere(let scheme): scheme
        case .server: "server"
        case .unknown: "unknown"
        case .nowhere: "nowhere"
        }
    }
}
