import { spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "./support/chapters";

test("the records are what their chapters ask for, and some of their experiments give the same numbers again", () => {
  const command = path.join(root, "packages", "tools", "dist", "main.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, "records", "--verify", "5"], {
    cwd: root,
    encoding: "utf8",
  });
  expect({ status, stderr, told: status === 0 ? "" : stdout }).toEqual({ status: 0, stderr: "", told: "" });
}, 600_000);
