// Imported first, so that an old Node hears this sentence and not a syntax error from a dependency.
const oldest = [20, 19] as const;
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `Deepen needs Node ${oldest.join(".")} or newer; this is ${process.versions.node}. Take the LTS version from https://nodejs.org.`,
  );
  process.exit(1);
}
