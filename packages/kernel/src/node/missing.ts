import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";

/** What to do about a module that the compiler did not find. */
export function adviseOnMissing(module: string): string {
  const folder = process.cwd();
  if (isBuiltin(module)) {
    return `Cells are typed for Node and browsers alike: where Node itself is needed, write require("${module}").`;
  }
  const name = module.startsWith("@") ? module.split("/", 2).join("/") : module.split("/", 1)[0];
  const found = parents(folder).some((each) => existsSync(path.join(each, "node_modules", name)));
  if (found) return `The package ${name} is there, but without types (main and types in its package.json) for it.`;
  if (name === "deepen") {
    return `The notebook runs in ${folder}, and no folder from there upwards has deepen in its node_modules: move the notebook into the course's folder, or make a link named node_modules next to it that points to the course's node_modules.`;
  }
  return `No folder from ${folder} upwards has ${name} in its node_modules: install it there (npm install ${name}) and restart the kernel.`;
}

function parents(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...parents(parent)];
}
