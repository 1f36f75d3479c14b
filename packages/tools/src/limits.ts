import { homedir } from "node:os";
import type { INotebookContent } from "@jupyterlab/nbformat";
import { isCode } from "./notebook";
import type { LiveOutput } from "./outputs";
import { notebookText } from "./serialize";

const largestNotebook = 1_500_000;

/** A complaint, with the largest outputs, if a notebook is over 1.5 MB. */
export function sizeProblem(notebook: INotebookContent): string | undefined {
  const size = Buffer.byteLength(notebookText(notebook));
  if (size <= largestNotebook) return undefined;
  const parts = notebook.cells
    .filter(isCode)
    .flatMap((cell) =>
      (cell.outputs as LiveOutput[]).flatMap((output, index) =>
        Object.entries((output.data as object | undefined) ?? { [output.output_type]: output.text ?? output }).map(
          ([type, value]) => ({
            name: `cell "${String(cell.id)}", output ${String(index + 1)}, ${type}`,
            size: Buffer.byteLength(JSON.stringify(value, null, 1)),
          }),
        ),
      ),
    )
    .sort((a, b) => b.size - a.size)
    .slice(0, 5);
  return [
    `the notebook has ${megabytes(size)}: expected at most ${megabytes(largestNotebook)}. The largest parts:`,
    ...parts.map((part) => `    ${megabytes(part.size).padStart(8)}  ${part.name}`),
  ].join("\n");
}

/** Complaints about outputs that name a folder of this machine: the course's, or the home of who builds it. */
export function machinePathProblems(notebook: INotebookContent, course: string, home = homedir()): string[] {
  const folders = [course, ...(/[\\/].+[\\/]/.test(home) ? [home] : [])].flatMap((folder) => [
    folder,
    folder.replaceAll("\\", "/"),
    folder.replaceAll("\\", "\\\\"),
  ]);
  return notebook.cells.filter(isCode).flatMap((cell) =>
    (cell.outputs as LiveOutput[]).flatMap((output, index) => {
      const found = folders.find((folder) => JSON.stringify(output).includes(folder));
      if (found === undefined) return [];
      return [`cell "${String(cell.id)}", output ${String(index + 1)} names a folder of this machine: ${found}`];
    }),
  );
}

/** A number of bytes as people read it. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
