import Testing

@testable import Web

@Suite struct TableColumnTests {
    @Test(arguments: [
        ("created", TableColumn(.attribute(.created)), "attributes.start_time"),
        ("m.val/loss", TableColumn(.metric("val/loss")), "metrics.`val/loss`"),
        ("m.val/loss:w140:pin:max", TableColumn(.metric("val/loss")), "metrics.`val/loss`"),
        ("p.a%2Cb%3Ac%25", TableColumn(.param("a,b:c%")), "params.`a,b:c%`"),
        ("t.odd`name", TableColumn(.tag("odd`name")), "tags.\"odd`name\""),
        ("source", TableColumn(.attribute(.source)), "tags.`mlflow.source.name`"),
    ])
    func `a word names a column`(word: String, column: TableColumn, order: String) {
        #expect(TableColumn.list(word) == [column])
        #expect(TableColumn.list(column.word) == [column])
        #expect(column.orderName == order)
    }

    @Test(arguments: ["", "m.", "x.loss", "loss", "m.%ff", ",,", ":w20"])
    func `a word that names none is passed over`(word: String) {
        #expect(TableColumn.list(word).isEmpty)
    }

    @Test func `a column is shown once`() {
        #expect(TableColumn.list("name,m.a,name:pin,m.a:w80").map(\.word) == ["name", "m.a"])
    }
}

@Suite struct TableCSVTests {
    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("a\nb", "\"a\nb\""),
        ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""), ("+1 2", "'+1 2"), ("@cmd", "'@cmd"),
        ("\tx", "'\tx"),
        ("-0.5", "-0.5"), ("+3", "+3"), ("", ""),
    ])
    func `a cell is text to a spreadsheet, and no formula`(value: String, cell: String) {
        #expect(TableCSV.cell(value) == cell)
    }
}
