import Core

/// A line that somebody fills in.
struct LineField {
    let name: String
    let label: String
    var value = ""
    var type = "text"
    var hint = ""
    /// What the browser may fill in.
    var autocomplete = "off"
    var isRequired = false
    /// The id of a list of what is often filled in.
    var list: String?
    var placeholder = ""

    var html: HTML {
        """
        <label class="field"><span>\(label)</span>\
        <input name="\(name)" type="\(type)" value="\(value)" autocomplete="\(autocomplete)" \
        \(placeholder.isEmpty ? nil : "placeholder=\"\(placeholder)\" " as HTML)\
        \(list.map { "list=\"\($0)\" " as HTML })\
        \(isRequired ? "required" : "" as HTML)>\
        \(Hint(hint).html)</label>
        """
    }
}

/// Several lines that somebody fills in.
struct AreaField {
    let name: String
    let label: String
    var value = ""
    var hint = ""
    var rows = 3
    var isRequired = false

    /// The line break is the one that browsers leave out at the beginning.
    var html: HTML {
        """
        <label class="field"><span>\(label)</span>\
        <textarea name="\(name)" rows="\(rows)" \(isRequired ? "required" : "" as HTML)>
        \(value)</textarea>\(Hint(hint).html)</label>
        """
    }
}

/// One of a few.
struct ChoiceField {
    struct Option {
        let value: String
        let label: String
    }

    let name: String
    let label: String
    let options: [Option]
    var value = ""
    var hint = ""
    /// Whether the label is only told to who does not see it, as in a row of a table.
    var isLabelHidden = false

    var html: HTML {
        let options = options.map { option -> HTML in
            let mark: HTML = option.value == value ? "selected" : ""
            return "<option value=\"\(option.value)\" \(mark)>\(option.label)</option>"
        }
        let shown: HTML = isLabelHidden ? "class=\"visually-hidden\"" : ""
        return """
            <label class="field"><span \(shown)>\(label)</span>\
            <select name="\(name)">\(options)</select>\(Hint(hint).html)</label>
            """
    }
}

/// Yes or no.
struct CheckField {
    let name: String
    let label: String
    var isChecked = false
    var value = "yes"
    var hint = ""

    var html: HTML {
        """
        <label class="check"><input type="checkbox" name="\(name)" value="\(value)" \(isChecked ? "checked" : "" as HTML)>\
        <span>\(label)\(Hint(hint).html)</span></label>
        """
    }
}

/// Where a list is searched by a word.
struct SearchLine {
    /// What is found, for who does not see that the line searches.
    let label: String
    let placeholder: String
    let text: String
    /// What stands behind the button.
    var rest: HTML?

    var html: HTML {
        """
        <form class="search-line" role="search"><label class="field"><span class="visually-hidden">\(label)</span>
        <input type="search" name="q" value="\(text)" placeholder="\(placeholder)"></label>
        <button class="button">Find</button>\(rest)</form>
        """
    }
}

/// What is to be known of a field.
private struct Hint {
    let text: String

    init(_ text: String) { self.text = text }

    var html: HTML? { text.isEmpty ? nil : "<span class=\"hint\">\(text)</span>" }
}

/// Fields and the button that sends them.
struct FormBox {
    enum Look: String {
        case primary, danger, plain
    }

    let action: Address
    /// What is to be done, as the field `do` says it.
    let deed: String
    let button: String
    var look = Look.primary
    /// Fields that nobody sees, such as the key of what the form is about.
    var hidden: [(name: String, value: String)] = []
    var fields: HTML = .empty
    /// What the button does, for who does not see beside what it stands.
    var about = ""

    var html: HTML {
        """
        <form method="post" action="\(action)">\
        \(hidden.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" as HTML })\
        \(fields)\
        <div class="row"><button class="button \(look.rawValue)" name="do" value="\(deed)">\(button)\
        \(about.isEmpty ? nil : "<span class=\"visually-hidden\"> \(about)</span>" as HTML)</button></div></form>
        """
    }

    /// As small as fits into a row of a table.
    var inRow: HTML { "<div class=\"in-row\">\(html)</div>" }
}

extension Address {
    /// The page of a list that is searched by a text.
    func searching(_ text: String, _ page: PageRequest) -> Address {
        with("q", text.isEmpty ? nil : text).with("page", page.number == 1 ? nil : "\(page.number)")
    }
}

/// Where the pages before and after this one are.
struct Pager {
    let total: Int
    let number: Int
    let limit: Int
    /// This page without its number.
    let address: Address

    var html: HTML? {
        let last = max(1, (total + limit - 1) / limit)
        guard last > 1 else { return nil }
        return """
            <nav class="pager" aria-label="Pages">\(link(number - 1, "Back", isThere: number > 1))\
            <span class="quiet">\(number) of \(last)</span>\(link(number + 1, "Next", isThere: number < last))</nav>
            """
    }

    private func link(_ number: Int, _ text: String, isThere: Bool) -> HTML? {
        isThere ? "<a class=\"button\" href=\"\(address.with("page", "\(number)"))\">\(text)</a>" : nil
    }
}
