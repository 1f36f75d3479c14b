// Starts the kernel of `main` on a connection whose heartbeat port is taken, the first time; writes down how each start was.
const { appendFileSync, existsSync, readFileSync } = require("node:fs");
const { createServer } = require("node:net");

const [, , starts, main, connectionFile] = process.argv;
const start = () => {
  process.argv.splice(2, 2);
  require(main);
};
if (existsSync(starts)) {
  appendFileSync(starts, "free\n");
  start();
} else {
  appendFileSync(starts, "taken\n");
  const { ip, hb_port: port } = JSON.parse(readFileSync(connectionFile, "utf8"));
  createServer().listen(port, ip, start);
}
