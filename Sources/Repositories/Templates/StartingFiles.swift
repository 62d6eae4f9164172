package import Core

/// The files that a new repository begins with.
package struct StartingFiles: Sendable {
    package let name: String
    package let description: String
    package let ignored: [IgnoredFiles]
    package let licence: Licence?

    /// - Parameters:
    ///   - name: What the repository is called.
    ///   - description: What it is for.
    ///   - ignored: Kinds of files that Git is to leave alone, by name.
    ///   - licence: What others may do with it, by its SPDX identifier; empty for none.
    /// - Throws: `Failure.invalid` for a name that is not known.
    package init(
        name: String,
        description: String = "",
        ignored: [String] = [],
        licence: String = ""
    ) throws(Failure) {
        self.name = name
        self.description = description
        var kinds: [IgnoredFiles] = []
        for word in ignored {
            guard
                let kind = IgnoredFiles.allCases.first(where: {
                    $0.rawValue.lowercased() == word.lowercased()
                })
            else {
                let words = IgnoredFiles.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid("There is no .gitignore for '\(word.prefix(40))': choose from \(words).")
            }
            kinds.append(kind)
        }
        self.ignored = kinds
        guard !licence.isEmpty else {
            self.licence = nil
            return
        }
        guard let found = Licence.allCases.first(where: { $0.rawValue.lowercased() == licence.lowercased() })
        else {
            let words = Licence.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("There is no licence '\(licence.prefix(40))': choose from \(words).")
        }
        self.licence = found
    }

    /// The files, for the first commit.
    ///
    /// - Parameters:
    ///   - holder: Whose work it is.
    ///   - year: Since when.
    /// - Returns: What makes them.
    /// - Throws: Nothing but what a path of ours would be refused for.
    package func changes(holder: String, year: Int) throws -> [FileChange] {
        let about = description.isEmpty ? "" : "\n\(description)\n"
        var files = [("README.md", "# \(name)\n\(about)")]
        if !ignored.isEmpty { files.append((".gitignore", ignored.map(\.text).joined(separator: "\n"))) }
        if let licence { files.append(("LICENSE", licence.text(holder: holder, year: year))) }
        return try files.map { .create(try WritablePath($0.0), .bytes(Array($0.1.utf8))) }
    }
}

/// Kinds of files that Git leaves alone, by what makes them.
package enum IgnoredFiles: String, Sendable, Hashable, CaseIterable {
    case python = "Python"
    case jupyter = "Jupyter"
    case machineLearning = "MachineLearning"
    case r = "R"
    case cPlusPlus = "C++"
    case java = "Java"
    case node = "Node"
    case go = "Go"
    case rust = "Rust"
    case swift = "Swift"

    private var patterns: [String] {
        switch self {
        case .python:
            [
                "__pycache__/", "*.py[cod]", "*.so", ".venv/", "venv/", "build/", "dist/", "*.egg-info/",
                ".pytest_cache/", ".mypy_cache/", ".ruff_cache/", ".coverage", "htmlcov/",
            ]
        case .jupyter: [".ipynb_checkpoints/"]
        case .machineLearning:
            ["mlruns/", "mlartifacts/", "mlflow.db", "wandb/", "lightning_logs/", "checkpoints/"]
        case .r: [".Rhistory", ".RData", ".Rproj.user/", "*.Rcheck/"]
        case .cPlusPlus: ["*.o", "*.a", "*.so", "*.out", "build/", "cmake-build-*/", "compile_commands.json"]
        case .java: ["*.class", "*.jar", "target/", "build/", ".gradle/"]
        case .node: ["node_modules/", "dist/", "*.log", ".npm/"]
        case .go: ["*.test", "*.out", "vendor/"]
        case .rust: ["target/", "**/*.rs.bk"]
        case .swift: [".build/", "*.xcodeproj/", "xcuserdata/", "DerivedData/"]
        }
    }

    fileprivate var text: String { (["# \(rawValue)"] + patterns).map { $0 + "\n" }.joined() }
}

/// What others may do with the content, by its SPDX identifier.
package enum Licence: String, Sendable, Hashable, CaseIterable {
    case mit = "MIT"
    case bsd2 = "BSD-2-Clause"
    case bsd3 = "BSD-3-Clause"
    case apache2 = "Apache-2.0"
    case mpl2 = "MPL-2.0"
    case gpl3 = "GPL-3.0-or-later"
    case agpl3 = "AGPL-3.0-or-later"
    case ccBy4 = "CC-BY-4.0"
    case cc0 = "CC0-1.0"

    /// Short licences in full; long ones by their address, in the words that they give for that.
    fileprivate func text(holder: String, year: Int) -> String {
        let copyright = "Copyright (c) \(year) \(holder)"
        switch self {
        case .mit:
            return """
                MIT License

                \(copyright)

                Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
                documentation files (the "Software"), to deal in the Software without restriction, including without limitation
                the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
                to permit persons to whom the Software is furnished to do so, subject to the following conditions:

                The above copyright notice and this permission notice shall be included in all copies or substantial portions of
                the Software.

                THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
                THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
                AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
                CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
                DEALINGS IN THE SOFTWARE.

                """
        case .bsd2, .bsd3:
            let third = """

                3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote
                   products derived from this software without specific prior written permission.

                """
            return """
                \(self == .bsd2 ? "BSD 2-Clause License" : "BSD 3-Clause License")

                \(copyright)

                Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
                following conditions are met:

                1. Redistributions of source code must retain the above copyright notice, this list of conditions and the
                   following disclaimer.

                2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the
                   following disclaimer in the documentation and/or other materials provided with the distribution.
                \(self == .bsd2 ? "" : third)
                THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED
                WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A
                PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY
                DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO,
                PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
                CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR
                OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

                """
        case .apache2:
            return """
                Copyright \(year) \(holder)

                Licensed under the Apache License, Version 2.0 (the "License"); you may not use this work except in compliance
                with the License. You may obtain a copy of the License at

                    https://www.apache.org/licenses/LICENSE-2.0

                Unless required by applicable law or agreed to in writing, software distributed under the License is distributed
                on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for
                the specific language governing permissions and limitations under the License.

                """
        case .mpl2, .gpl3, .agpl3, .ccBy4, .cc0:
            return """
                \(copyright)

                SPDX-License-Identifier: \(rawValue)

                The terms are those of the licence at \(address).

                """
        }
    }

    private var address: String {
        switch self {
        case .mpl2: "https://mozilla.org/MPL/2.0/"
        case .gpl3: "https://www.gnu.org/licenses/gpl-3.0.html"
        case .agpl3: "https://www.gnu.org/licenses/agpl-3.0.html"
        case .ccBy4: "https://creativecommons.org/licenses/by/4.0/legalcode"
        case .cc0: "https://creativecommons.org/publicdomain/zero/1.0/legalcode"
        case .mit, .bsd2, .bsd3, .apache2: "https://spdx.org/licenses/\(rawValue).html"
        }
    }
}
