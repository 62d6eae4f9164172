/// What kind of file a name says it is.
///
/// - Source: MLflow 3, `_guess_mime_type`, over the table of Python's `mimetypes`.
package enum ArtifactType {
    package static func of(_ name: String) -> String {
        let extensions = name.split(separator: ".").dropFirst()
        guard let last = extensions.last else {
            return texts.contains(name) ? "text/plain" : unknown
        }
        if texts.contains(String(last)) { return "text/plain" }
        // A packed file is of the type of what is packed in it.
        if let packed = archives[last.lowercased()] { return packed }
        let inner = packings.contains(String(last)) ? extensions.dropLast().last : last
        return inner.flatMap { types[$0.lowercased()] } ?? unknown
    }

    private static let unknown = "application/octet-stream"

    /// Extensions, and names without one, that are shown as text; only in this spelling.
    private static let texts = Set(
        """
        txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py py3 csv tsv md rst ipynb
        MLmodel MLproject
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    )

    private static let packings: Set<String> = ["gz", "Z", "bz2", "xz", "br"]

    private static let archives: [String: String] = [
        "svgz": "image/svg+xml", "tgz": "application/x-tar", "taz": "application/x-tar",
        "tz": "application/x-tar",
        "tbz2": "application/x-tar", "txz": "application/x-tar",
    ]

    private static let types: [String: String] = {
        var types: [String: String] = [:]
        for (type, extensions) in extensionsByType {
            for name in extensions.split(separator: " ") { types[String(name)] = type }
        }
        return types
    }()

    private static let extensionsByType: [String: String] = [
        "application/javascript": "js mjs",
        "application/json": "json",
        "application/manifest+json": "webmanifest",
        "application/msword": "doc dot wiz",
        "application/n-quads": "nq",
        "application/n-triples": "nt",
        "application/oda": "oda",
        "application/pdf": "pdf",
        "application/pkcs7-mime": "p7c",
        "application/postscript": "ai eps ps",
        "application/trig": "trig",
        "application/vnd.apple.mpegurl": "m3u m3u8",
        "application/vnd.ms-excel": "xlb xls",
        "application/vnd.ms-powerpoint": "pot ppa pps ppt pwz",
        "application/wasm": "wasm",
        "application/x-bcpio": "bcpio",
        "application/x-cpio": "cpio",
        "application/x-csh": "csh",
        "application/x-dvi": "dvi",
        "application/x-gtar": "gtar",
        "application/x-hdf": "hdf",
        "application/x-hdf5": "h5",
        "application/x-latex": "latex",
        "application/x-mif": "mif",
        "application/x-netcdf": "cdf nc",
        "application/x-pkcs12": "p12 pfx",
        "application/x-pn-realaudio": "ram",
        "application/x-python-code": "pyc pyo",
        "application/x-sh": "sh",
        "application/x-shar": "shar",
        "application/x-shockwave-flash": "swf",
        "application/x-sv4cpio": "sv4cpio",
        "application/x-sv4crc": "sv4crc",
        "application/x-tar": "tar",
        "application/x-tcl": "tcl",
        "application/x-tex": "tex",
        "application/x-texinfo": "texi texinfo",
        "application/x-troff": "roff t tr",
        "application/x-troff-man": "man",
        "application/x-troff-me": "me",
        "application/x-troff-ms": "ms",
        "application/x-ustar": "ustar",
        "application/x-wais-source": "src",
        "application/xml": "rdf wsdl xpdl xsl",
        "application/zip": "zip",
        "audio/3gpp": "3gp 3gpp",
        "audio/3gpp2": "3g2 3gpp2",
        "audio/aac": "aac adts ass loas",
        "audio/basic": "au snd",
        "audio/mpeg": "mp2 mp3",
        "audio/opus": "opus",
        "audio/x-aiff": "aif aifc aiff",
        "audio/x-pn-realaudio": "ra",
        "audio/x-wav": "wav",
        "image/avif": "avif",
        "image/bmp": "bmp",
        "image/gif": "gif",
        "image/heic": "heic",
        "image/heif": "heif",
        "image/ief": "ief",
        "image/jpeg": "jpe jpeg jpg",
        "image/png": "png",
        "image/svg+xml": "svg",
        "image/tiff": "tif tiff",
        "image/vnd.microsoft.icon": "ico",
        "image/x-cmu-raster": "ras",
        "image/x-portable-anymap": "pnm",
        "image/x-portable-bitmap": "pbm",
        "image/x-portable-graymap": "pgm",
        "image/x-portable-pixmap": "ppm",
        "image/x-rgb": "rgb",
        "image/x-xbitmap": "xbm",
        "image/x-xpixmap": "xpm",
        "image/x-xwindowdump": "xwd",
        "message/rfc822": "eml mht mhtml nws",
        "text/css": "css",
        "text/csv": "csv",
        "text/html": "htm html",
        "text/n3": "n3",
        "text/plain": "bat c h ksh pl srt txt",
        "text/richtext": "rtx",
        "text/tab-separated-values": "tsv",
        "text/vtt": "vtt",
        "text/x-python": "py",
        "text/x-setext": "etx",
        "text/x-sgml": "sgm sgml",
        "text/x-vcard": "vcf",
        "text/xml": "xml",
        "video/mp4": "mp4",
        "video/mpeg": "m1v mpa mpe mpeg mpg",
        "video/quicktime": "mov qt",
        "video/webm": "webm",
        "video/x-msvideo": "avi",
        "video/x-sgi-movie": "movie",
    ]
}
