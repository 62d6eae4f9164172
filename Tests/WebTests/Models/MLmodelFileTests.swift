import Testing

@testable import Web

@Suite struct MLmodelFileTests {
    /// As MLflow 3.17 writes it.
    private static let text = """
        artifact_path: mlflow-artifacts:/1/models/m-1/artifacts
        flavors:
          sklearn:
            pickled_model: model.pkl
          python_function:
            loader_module: mlflow.sklearn
        mlflow_version: 3.17.2
        signature:
          inputs: '[{"type": "double", "name": "sepal length (cm)", "required": true}, {"type":
            "string", "name": "note", "required": false}]'
          outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
          params: '[{"name": "top_k", "type": "integer", "default": 3, "shape": null}]'
        """

    @Test func `a model says what it takes and gives`() {
        let file = MLmodelFile(Self.text)

        #expect(file.flavors == ["sklearn", "python_function"])
        #expect(file.mlflowVersion == "3.17.2")
        #expect(file.inputs?.columns.map(\.name) == ["sepal length (cm)", "note"])
        #expect(file.inputs?.columns.map(\.notes) == ["", "optional"])
        #expect(file.outputs?.columns.map(\.type) == ["tensor int64 [-1]"])
        #expect(file.params?.columns.map(\.notes) == ["default 3"])
        #expect(file.schema.text.contains("sepal length (cm)"))
    }

    @Test(arguments: [
        "", "- a", "a: [", "signature: none", "signature:\n  inputs: 'no json'", "signature:\n  inputs: '{}'",
    ])
    func `what is no such file has no columns`(text: String) {
        #expect(MLmodelFile(text).inputs == nil)
        #expect(MLmodelFile(text).schema.text.contains("without a signature"))
    }
}
