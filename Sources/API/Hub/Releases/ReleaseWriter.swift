import Accounts
import Core
import Repositories

/// Writes releases as Gitea does.
///
/// - Source: Gitea 1.22, `modules/structs/release.go`, `attachment.go`.
struct ReleaseWriter: Sendable {
    let place: RepositoryPlace
    let addresses: HubAddresses
    /// What the authors are called by now.
    let logins: [AccountID: String]

    func write(_ release: Release, to json: inout JSONWriter) {
        let (api, page) = (addresses.api(of: place), addresses.page(of: place))
        let tag = PercentText.escaped(release.tag.text)
        json.field("id", release.id)
        json.field("tag_name", release.tag.text)
        json.field("target_commitish", release.target)
        json.field("name", release.name)
        json.field("body", release.note)
        json.field("url", "\(api)/releases/\(release.id)")
        json.field("html_url", "\(page)/releases/tag/\(tag)")
        json.field("tarball_url", "\(api)/archive/\(tag).tar.gz")
        json.field("zipball_url", "\(api)/archive/\(tag).zip")
        json.field("upload_url", "\(api)/releases/\(release.id)/assets")
        json.field("draft", release.isDraft)
        json.field("prerelease", release.isPrerelease)
        json.field("created_at", HubTime.text(release.createdMs))
        json.field("published_at", release.publishedMs.map { .string(HubTime.text($0)) } ?? JSON.null)
        json.object("author") { json in
            let login = release.authorID.flatMap { logins[$0] } ?? release.author
            json.field("id", release.authorID?.key ?? 0)
            json.field("login", login)
            json.field("username", login)
        }
        json.array("assets") { json in
            for asset in release.assets { json.object { write(asset, of: release.tag, to: &$0) } }
        }
    }

    func write(_ asset: ReleaseAsset, of tag: TagName, to json: inout JSONWriter) {
        let name = PercentText.escaped(asset.name.text)
        json.field("id", asset.id)
        json.field("name", asset.name.text)
        json.field("size", asset.sizeBytes)
        json.field("download_count", asset.downloadCount)
        json.field("created_at", HubTime.text(asset.createdMs))
        json.field(
            "browser_download_url",
            "\(addresses.page(of: place))/releases/download/\(PercentText.escaped(tag.text))/\(name)"
        )
    }
}
