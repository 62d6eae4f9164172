import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird

/// What came of a form.
enum Outcome: Sendable {
    /// The browser goes on, so that what was sent is not sent again.
    case goOn(Address)
    /// Something that is shown this once, such as a new token.
    case show(any Page)
    /// Anything else, such as a cookie on the way on.
    case answer(Answer)
}

/// What somebody sent that could not be done; its form is shown again with it.
struct Rejected: Sendable {
    let form: Query
    let message: String
}

extension Web {
    /// A page with forms that are sent to its own address, and the row that takes them.
    ///
    /// - Parameters:
    ///   - path: Below its place.
    ///   - place: Where it is.
    ///   - right: What looking and sending need.
    ///   - load: Loads the page; with what could not be done, where something was sent.
    ///   - take: Does what a form says; a `Failure` is shown above the form.
    /// - Returns: The two rows.
    func desk(
        _ path: String,
        in place: Endpoint.Place,
        needs right: Right,
        load: @escaping @Sendable (Visit, Rejected?) async throws -> any Page,
        take: @escaping @Sendable (Visit, Query) async throws -> Outcome
    ) -> [Endpoint] {
        [
            page(path, in: place, needs: right) { try await load($0, nil) },
            Endpoint(.post, path, in: place, needs: right) { call in
                try call.checkForm()
                let visit = visit(call)
                let form = try await call.form()
                do {
                    return try await answer(to: take(visit, form), for: visit)
                } catch let failure as Failure where failure.code.status.code < 500 {
                    let page = try await load(visit, Rejected(form: form, message: failure.message))
                    return await answer(page, for: visit, status: failure.code.status)
                } catch let attempts as TooManyAttempts {
                    let message = "Too many attempts came from your address: wait a while."
                    let page = try await load(visit, Rejected(form: form, message: message))
                    var answer = await answer(page, for: visit, status: .tooManyRequests)
                    answer.headers[.retryAfter] = String(attempts.retryAfterSeconds)
                    return answer
                }
            },
        ]
    }

    private func answer(to outcome: Outcome, for visit: Visit) async -> Answer {
        switch outcome {
        case .goOn(let address): .redirect(to: address.text)
        case .show(let page): await answer(page, for: visit)
        case .answer(let answer): answer
        }
    }
}

/// What is said above the forms of a page: what was done, or what is wrong.
enum Notice: Sendable {
    case done(Done)
    case wrong(String)

    init?(_ visit: Visit, _ rejected: Rejected?) {
        if let rejected {
            self = .wrong(rejected.message)
        } else if let done = visit.query("done").flatMap(Done.init(rawValue:)) {
            self = .done(done)
        } else {
            return nil
        }
    }

    var html: HTML {
        switch self {
        case .done(let done): "<p class=\"note\" role=\"status\">\(done.text)</p>"
        case .wrong(let message): "<p class=\"note bad\" role=\"alert\">\(message)</p>"
        }
    }
}

/// What was done, as an address says it after a form was taken.
enum Done: String, Sendable {
    case saved, added, removed, revoked, ended, moved, restored, archived, unarchived, queued, suspended,
        resumed, fetched, importedInPart, endedForGood

    var text: String {
        switch self {
        case .saved: "Saved."
        case .added: "Added."
        case .removed: "Removed."
        case .revoked: "Revoked: it opens nothing any more."
        case .ended: "Ended: whoever was signed in there must sign in again."
        case .moved: "Moved: the old address leads here until something else is made there."
        case .restored: "Restored, with all that belonged to it."
        case .archived: "Archived: it is only read from now on."
        case .unarchived: "No longer archived."
        case .queued: "Queued: it runs within seconds; load this page again to see how it went."
        case .suspended: "Shut out: sessions have ended, and neither password, tokens nor keys open anything."
        case .resumed: "Let in again."
        case .endedForGood: "Ended: it is gone within minutes, and its name is free then."
        case .fetched: "Fetched: nothing is missing any more."
        case .importedInPart: "The branches and tags are here, but not all large files: fetch them below."
        }
    }
}

extension Failure {
    /// What is said of a form that names nothing that can be done on its page.
    static let unknownDeed = Failure.invalid("The form does not say what is to be done.")
}

extension Address {
    func after(_ done: Done) -> Address { with("done", done.rawValue) }
}

extension Query {
    /// The value of a field; empty where it was not sent.
    func text(_ name: String) -> String { self[name] ?? "" }

    /// The value without the space around it.
    func word(_ name: String) -> String {
        String(text(name).drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    func isChecked(_ name: String) -> Bool { self[name] != nil }

    /// One of a few words.
    ///
    /// - Throws: `Failure.invalid` for another.
    func choice<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        of _: Word.Type = Word.self
    ) throws -> Word {
        guard let word = Word(rawValue: text(name)) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure.invalid("'\(name)' must be one of \(words).")
        }
        return word
    }

    /// - Throws: `Failure.missing` for what is the key of nothing.
    func key(_ name: String) throws -> Int64 {
        guard let key = Int64(text(name)), key > 0 else { throw Failure.missing("It is not here any more.") }
        return key
    }
}

extension Visit {
    /// The page of a list that the address names.
    func pageRequest(limit: Int = PageRequest.standardLimit) throws -> PageRequest {
        try PageRequest(number: query("page").flatMap(Int.init) ?? 1, limit: limit)
    }

    /// The number by which the address names something.
    ///
    /// - Throws: `Failure.missing` with these words for what is no number.
    func number(_ parameter: String, orMissing words: String) throws -> Int64 {
        guard let number = Int64(call.parameter(parameter)) else { throw Failure.missing(words) }
        return number
    }

    /// Where the page is, without its query.
    var place: Address { Address(call.request.uri.path) }
}
