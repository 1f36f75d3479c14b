"""jupyter_kernel_test for the kernel "tslab", with TypeScript samples. Found through JUPYTER_PATH."""

import unittest

import jupyter_kernel_test


class TypeScriptKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "tslab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("to stderr")'
    code_generate_error = 'throw new Error("wanted")'
    code_execute_result = [{"code": "1 + 1", "result": "2"}, {"code": "'a' + 'b'", "result": "'ab'"}]
    code_display_data = [
        {"code": 'import { display } from "tslab"; display.html("<b>x</b>")', "mime": "text/html"},
        {"code": 'require("tslab").display.png(new Uint8Array([1]))', "mime": "image/png"},
    ]
    code_inspect_sample = "console"
    completion_samples = [
        {"text": "consol", "matches": {"console"}},
        {"text": "performance.tim", "matches": {"timeOrigin"}},
    ]
    complete_code_samples = ["let a = 1", "function f() { return 1; }", "await Promise.resolve(1)"]
    incomplete_code_samples = ["function f() {", "const a = [", "if (true) {"]
    invalid_code_samples = ["let = = 1", "const a = await (1);"]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1 +*"
    # TypeScript has no pager and no way to clear output: code_page_something, code_clear_output.


if __name__ == "__main__":
    unittest.main(verbosity=2)
