import Accounts
import Core

/// How the content of a repository comes to somebody, and how their work comes to it.
struct CloneBox {
    let repository: RepositoryVisit

    var html: HTML {
        """
        <details class="menu clone"><summary class="button primary">\(Icon.code.html) Clone or use</summary>
        <div class="menu-body">
        <h2>Clone by HTTP</h2>\(CopyBlock("git clone \(repository.cloneAddress)").html)
        \(repository.visit.settings.sshURL.map { url in
            "<h2>Clone by SSH</h2>\(CopyBlock("git clone \(url(repository.place.fullName))").html)" as HTML
        })
        <h2>Log runs here</h2>\(CopyBlock("mlflow.set_tracking_uri(\"\(repository.visit.trackingURI)\")").html)
        <h2>Use its files with DVC</h2>\(CopyBlock("dvc get \(repository.cloneAddress) PATH").html)
        \(archives)
        </div></details>
        """
    }

    private var archives: HTML {
        """
        <p class="small quiet">To download all files, see <a href="\(repository.visit.base["tags"])">tags</a> or an archive of \
        <a href="\(repository.api["archive"].below("HEAD.zip"))">zip</a> or \
        <a href="\(repository.api["archive"].below("HEAD.tar.gz"))">tar.gz</a>.</p>
        """
    }
}

/// What is shown of a repository to which nothing was pushed: the lines that do it.
struct EmptyRepository {
    let repository: RepositoryVisit

    var html: HTML {
        """
        <section class="empty"><h2>Nothing is here yet</h2>
        <p>Code, notebooks and DVC files come here by <code>git push</code>; runs by MLflow.</p>
        <h3>A new project</h3>
        \(CopyBlock("""
            git clone \(repository.cloneAddress)
            cd \(repository.place.name)
            echo "# \(repository.place.name)" > README.md
            git add README.md
            git commit -m "Begin"
            git push -u origin HEAD:main
            """).html)
        <h3>A project that you have already</h3>
        \(CopyBlock("""
            git remote add origin \(repository.cloneAddress)
            git push -u origin HEAD:main
            """).html)
        <h3>Runs</h3>
        \(CopyBlock("""
            import mlflow

            mlflow.set_tracking_uri("\(repository.visit.trackingURI)")
            mlflow.set_experiment("first")
            with mlflow.start_run():
                mlflow.log_metric("accuracy", 0.93)
            """).html)
        \(repository.visit.mayWrite ? byBrowser : nil)
        </section>
        """
    }

    private var byBrowser: HTML {
        """
        <p>Or begin in the browser: <a href="\(repository.visit.base.below("new/main"))">make a file</a> or \
        <a href="\(repository.visit.base.below("upload/main"))">upload some</a>.</p>
        """
    }
}
