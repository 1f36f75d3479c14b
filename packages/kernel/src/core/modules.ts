import type { SideModule } from "./compiler";
import { wrapperLines, type Script } from "./failure";
import type { Platform } from "./platform";

/** `require` as cells see it. */
export type Require = (name: string) => unknown;

/** Modules that cells define or bring in as local TypeScript files, and the way to all others. */
export class Modules {
  private readonly sources = new Map<string, SideModule>();
  private readonly loaded = new Map<string, { exports: unknown }>();

  /**
   * @param scripts - gets the source map of each module that is loaded
   * @param given - modules that the kernel itself provides, by name
   */
  constructor(
    private readonly platform: Platform,
    private readonly scripts: Map<string, Script>,
    private readonly given: Readonly<Record<string, unknown>>,
  ) {}

  /** Takes compiled modules; one that changed is loaded anew at the next `require`. */
  add(modules: readonly SideModule[]): void {
    for (const module of modules) {
      this.sources.set(module.path, module);
      this.loaded.delete(module.path);
    }
  }

  /** The `require` of code in `folder`; in the kernel's folder by default. */
  require(folder?: string): Require {
    return (name) => {
      if (Object.hasOwn(this.given, name)) return this.given[name];
      if (/^\.{0,2}\//.test(name)) {
        const path = this.platform.resolve(name, folder);
        const side = this.sources.get(path) ?? this.sources.get(`${path}.js`);
        if (side !== undefined) return this.load(side);
      }
      return this.platform.require(name, folder);
    };
  }

  private load(side: SideModule): unknown {
    const known = this.loaded.get(side.path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as unknown };
    this.loaded.set(side.path, module); // before it runs: modules may import each other
    const name = this.platform.sourceName(side.path) ?? side.path;
    this.scripts.set(side.path, { name: name.replace(/\.js$/, ".ts"), map: side.map });
    const code = `(function (exports, require, module) {${"\n".repeat(wrapperLines)}${side.javascript}\n})`;
    try {
      const body = this.platform.evaluate(code, side.path) as (...values: unknown[]) => void;
      body(module.exports, this.require(side.path.slice(0, side.path.lastIndexOf("/"))), module);
    } catch (error) {
      this.loaded.delete(side.path);
      throw error;
    }
    return module.exports;
  }
}
