// swift-tools-version:6.2
import PackageDescription

// The manifest is the picture of the house: `room` names what a room may import, of ours and of others.
// `Tests/HouseTests` holds every `import` line to the same table.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(
    _ name: String,
    _ ours: [String] = [],
    uses: [Target.Dependency] = [],
    holds: [Resource]? = nil
) -> Target {
    .target(
        name: name,
        dependencies: ours.map { .target(name: $0) } + uses,
        resources: holds,
        swiftSettings: strict
    )
}

func program(_ name: String, _ ours: [String] = [], uses: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name,
        dependencies: ours.map { .target(name: $0) } + uses,
        swiftSettings: strict,
        // Addresses inside the program are corrected at each start; packed, their list is a hundredth as long.
        linkerSettings: [
            .unsafeFlags(
                ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"],
                .when(configuration: .release)
            )
        ]
    )
}

func tests(of name: String, _ ours: [String] = [], uses: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: ours.map { .target(name: $0) } + uses,
        swiftSettings: strict
    )
}

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let grdbSQLite = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTLS = product(name: "HummingbirdTLS", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let jwtKit = product(name: "JWTKit", package: "jwt-kit")
    static let logging = product(name: "Logging", package: "swift-log")
    static let metrics = product(name: "Metrics", package: "swift-metrics")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioHTTPTypes = product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let systemPackage = product(name: "SystemPackage", package: "swift-system")
    static let subprocess = product(name: "Subprocess", package: "swift-subprocess")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")
}

let package = Package(
    name: "roost",
    products: [
        .executable(name: "roost", targets: ["roost"]),
        .executable(name: "roost-bench", targets: ["roost-bench"]),
        .library(name: "MLflowClient", targets: ["MLflowClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Roof
        program("roost", ["Server"]),
        room(
            "Server",
            [
                "API", "Web", "HTTP", "Tracking", "Registry", "Accounts", "Repositories", "Webhooks",
                "Events",
                "ObjectStore", "Outbound", "Database", "Core", "MLflowClient",
            ],
            uses: [
                .argumentParser, .hummingbird, .hummingbirdCore, .hummingbirdTLS, .httpTypes, .logging,
                .metrics,
                .nioCore, .nioHTTPTypes, .nioPosix, .nioSSL, .serviceLifecycle, .unixSignals, .yams,
            ]
        ),
        // Surfaces
        room(
            "API",
            [
                "HTTP", "Tracking", "Registry", "Accounts", "Repositories", "Webhooks", "ObjectStore",
                "Events",
                "Database",
                "Core", "CZlib",
            ],
            uses: [.hummingbird, .httpTypes, .logging, .metrics, .nioCore, .nioPosix]
        ),
        room(
            "Web",
            [
                "HTTP", "Tracking", "Registry", "Webhooks", "Accounts", "Repositories", "ObjectStore",
                "Events",
                "Database",
                "Parquet", "Core", "CMark",
            ],
            uses: [.hummingbird, .httpTypes, .logging, .nioCore, .nioPosix],
            holds: [.copy("Files")]
        ),
        room(
            "HTTP",
            ["Accounts", "ObjectStore", "Outbound", "Database", "Core", "CZlib"],
            uses: [.hummingbird, .httpTypes, .logging, .metrics, .nioCore, .nioPosix]
        ),
        // Domain
        room("Tracking", ["Database", "Events", "Core"]),
        room("Registry", ["Webhooks", "Database", "Events", "Outbound", "Core"], uses: [.crypto]),
        room(
            "Accounts",
            ["Database", "Events", "Outbound", "Core"],
            uses: [.crypto, .cryptoExtras, .jwtKit]
        ),
        room(
            "Repositories",
            ["Database", "Events", "ObjectStore", "Outbound", "Core", "CGit2"],
            uses: [.subprocess, .systemPackage, .nioCore, .nioPosix]
        ),
        // Library
        room("MLflowClient", uses: [.asyncHTTPClient, .nioCore, .nioHTTP1, .nioPosix, .nioSSL]),
        // Ground
        room("Outbound", uses: [.nioCore, .nioHTTP1, .nioPosix, .nioSSL]),
        room("Webhooks", ["Database", "Events", "Outbound", "Core"], uses: [.crypto]),
        room("Events", ["Database", "Core"]),
        room("ObjectStore", ["Database", "Core"], uses: [.crypto, .nioCore, .nioPosix]),
        room("Database", ["Core"], uses: [.grdb, .grdbSQLite, .nioPosix, .logging]),
        room("Parquet", ["CZlib"]),
        room("Core"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CMark",
            pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]
        ),
        .systemLibrary(name: "CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        // Beside the house
        program("roost-bench", uses: [.argumentParser, .hummingbird, .grdbSQLite, .logging]),
        .target(
            name: "TestSupport",
            dependencies: ["Database", "Core", .subprocess],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        tests(of: "House"),
        tests(of: "Core", ["Core"]),
        tests(
            of: "Outbound",
            ["Outbound"],
            uses: [.hummingbird, .hummingbirdTLS, .hummingbirdTesting, .httpTypes, .nioSSL]
        ),
        tests(of: "Database", ["Database", "TestSupport", "Core"]),
        tests(
            of: "ObjectStore",
            ["ObjectStore", "Database", "TestSupport", "Core"],
            uses: [.nioCore, .nioPosix, .crypto]
        ),
        tests(of: "Tracking", ["Tracking", "Events", "Database", "TestSupport", "Core"]),
        tests(
            of: "Registry",
            ["Registry", "Webhooks", "Events", "Outbound", "Database", "TestSupport", "Core"],
            uses: [.hummingbird, .hummingbirdTesting, .httpTypes]
        ),
        tests(of: "Webhooks", ["Webhooks", "Events", "Outbound", "Database", "TestSupport", "Core"]),
        tests(of: "Accounts", ["Accounts", "Events", "Database", "TestSupport", "Core"]),
        tests(
            of: "Repositories",
            ["Repositories", "Events", "ObjectStore", "Outbound", "Database", "TestSupport", "Core"],
            uses: [.hummingbird, .hummingbirdTesting, .httpTypes, .nioCore, .nioPosix, .subprocess]
        ),
        tests(
            of: "HTTP",
            ["HTTP", "API", "Accounts", "Outbound", "Database", "TestSupport", "Core"],
            uses: [
                .hummingbird, .hummingbirdTesting, .httpTypes, .logging, .nioCore, .nioEmbedded, .nioPosix,
            ]
        ),
        tests(
            of: "Web",
            ["Web", "HTTP", "Tracking", "Repositories", "Webhooks", "Events", "ObjectStore", "Core"]
        ),
        tests(of: "Parquet", ["Parquet"]),
        tests(
            of: "API",
            [
                "API", "HTTP", "Tracking", "Registry", "Accounts", "Repositories", "Webhooks", "Events",
                "ObjectStore",
                "Outbound",
                "Database", "TestSupport", "Core",
            ],
            uses: [
                .hummingbird, .hummingbirdTesting, .httpTypes, .logging, .metrics, .nioCore, .nioEmbedded,
                .nioPosix,
            ]
        ),
        tests(
            of: "MLflowClient",
            ["MLflowClient"],
            uses: [.hummingbird, .hummingbirdTesting, .hummingbirdTLS, .httpTypes, .nioCore, .nioSSL]
        ),
        tests(
            of: "Server",
            [
                "Server", "API", "Web", "HTTP", "Tracking", "Registry", "Accounts", "Repositories",
                "Webhooks", "Outbound", "Database",
                "TestSupport", "Core",
            ],
            uses: [
                .argumentParser, .httpTypes, .hummingbird, .hummingbirdCore, .hummingbirdTesting, .logging,
                .nioCore, .nioPosix, .serviceLifecycle,
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
