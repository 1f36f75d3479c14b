import { kernelName, kernelSpec } from "@deepen/kernel";
import { HttpError } from "./httpError";
import { stringIn, type JsonObject } from "./json";
import type { KernelPool } from "./kernelPool";
import type { Route } from "./router";
import type { Sessions } from "./sessions";

/** The part of the Jupyter Server API about kernelspecs, kernels and sessions. */
export function kernelRoutes(pool: KernelPool, sessions: Sessions): Route[] {
  return [...specRoutes(), ...poolRoutes(pool), ...sessionRoutes(sessions)];
}

/** @throws HttpError 400 unless `name` is this server's kernel, or left out */
export function checkKernelName(name: string | undefined): void {
  if (name === undefined || name === "" || name === kernelName) return;
  throw new HttpError(
    400,
    `kernel name: this server runs ${JSON.stringify(kernelName)} only, got ${JSON.stringify(name)}. Choose the TypeScript kernel for this notebook.`,
    "kernel-name",
  );
}

function specRoutes(): Route[] {
  const spec = (): JsonObject => ({
    name: kernelName,
    spec: { metadata: {}, env: {}, ...kernelSpec() },
    resources: {},
  });
  return [
    {
      method: "GET",
      path: /^\/api\/kernelspecs\/?$/,
      handle: () => ({ status: 200, body: { default: kernelName, kernelspecs: { [kernelName]: spec() } } }),
    },
    {
      method: "GET",
      path: /^\/api\/kernelspecs\/([^/]+)$/,
      handle: ({ parameters: [name] }) => {
        if (name === kernelName) return { status: 200, body: spec() };
        throw new HttpError(404, `There is no kernelspec ${JSON.stringify(name)}.`, "missing");
      },
    },
  ];
}

function poolRoutes(pool: KernelPool): Route[] {
  const all = /^\/api\/kernels\/?$/;
  const one = /^\/api\/kernels\/([^/]+)$/;
  return [
    { method: "GET", path: all, handle: () => ({ status: 200, body: pool.list().map((kernel) => kernel.model()) }) },
    {
      method: "POST",
      path: all,
      handle: async ({ body }) => {
        checkKernelName(stringIn(await body(), "name"));
        return { status: 201, body: (await pool.start()).model() };
      },
    },
    { method: "GET", path: one, handle: ({ parameters: [id] }) => ({ status: 200, body: pool.get(id!).model() }) },
    {
      method: "DELETE",
      path: one,
      handle: async ({ parameters: [id] }) => {
        await pool.remove(id!);
        return { status: 204 };
      },
    },
    {
      method: "POST",
      path: /^\/api\/kernels\/([^/]+)\/interrupt$/,
      handle: async ({ parameters: [id] }) => {
        await pool.get(id!).interrupt();
        return { status: 204 };
      },
    },
    {
      method: "POST",
      path: /^\/api\/kernels\/([^/]+)\/restart$/,
      handle: async ({ parameters: [id] }) => ({ status: 200, body: (await pool.restart(id!)).model() }),
    },
  ];
}

function sessionRoutes(sessions: Sessions): Route[] {
  const all = /^\/api\/sessions\/?$/;
  const one = /^\/api\/sessions\/([^/]+)$/;
  return [
    { method: "GET", path: all, handle: () => ({ status: 200, body: sessions.list() }) },
    {
      method: "POST",
      path: all,
      handle: async ({ body }) => ({ status: 201, body: await sessions.create(await body()) }),
    },
    { method: "GET", path: one, handle: ({ parameters: [id] }) => ({ status: 200, body: sessions.get(id!) }) },
    {
      method: "PATCH",
      path: one,
      handle: async ({ parameters: [id], body }) => ({ status: 200, body: await sessions.update(id!, await body()) }),
    },
    {
      method: "DELETE",
      path: one,
      handle: async ({ parameters: [id] }) => {
        await sessions.remove(id!);
        return { status: 204 };
      },
    },
  ];
}
