import { protocolVersion } from "./messages";

/** Content of a kernel_info_reply. */
export function kernelInfo(versions: { kernel: string; typescript: string }): Record<string, unknown> {
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "deepen",
    implementation_version: versions.kernel,
    banner: `Deepen kernel ${versions.kernel}: TypeScript ${versions.typescript}`,
    help_links: [],
    language_info: {
      name: "typescript",
      version: versions.typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      nbconvert_exporter: "script",
      codemirror_mode: "typescript",
    },
  };
}
