import { homedir } from "node:os";
import { Command, Option } from "commander";
import { installSpec, prefixDataFolder, removeSpec, userDataFolder } from "./kernelspecs";

interface Flags {
  user?: boolean;
  prefix?: string;
  remove?: boolean;
  force?: boolean;
}

async function run(flags: Flags): Promise<void> {
  const dataFolder =
    flags.prefix === undefined
      ? userDataFolder({ env: process.env, platform: process.platform, home: homedir() })
      : prefixDataFolder(flags.prefix);
  if (flags.remove === true) {
    const { folder, found, restored } = await removeSpec(dataFolder);
    if (!found) console.log(`There is no kernelspec in ${folder}: nothing to remove.`);
    else console.log(`Removed ${folder}${restored ? " and brought back the kernelspec that stood there before" : ""}.`);
    return;
  }
  const { folder, backup } = await installSpec(dataFolder, flags.force === true);
  if (backup !== undefined)
    console.log(`The kernelspec that stood there is kept in ${backup}; --remove brings it back.`);
  console.log(`Installed the kernel "TypeScript" in ${folder}.`);
  console.log("Jupyter shows it after a restart (VS Code: after Developer: Reload Window).");
}

const program = new Command("kernel:install")
  .description("Tells Jupyter of the kernel, so that JupyterLab, VS Code and others can run the notebooks.")
  .addOption(new Option("--user", "for this user (the default)").conflicts("prefix"))
  .addOption(new Option("--prefix <folder>", "for an environment: below <folder>/share/jupyter"))
  .addOption(new Option("--force", "also where another program's kernel of that name stands").conflicts("remove"))
  .option("--remove", "takes the kernel away again, and brings back what stood there before")
  .allowExcessArguments(false)
  .showHelpAfterError()
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

program
  .action(run)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
