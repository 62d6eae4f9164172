package import Core

/// A password that may be set: long enough, and not among those that are tried first.
package struct NewPassword: Sendable {
    package static let leastCharacters = 12
    /// Hashing is slow on purpose; a longer text would be a way to keep the server busy.
    package static let mostBytes = 1_024

    let text: String

    /// - Parameters:
    ///   - text: The password.
    ///   - login: Whose it is to be.
    /// - Throws: `Failure.invalid` that says what is wrong with it.
    package init(_ text: String, for login: String) throws(Failure) {
        let trimmed = text.trimmingSpace
        guard text.count >= Self.leastCharacters, trimmed.count >= Self.leastCharacters else {
            throw .invalid("The password must have at least \(Self.leastCharacters) characters.")
        }
        guard text.utf8.count <= Self.mostBytes else {
            throw .invalid("The password has more than \(Self.mostBytes) bytes.")
        }
        let small = text.lowercased()
        guard !small.contains(login.lowercased()) || login.count < 3 else {
            throw .invalid("The password must not contain the login.")
        }
        guard Set(small).count >= 5, !Self.isSequence(small) else {
            throw .invalid("The password is too easy to guess: it repeats itself or counts.")
        }
        guard !Self.common.contains(where: { Self.isMade(small, of: $0) }) else {
            throw .invalid("The password is among those that are guessed first: choose another.")
        }
        // Security: a password that looks like a token would be looked up as one.
        guard !Secret.isToken(text) else { throw .invalid("The password must not begin like a token.") }
        self.text = text
    }

    /// Whether each character follows the one before in the alphabet, the digits or a row of the keyboard.
    private static func isSequence(_ text: String) -> Bool {
        let rows = ["abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiopasdfghjklzxcvbnm"]
        return rows.contains { row in
            [row, String(row.reversed())].contains { (($0 + $0) as String).contains(text) }
        }
    }

    /// Whether a password is a common one but for digits and signs around it.
    private static func isMade(_ text: String, of word: String) -> Bool {
        guard text.hasPrefix(word) || text.hasSuffix(word) || text.contains(word) else { return false }
        let rest = text.replacing(word, with: "")
        return rest.allSatisfy { !$0.isLetter } || common.contains(rest.filter(\.isLetter))
    }

    /// What lists of stolen passwords have most of; digits and signs around them do not make them better.
    private static let common: Set<String> = [
        "password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "letmein", "welcome", "qwerty", "qwertz",
        "azerty",
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "iloveyou", "admin", "administrator", "changeme", "secret",
        "monkey",
        "dragon", "master", "sunshine", "princess", "football", "baseball", "superman", "batman", "trustno",
        "whatever",
        "shadow", "michael", "jennifer", "jordan", "hunter", "login", "starwars", "computer", "internet",
        "default",
        "mlflow", "dagshub", "roost", "correcthorsebatterystaple", "correct horse battery staple", "abc",
        "abcdef",
        "test", "testing", "guest", "root", "toor", "hello", "freedom", "ninja", "mustang", "access",
        "flower",
    ]
}

extension String {
    fileprivate var trimmingSpace: Substring {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
