import Core
import HTTP
import HTTPTypes
import Hummingbird

/// The colours that a visitor chose, kept in a cookie so that the first paint is right already.
enum Theme: String, Sendable, CaseIterable {
    case system, light, dark

    static let cookie = "roost_theme"

    init(_ request: Request) {
        let pairs = request.headers[values: .cookie].flatMap { $0.split(separator: ";") }
        let value = pairs.lazy.map { $0.drop { $0 == " " } }
            .first { $0.hasPrefix(Theme.cookie + "=") }?.dropFirst(Theme.cookie.count + 1)
        self = value.flatMap { Theme(rawValue: String($0)) } ?? .system
    }
}

extension Web {
    var themeEndpoints: [Endpoint] {
        [
            Endpoint(.post, "-/theme", in: .site, needs: .open) { call in
                try call.checkForm()
                let form = try await call.form()
                let theme = form["theme"].flatMap(Theme.init(rawValue:)) ?? .system
                let address = ReturnAddress(form["return_to"] ?? "")?.path ?? settings.prefix + "/"
                return .redirect(
                    to: address,
                    setting: "\(Theme.cookie)=\(theme.rawValue); Path=/; Max-Age=31536000; SameSite=Lax"
                )
            }
        ]
    }
}
