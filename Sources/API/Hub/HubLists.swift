import Core
import HTTP
import HTTPTypes
import Hummingbird

extension Answer {
    /// A page of a list: the elements as an array, and in the headers how long the list is and where its other pages are.
    static func list<Element>(
        _ page: ListPage<Element>,
        _ call: Call,
        _ hub: Hub,
        _ write: (inout JSONWriter, Element) -> Void
    ) throws -> Answer {
        var json = JSONWriter(capacityBytes: page.elements.count * 512 + 64)
        json.array { json in
            for element in page.elements { write(&json, element) }
        }
        var answer = Answer(json: json)
        answer.addPages(of: page.total, try call.page(), call, hub)
        return answer
    }

    /// The headers by which a client goes through a list.
    mutating func addPages(of total: Int, _ page: PageRequest, _ call: Call, _ hub: Hub) {
        headers[.totalCount] = "\(total)"
        let last = min(max(1, (total + page.limit - 1) / page.limit), PageRequest.lastNumber)
        var links: [(number: Int, relation: String)] = []
        if page.number > 1 {
            links = [(1, "first"), (min(page.number - 1, last), "prev")]
        }
        if page.number < last { links += [(page.number + 1, "next"), (last, "last")] }
        addLinks(links, call, hub)
    }

    /// The same where nobody has counted how long the list is.
    mutating func addPages(hasMore: Bool, _ page: PageRequest, _ call: Call, _ hub: Hub) {
        var links: [(number: Int, relation: String)] = []
        if page.number > 1 { links = [(1, "first"), (page.number - 1, "prev")] }
        if hasMore, page.number < PageRequest.lastNumber { links.append((page.number + 1, "next")) }
        addLinks(links, call, hub)
    }

    private mutating func addLinks(_ links: [(number: Int, relation: String)], _ call: Call, _ hub: Hub) {
        guard !links.isEmpty else { return }
        let server = hub.addresses(for: call).server
        headers[.link] = links.map {
            "<\(server)\(hub.path(of: call, page: $0.number))>; rel=\"\($0.relation)\""
        }
        .joined(separator: ", ")
    }
}

extension Hub {
    /// The path and query of a request, but for another page.
    fileprivate func path(of call: Call, page: Int) -> String {
        let words = (call.request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("page=") }
        let path = call.request.uri.path.dropFirst(prefix.count) + "?"
        // Security: what ends an address in this header is not part of one.
        return (path + (words.map(String.init) + ["page=\(page)"]).joined(separator: "&"))
            .filter { !"<>\",".contains($0) }
    }
}

extension HTTPField.Name {
    static let totalCount = named("X-Total-Count")
    static let link = named("Link")
}
