import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore

/// The fields of a request to the hub: a JSON object, or a form.
struct HubFields {
    private let members: [JSON.Member]
    /// In a form everything is text.
    private let isForm: Bool

    static let none = HubFields(members: [], isForm: false)

    init(json: ByteBuffer) throws {
        guard case .object(let members) = try json.withUnsafeReadableBytes({ try JSON(parsing: $0) }) else {
            throw Failure.invalid("The body must be a JSON object.")
        }
        self.init(members: members, isForm: false)
    }

    init(form: ByteBuffer) {
        let pairs = Query(String(buffer: form)).pairs
        self.init(
            members: pairs.map { JSON.Member(key: $0.key, value: .string($0.value)) },
            isForm: true
        )
    }

    private init(members: [JSON.Member], isForm: Bool) {
        self.members = members
        self.isForm = isForm
    }

    func string(_ name: String) throws -> String? {
        switch value(name) {
        case nil: nil
        case .string(let text): text
        default: throw Failure.invalid("'\(name)' must be a text.")
        }
    }

    func requiredString(_ name: String) throws -> String {
        guard let text = try string(name), !text.isEmpty else {
            throw Failure.invalid("'\(name)' is missing.")
        }
        return text
    }

    func boolean(_ name: String) throws -> Bool? {
        switch (value(name), isForm) {
        case (nil, _): return nil
        case (.boolean(let value), _): return value
        case (.string(let text), true):
            if text.isEmpty { return nil }
            guard let value = Self.words[text.lowercased()] else { fallthrough }
            return value
        default: throw Failure.invalid("'\(name)' must be true or false.")
        }
    }

    /// A list of texts; in a form the same name several times.
    func strings(_ name: String) throws -> [String]? {
        if isForm {
            let values = members.filter { $0.key == name }.compactMap { member -> String? in
                if case .string(let text) = member.value { text } else { nil }
            }
            return values.isEmpty ? nil : values
        }
        guard let value = value(name) else { return nil }
        guard case .array(let elements) = value else {
            throw Failure.invalid("'\(name)' must be a list of texts.")
        }
        return try elements.map { element in
            guard case .string(let text) = element else {
                throw Failure.invalid("'\(name)' must be a list of texts.")
            }
            return text
        }
    }

    /// An object; nil where it is not there.
    func object(_ name: String) throws -> HubFields? {
        guard let value = value(name) else { return nil }
        guard case .object(let members) = value else {
            throw Failure.invalid("'\(name)' must be an object.")
        }
        return HubFields(members: members, isForm: false)
    }

    /// A list of objects; not there is empty.
    func objects(_ name: String) throws -> [HubFields] {
        guard let value = value(name) else { return [] }
        guard case .array(let elements) = value else {
            throw Failure.invalid("'\(name)' must be a list of objects.")
        }
        return try elements.map { element in
            guard case .object(let members) = element else {
                throw Failure.invalid("'\(name)' must be a list of objects.")
            }
            return HubFields(members: members, isForm: false)
        }
    }

    func integer(_ name: String) throws -> Int64? {
        switch value(name) {
        case nil: return nil
        case .integer(let number): return number
        case .string(let text) where isForm && text.isEmpty: return nil
        case .string(let text) where isForm:
            guard let number = Int64(text) else { fallthrough }
            return number
        default: throw Failure.invalid("'\(name)' must be a whole number.")
        }
    }

    /// One of the words of a kind; an empty text is none.
    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        of _: Word.Type = Word.self
    ) throws -> Word? {
        guard let text = try string(name), !text.isEmpty else { return nil }
        guard let word = Word(rawValue: text) else {
            throw Failure.invalid("'\(name)' must be one of \(Word.words.joined(separator: ", ")).")
        }
        return word
    }

    /// Who sees a repository, as Gitea says it (`private`) or GitHub (`visibility`); nil where neither does.
    ///
    /// Security: what somebody meant to be private is not made public because they said so in the other's word.
    func visibility() throws -> Visibility? {
        let told: Visibility? = try boolean("private").map { $0 ? .private : .public }
        let named = try word("visibility", of: Visibility.self)
        if let told, let named, told != named {
            throw Failure.invalid("'private' and 'visibility' say different things.")
        }
        return told ?? named
    }

    private static let words = [
        "true": true, "on": true, "1": true, "yes": true, "false": false, "off": false, "0": false,
        "no": false,
    ]

    private func value(_ name: String) -> JSON? {
        let value = members.last { $0.key == name }?.value
        return value == .null ? nil : value
    }
}

extension CaseIterable where Self: RawRepresentable<String> {
    static var words: [String] { allCases.map(\.rawValue) }
}

extension Call {
    /// The fields of the body; none where there is no body and it may be left out.
    func fields(mayBeLeftOut: Bool = false) async throws -> HubFields {
        let body = try await body()
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        // Security: a page elsewhere can make a browser send a form, or nothing at all, with the cookies that it has, but no
        // header with a token.
        switch type {
        case "application/json":
            return body.readableBytes == 0 && mayBeLeftOut ? .none : try HubFields(json: body)
        case "application/x-www-form-urlencoded" where isByHand: return HubFields(form: body)
        case nil where body.readableBytes == 0 && mayBeLeftOut && (isByHand || request.method != .post):
            return .none
        case nil: throw Failure.invalid("The header Content-Type is missing: it must be application/json.")
        default: throw Failure.invalid("Content-Type must be application/json.")
        }
    }

    /// Whether who asks says so in a header, which no page elsewhere makes a browser send.
    var isByHand: Bool { hasCredentials && access.identity.means != .session }

    /// Whether a header says who asks, be it somebody or not.
    var hasCredentials: Bool { request.headers[.authorization] != nil }

    /// Which part of a list is asked for.
    ///
    /// As Gitea does, more than there is on a page is cut to that, and 0 is as many as where nobody says how many.
    func page() throws -> PageRequest {
        let query = query
        let limit = try query.number("limit") ?? query.number("per_page") ?? 0
        return try PageRequest(
            number: query.number("page") ?? 1,
            limit: limit == 0 ? PageRequest.standardLimit : min(limit, PageRequest.mostLimit)
        )
    }

    /// A key in the path.
    func key(_ name: String) throws -> Int64 {
        guard let key = Int64(parameter(name)), key > 0 else {
            throw Failure.missing("'\(parameter(name).prefix(40))' is no number of anything here.")
        }
        return key
    }

    /// The repository that the address names.
    var repository: RepositoryPlace {
        guard let place = access.repository else {
            preconditionFailure("the address of this endpoint names no repository")
        }
        return place
    }

    /// The organization that the address names.
    var organization: AccountID {
        guard let organization = access.organization else {
            preconditionFailure("the address of this endpoint names no organization")
        }
        return organization
    }
}

extension Query {
    /// A whole number; empty is none.
    func number(_ name: String) throws -> Int? {
        guard let text = self[name], !text.isEmpty else { return nil }
        guard let number = Int(text) else { throw Failure.invalid("'\(name)' must be a number.") }
        return number
    }

    /// A word of a kind; empty is none.
    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        of _: Word.Type = Word.self
    ) throws -> Word? {
        guard let text = self[name], !text.isEmpty else { return nil }
        guard let word = Word(rawValue: text) else {
            throw Failure.invalid("'\(name)' must be one of \(Word.words.joined(separator: ", ")).")
        }
        return word
    }
}
