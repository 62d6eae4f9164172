import Core
import ObjectStore

/// The images that a client logged by key and step, a row of steps for each key.
///
/// - Source: MLflow 3, `MlflowClient.log_image`: `images/KEY+step+1+timestamp+1795462976708+ID.png`, with `%` in place of
///   `+` from MLflow 2.
struct ImageGallery {
    struct Image: Sendable, Hashable {
        let key: String
        let step: Int64
        let timestamp: Int64
        let path: ArtifactPath
    }

    let holder: ArtifactHolder
    /// By key, then by step and time.
    let images: [(key: String, images: [Image])]

    init(_ entries: [Files.Entry], in folder: ArtifactPath?, holder: ArtifactHolder) {
        self.holder = holder
        let found = entries.compactMap { entry in entry.isFolder ? nil : Self.image(entry.name, in: folder) }
        images = Dictionary(grouping: found, by: \.key).sorted { $0.key < $1.key }.map { key, images in
            (key, images.sorted { ($0.step, $0.timestamp) < ($1.step, $1.timestamp) })
        }
    }

    var isEmpty: Bool { images.isEmpty }

    /// What a name says; nil for other files, and for the small copy that comes with each image.
    static func image(_ name: String, in folder: ArtifactPath?) -> Image? {
        for mark in ["+", "%"] {
            let words = name.split(separator: mark, omittingEmptySubsequences: false)
            guard words.count == 6, words[1] == "step", words[3] == "timestamp", words[5].hasSuffix(".png"),
                let step = Int64(words[2]), let timestamp = Int64(words[4]),
                let path = try? folder.map({ try ArtifactPath("\($0.text)/\(name)") }) ?? ArtifactPath(name)
            else { continue }
            return Image(key: String(words[0]), step: step, timestamp: timestamp, path: path)
        }
        return nil
    }

    var html: HTML {
        """
        <section class="galleries" aria-label="Logged images">
        \(images.map { key, images in
            """
            <figure class="gallery view" data-view="gallery"><figcaption>\(key) \
            <span class="quiet" data-step>step \(images.last?.step ?? 0)</span></figcaption>
            \(images.last.map { last in
                "<img src=\"\(holder.raw(last.path))\" alt=\"\(key), step \(last.step)\" loading=\"lazy\">" as HTML
            })
            <ol class="steps">\(images.map { image in
                "<li><a href=\"\(holder.raw(image.path))\" data-step=\"\(image.step)\">\(image.step)</a></li>" as HTML
            })</ol></figure>
            """ as HTML
        })
        </section>
        """
    }
}
