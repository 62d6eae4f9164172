import Server

@main struct Program {
    static func main() async {
        await Roost.run()
    }
}
