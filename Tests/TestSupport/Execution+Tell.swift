package import Subprocess

extension Execution where Input == CustomWriteInput {
    /// Gives a process its input, as far as it wants it; left to the library, what a process does not read ends the tests.
    package func tell(_ text: String) async throws {
        do {
            _ = try await standardInputWriter.write(text)
        } catch  where error.code == .failedToWriteToSubprocess {}
        try await standardInputWriter.finish()
    }
}
