/// The types of what browsers show and play by the endings of names, as far as Python's table has none of them.
enum MediaTypes {
    static let byEnding = [
        "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon",
        "wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg",
        "m4a": "audio/mp4", "aac": "audio/aac",
        "ogv": "video/ogg", "m4v": "video/mp4", "webm": "video/webm",
    ]
}
