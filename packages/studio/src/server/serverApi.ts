import type { JsonObject } from "./json";
import type { KernelPool } from "./kernelPool";
import type { Route } from "./router";

/** The small parts of the Jupyter Server API: version, status, the one user, configuration sections kept in memory. */
export function serverRoutes(pool: KernelPool): Route[] {
  const started = new Date().toISOString();
  const sections = new Map<string, JsonObject>();
  const section = /^\/api\/config\/([\w.-]+)$/;
  return [
    { method: "GET", path: /^\/api\/?$/, handle: () => ({ status: 200, body: { version: "2.0.0" } }) },
    { method: "GET", path: /^\/api\/status$/, handle: () => ({ status: 200, body: status(pool, started) }) },
    {
      method: "GET",
      path: /^\/api\/me$/,
      handle: () => ({
        status: 200,
        body: {
          identity: {
            username: "reader",
            name: "Reader",
            display_name: "Reader",
            initials: "R",
            avatar_url: null,
            color: null,
          },
          permissions: {},
        },
      }),
    },
    {
      method: "GET",
      path: section,
      handle: ({ parameters: [name] }) => ({ status: 200, body: sections.get(name!) ?? {} }),
    },
    {
      method: "PUT",
      path: section,
      handle: async ({ parameters: [name], body }) => {
        sections.set(name!, await body());
        return { status: 200, body: sections.get(name!) };
      },
    },
    {
      method: "PATCH",
      path: section,
      handle: async ({ parameters: [name], body }) => {
        sections.set(name!, { ...sections.get(name!), ...(await body()) });
        return { status: 200, body: sections.get(name!) };
      },
    },
  ];
}

function status(pool: KernelPool, started: string): JsonObject {
  const kernels = pool.list().map((kernel) => kernel.model());
  return {
    started,
    last_activity:
      kernels
        .map((kernel) => kernel.last_activity)
        .sort()
        .at(-1) ?? started,
    connections: kernels.reduce((sum, kernel) => sum + kernel.connections, 0),
    kernels: kernels.length,
  };
}
