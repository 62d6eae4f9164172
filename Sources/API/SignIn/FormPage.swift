import Core
import HTTP
import HTTPTypes
import Hummingbird

/// A small page with one form, which works without script.
struct FormPage {
    struct Field {
        let name: String
        let label: String
        var type = "text"
        var value = ""
        /// What the browser may fill in.
        var autocomplete = "off"
    }

    let title: String
    /// What went wrong, or what is to be known; empty for nothing.
    var message = ""
    let action: String
    var fields: [Field] = []
    let button: String
    /// A second way, such as that of another server: its address and what it is called.
    var link: (address: String, text: String)?
    /// Where the stylesheet is.
    let style: String

    func answer(status: HTTPResponse.Status = .ok) -> Answer {
        let inputs = fields.map { field in
            let (name, value) = (Self.escaped(field.name), Self.escaped(field.value))
            if field.type == "hidden" { return "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">" }
            return """
                <label for="\(name)">\(Self.escaped(field.label))</label>
                <input id="\(name)" name="\(name)" type="\(field.type)" value="\(value)" autocomplete="\(field.autocomplete)" required>
                """
        }.joined(separator: "\n")
        let note = message.isEmpty ? "" : "<p role=\"alert\">\(Self.escaped(message))</p>"
        let other =
            link.map { "<p><a href=\"\(Self.escaped($0.address))\">\(Self.escaped($0.text))</a></p>" } ?? ""
        let page = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escaped(title)) - Roost</title>
            <link rel="stylesheet" href="\(Self.escaped(style))">
            </head>
            <body>
            <main>
            <h1>\(Self.escaped(title))</h1>
            \(note)
            <form method="post" action="\(Self.escaped(action))">
            \(inputs)
            <button type="submit">\(Self.escaped(button))</button>
            </form>
            \(other)
            </main>
            </body>
            </html>

            """
        var answer = Answer.text(page, status: status, type: "text/html; charset=utf-8")
        // Security: nothing runs here, nothing is sent elsewhere, and nobody shows it in a frame to steal a click.
        answer.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        answer.headers[.cacheControl] = "no-store"
        // Security: the address of a one-time link is a secret.
        answer.headers[.referrerPolicy] = "same-origin"
        return answer
    }

    static let css = """
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f6f7f9; color: #1b1f24; }
        main { max-width: 22rem; margin: 10vh auto; padding: 2rem; background: #fff; border: 1px solid #d5d9df; border-radius: 8px; }
        h1 { font-size: 1.3rem; margin-top: 0; }
        label { display: block; margin-top: 1rem; }
        input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; border: 1px solid #8a929c; border-radius: 4px; }
        button { margin-top: 1.5rem; width: 100%; padding: .6rem; font: inherit; color: #fff; background: #1f5fbf; border: 0; border-radius: 4px; }
        [role=alert] { padding: .5rem .8rem; background: #fdecea; border-radius: 4px; }
        @media (prefers-color-scheme: dark) {
          body { background: #14171b; color: #e6e8eb; } main { background: #1d2127; border-color: #353b43; }
          input { background: #14171b; color: inherit; } a { color: #8ab4f8; } [role=alert] { background: #4a1f1b; }
        }

        """

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
