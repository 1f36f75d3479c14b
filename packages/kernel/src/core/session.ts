import type { Compiled } from "./compiler";
import { cellFile, wrapperLines, type Script } from "./failure";
import { Modules } from "./modules";
import type { Platform } from "./platform";

/** A cell to run. */
export interface Cell {
  serial: number;
  /** Name in stack frames: "cell 3". */
  name: string;
  source: string;
  compiled: Compiled;
  /** True once the cell was killed: what is left of it must not print. */
  dead(): boolean;
}

/** The variables of all cells, and the way compiled cells run on them. Knows nothing of Jupyter. */
export class Session {
  /** Scripts by the file name in their stack frames. */
  readonly scripts = new Map<string, Script>();
  private readonly variables: Record<string, unknown> = {};
  private readonly exports: Record<string, unknown>;
  private readonly modules: Modules;
  /** Variables as they were before the running cell. */
  private before: Record<string, unknown> = {};

  constructor(
    private readonly platform: Platform,
    given: Readonly<Record<string, unknown>>,
  ) {
    this.modules = new Modules(platform, this.scripts, given);
    // Imports arrive as read-only properties; as variables of the notebook they must be free to change.
    this.exports = new Proxy(this.variables, {
      defineProperty: (variables, name, attributes) => {
        if (name === "__esModule") return true;
        const value: unknown = attributes.get === undefined ? attributes.value : attributes.get();
        return Reflect.set(variables, name, value);
      },
    });
  }

  /** Runs a cell; the value is a promise if the cell awaits. */
  run(cell: Cell): unknown {
    this.before = { ...this.variables };
    this.modules.add(cell.compiled.modules);
    const file = cellFile(cell.serial);
    this.scripts.set(file, { name: cell.name, map: cell.compiled.map, source: cell.source });
    const kind = cell.compiled.awaits ? "async function" : "function";
    // The inner function lets a cell declare a `console` of its own.
    const head = `(function (console) { return ${kind} (exports, require) {${"\n".repeat(wrapperLines)}`;
    const code = `${head}${cell.compiled.javascript}\n}; })`;
    const body = this.platform.evaluate(code, file) as (
      console: Console,
    ) => (exports: Record<string, unknown>, require: (name: string) => unknown) => unknown;
    return body(mortalConsole(cell))(this.exports, this.modules.require());
  }

  /**
   * Puts the variables right after a cell that ended before its end: those that it declares and has not set are as they were.
   * @param killed - functions of a killed cell are put back, too: they belong to code that must not go on
   * @returns the names that were put back
   */
  putBack(declared: ReadonlySet<string>, killed: boolean): Set<string> {
    const lost = new Set<string>();
    for (const name of declared) {
      const value = this.variables[name];
      if (value !== undefined && !(killed && typeof value === "function")) continue;
      lost.add(name);
      if (Object.hasOwn(this.before, name)) this.variables[name] = this.before[name];
      else Reflect.deleteProperty(this.variables, name);
    }
    return lost;
  }

  /** Puts back all variables that a cell declares. */
  putBackAll(declared: ReadonlySet<string>): void {
    for (const name of declared) Reflect.deleteProperty(this.variables, name);
    this.putBack(declared, false);
  }

  /** The value of the last expression, taken out of the variables. */
  takeLast(compiled: Compiled): unknown {
    if (compiled.last === undefined) return undefined;
    const value = this.variables[compiled.last];
    Reflect.deleteProperty(this.variables, compiled.last);
    return value;
  }
}

/** The console for a cell's code: it ends what goes on after the cell was killed, rather than print into a later cell. */
function mortalConsole(cell: Cell): Console {
  return new Proxy(console, {
    get: (target, name) => {
      if (cell.dead()) throw new Error(`${cell.name} was stopped`);
      return Reflect.get(target, name) as unknown;
    },
  });
}
