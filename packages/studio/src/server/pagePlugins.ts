import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "esbuild";
import { tokenSheet, type Theme } from "./tokenSheet";

/** What esbuild must be told to bundle JupyterLab's components, KaTeX, Plotly and the course's design tokens. */
export function plugins(): Plugin[] {
  return [styles(), leftOut(), plotly(), tokens()];
}

/** JupyterLab's style sheets: `~` for packages, icons as data addresses, one font format, no FontAwesome. */
function styles(): Plugin {
  return {
    name: "styles",
    setup(build) {
      build.onResolve({ filter: /^~/ }, ({ path: name, resolveDir, kind }) =>
        build.resolve(name.slice(1), { resolveDir, kind }),
      );
      build.onResolve({ filter: /\.svg$/ }, ({ path: name, kind, resolveDir }) =>
        kind === "url-token" ? { path: path.resolve(resolveDir, name), namespace: "icon" } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: "icon" }, async ({ path: file }) => ({
        contents: await readFile(file),
        loader: "dataurl",
      }));
      // 2.5 MB of icon fonts that nothing on the page uses.
      build.onLoad({ filter: /[\\/]fontawesome-free[\\/].*\.css$/ }, () => ({ contents: "", loader: "css" }));
      // Every browser that runs the page reads woff2: the other two formats stay at home.
      build.onLoad({ filter: /[\\/](katex|@fontsource[\\/][^\\/]+)[\\/].*\.css$/ }, async ({ path: file }) => ({
        contents: (await readFile(file, "utf8")).replace(/,\s*url\([^)]*\.(woff|ttf)\)\s*format\([^)]*\)/g, ""),
        loader: "css",
      }));
    },
  };
}

/** Modules that a course page has no use for. */
function leftOut(): Plugin {
  return {
    name: "left-out",
    setup(build) {
      build.onResolve({ filter: /^(mermaid|@mermaid-js\/.*)$/ }, ({ path: name }) => ({
        path: name,
        namespace: "empty",
      }));
      build.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "export default {};" }));
      // Its theme listener sets a design token that observes itself until the stack overflows, at every load.
      build.onLoad({ filter: /web-components[\\/]dist[\\/]esm[\\/]utilities[\\/]theme[\\/]applyTheme\.js$/ }, () => ({
        contents: "export function addJupyterLabThemeChangeListener() {}\nexport function applyJupyterTheme() {}\n",
      }));
    },
  };
}

/** `plotly:address`: Plotly stays a file of its own, fetched at the first figure; the module exports where it lies. */
function plotly(): Plugin {
  return {
    name: "plotly",
    setup(build) {
      build.onResolve({ filter: /^plotly:address$/ }, ({ path: name }) => ({ path: name, namespace: "plotly" }));
      build.onLoad({ filter: /.*/, namespace: "plotly" }, () => ({
        contents: 'import file from "plotly:file";\nexport const address = new URL(file, import.meta.url).href;\n',
        resolveDir: __dirname,
      }));
      build.onResolve({ filter: /^plotly:file$/ }, () => ({
        path: require.resolve("plotly.js-dist-min"),
        namespace: "plotly-file",
      }));
      build.onLoad({ filter: /.*/, namespace: "plotly-file" }, async ({ path: file }) => ({
        contents: await readFile(file),
        loader: "file",
      }));
    },
  };
}

/** `deepen:tokens.css`: the figure theme's colours, type and sizes as CSS variables, so that page and figures agree. */
function tokens(): Plugin {
  return {
    name: "tokens",
    setup(build) {
      build.onResolve({ filter: /^deepen:tokens\.css$/ }, ({ path: name }) => ({ path: name, namespace: "tokens" }));
      build.onLoad({ filter: /.*/, namespace: "tokens" }, async () => ({
        contents: tokenSheet((await import("deepen/dist/plot/theme.js")) as Theme),
        loader: "css",
      }));
    },
  };
}
