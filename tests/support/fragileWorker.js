// A worker that dies as its specification says: { file, deaths } ends the thread until it has done so `deaths` times.
"use strict";
const { appendFileSync, existsSync, readFileSync } = require("node:fs");

module.exports = ({ file, deaths, hangs }) => {
  if (hangs) for (;;);
  const died = existsSync(file) ? readFileSync(file, "utf8").length : 0;
  if (died < deaths) {
    appendFileSync(file, "x");
    process.exit(7);
  }
  return { result: { died } };
};
