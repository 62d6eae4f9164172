import Testing

@testable import Web

@Suite struct NotebookTests {
    private static let text = """
        {"metadata": {"language_info": {"name": "python"}}, "cells": [
        {"cell_type": "markdown", "source": ["# A\\n", "b"]},
        {"cell_type": "code", "execution_count": 3, "source": "f()", "outputs": [
          {"output_type": "stream", "name": "stderr", "text": "\\u001b[31mred\\u001b[0m"},
          {"output_type": "display_data", "data": {"text/html": ["<script>x</script>"], "text/plain": "y"}},
          {"output_type": "display_data", "data": {"image/svg+xml": "<svg onload='x'/>"}},
          {"output_type": "unknown"}]}]}
        """

    private func notebook(_ outputs: String) throws -> Notebook {
        let text =
            #"{"cells": [{"cell_type": "code", "source": ["a\n", "b"], "execution_count": 2, "outputs": [\#(outputs)]}]}"#
        return try #require(Notebook(Array(text.utf8)))
    }

    private func markup(_ notebook: Notebook) -> String {
        NotebookView(notebook: notebook, outputs: Address("/raw/n.ipynb")) { address, _ in address }.html.text
    }

    @Test func `a notebook has its cells and what came of them`() throws {
        let notebook = try #require(Notebook(Array(Self.text.utf8)))

        #expect(notebook.cells.map(\.source) == ["# A\nb", "f()"])
        #expect(notebook.cells[1].count == 3)
        #expect(notebook.cells[1].outputs.count == 3)
        #expect(notebook.cells[1].outputs[0] == .text("red", isError: true))
        #expect(notebook.markup(cell: 1, output: 1) == "<script>x</script>")
        #expect(notebook.markup(cell: 1, output: 0) == nil)
        #expect(notebook.markup(cell: 9, output: 0) == nil)
        #expect(notebook.markup(cell: -1, output: 0) == nil)
    }

    @Test(arguments: [
        (
            #"{"output_type": "stream", "name": "stdout", "text": ["\u001b[31mred\u001b[0m <b>"]}"#,
            ">red &lt;b&gt;</pre>"
        ),
        (
            #"{"output_type": "error", "traceback": ["one", "two"]}"#,
            "class=\"cell-output bad\" tabindex=\"0\">one\ntwo</pre>"
        ),
        (
            #"{"output_type": "display_data", "data": {"image/png": "aGk=\n", "text/plain": "p"}}"#,
            "src=\"data:image/png;base64,aGk=\""
        ),
        (
            #"{"output_type": "display_data", "data": {"text/html": "<b>x</b>", "text/plain": "p"}}"#,
            "<iframe class=\"cell-frame\" sandbox=\"allow-scripts\""
        ),
        (
            #"{"output_type": "display_data", "data": {"text/latex": "$x_1$", "text/plain": "p"}}"#,
            "<span class=\"math\">x_1</span>"
        ),
        (#"{"output_type": "display_data", "data": {"text/plain": ["<p>", "q"]}}"#, ">&lt;p&gt;q</pre>"),
        (#"{"output_type": "display_data", "data": {"application/json": [1]}}"#, ">[1]</pre>"),
    ])
    func `each output shows in its best form`(output: String, part: String) throws {
        #expect(try markup(notebook(output)).contains(part))
    }

    @Test func `markup of a notebook is only in a frame`() throws {
        let html = markup(try #require(Notebook(Array(Self.text.utf8))))

        #expect(html.contains("<iframe class=\"cell-frame\" sandbox=\"allow-scripts\""))
        #expect(!html.contains("<script") && !html.contains("onload"))
    }

    @Test func `a picture's address holds nothing but Base64`() throws {
        let output =
            #"{"output_type": "display_data", "data": {"image/png": "\" onerror=\"alert(1)", "text/plain": "p"}}"#

        #expect(try markup(notebook(output)).contains(">p</pre>"))
    }

    @Test(arguments: ["", "[]", "{}", "{\"cells\": 3}", "not json"])
    func `what is no notebook is none`(text: String) {
        #expect(Notebook(Array(text.utf8)) == nil)
    }
}
