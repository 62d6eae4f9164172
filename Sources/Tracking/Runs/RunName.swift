/// Names for runs that came without one: an adjective, a bird and a number.
enum RunName {
    private static let adjectives = [
        "able", "airy", "amber", "apt", "bold", "brave", "brisk", "calm", "clever", "crisp", "daring", "deft",
        "eager", "fair", "fleet", "fond", "gentle", "glad", "golden", "grand", "hardy", "honest", "humble",
        "jolly",
        "keen", "kind", "lively", "loyal", "lucid", "mellow", "merry", "mild", "neat", "nimble", "noble",
        "patient",
        "placid", "polite", "proud", "quick", "quiet", "rapid", "ready", "rosy", "sage", "serene", "sharp",
        "shiny",
        "silent", "smart", "snowy", "spry", "steady", "sunny", "swift", "tidy", "upbeat", "vivid", "warm",
        "wise",
    ]
    private static let birds = [
        "auk", "avocet", "bittern", "bulbul", "bunting", "buzzard", "chough", "condor", "coot", "crake",
        "crane",
        "crow", "cuckoo", "curlew", "dipper", "dove", "dunlin", "eagle", "egret", "eider", "falcon", "finch",
        "gannet",
        "grebe", "grouse", "gull", "harrier", "heron", "hobby", "hoopoe", "ibis", "jackdaw", "jay", "kestrel",
        "kite",
        "knot", "lark", "linnet", "loon", "magpie", "martin", "merlin", "osprey", "ouzel", "owl", "petrel",
        "pipit",
        "plover", "puffin", "quail", "raven", "robin", "rook", "ruff", "shrike", "siskin", "snipe",
        "starling", "stork",
        "swan", "teal", "tern", "thrush", "tit", "wagtail", "warbler", "wigeon", "wren",
    ]

    /// A name of at most 20 characters.
    static func random() -> String {
        let adjective = adjectives[Int.random(in: adjectives.indices)]
        let bird = birds[Int.random(in: birds.indices)]
        return "\(adjective)-\(bird)-\(Int.random(in: 0...999))"
    }

    /// The tag that holds a run's name beside the run itself.
    static let tagKey = "mlflow.runName"
}
