#!/usr/bin/env node
import "./node-version";
import { CommanderError } from "commander";
import { Failure } from "./failure";
import { program } from "./program";

async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2; // Commander has printed the message and the usage.
    } else if (error instanceof Failure) {
      console.error(error.message);
      process.exitCode = error.exitCode;
    } else {
      throw error;
    }
  }
}

void main();
