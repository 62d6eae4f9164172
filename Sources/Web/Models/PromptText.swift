import Core

/// The template of a version of a prompt, which MLflow keeps in its tags.
///
/// - Source: MLflow 3.17, `mlflow/prompt/constants.py`: a chat is a list of messages in JSON.
struct PromptText {
    /// As it is stored.
    let text: String
    let isChat: Bool
    /// What the answer is to look like, and the model and its parameters: each as it is stored, nil where nothing is said.
    let responseFormat: String?
    let modelConfig: String?

    init(_ tags: [Tag]) {
        text = tags.last { $0.key == "mlflow.prompt.text" }?.value ?? ""
        isChat = tags.contains { $0.key == "_mlflow_prompt_type" && $0.value == "chat" }
        responseFormat = tags.last { $0.key == "_mlflow_prompt_response_format" }?.value
        modelConfig = tags.last { $0.key == "_mlflow_prompt_model_config" }?.value
    }

    /// What is shown and compared: of a chat, who says what.
    var readable: String {
        guard isChat, case .array(let messages)? = try? JSON(parsing: text) else { return text }
        return messages.map { message in
            guard case .string(let role)? = message["role"] else { return message.text }
            if case .string(let content)? = message["content"] { return "\(role):\n\(content)" }
            return "\(role):\n\(message["content"]?.text ?? "")"
        }.joined(separator: "\n\n")
    }

    /// The words between two braces, each once, in their order.
    var variables: [String] {
        var found: [String] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "{{") {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "}}") else { break }
            let name = rest[..<end.lowerBound].filter { !$0.isWhitespace }
            if !name.isEmpty, name.count <= 100, !found.contains(name) { found.append(name) }
            rest = rest[end.upperBound...]
        }
        return found
    }
}
