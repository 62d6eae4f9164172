/// A picture before and after; a script lays them over each other.
struct ImageDiff {
    let old: Address?
    let new: Address?
    let name: String

    var html: HTML {
        """
        <div class="image-diff" data-image-diff>
        \(old.map { figure($0, "Before", "del") })\(new.map { figure($0, "Now", "add") })
        </div>
        """
    }

    private func figure(_ address: Address, _ caption: String, _ word: String) -> HTML {
        """
        <figure class="\(word)"><figcaption>\(caption)</figcaption><img src="\(address)" alt="\(name), \(caption.lowercased())" loading="lazy"></figure>
        """
    }
}
