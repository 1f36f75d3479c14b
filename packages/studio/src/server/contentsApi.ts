import { createHash } from "node:crypto";
import type { Checkpoints } from "./checkpoints";
import { HttpError } from "./httpError";
import type { JsonObject } from "./json";
import type { Overlay, Served } from "./overlay";
import type { Call, Route } from "./router";

/** Most bytes of a notebook that is saved. */
const notebookLimit = 64 << 20;

/** The contents part of the Jupyter Server API: list, open and save notebooks, keep and restore a checkpoint of each. */
export function contentsRoutes(overlay: Overlay, checkpoints: Checkpoints): Route[] {
  const notebook = /^\/api\/contents\/(?!$)((?:(?!\/checkpoints(?:\/|$)).)+)$/;
  const points = /^\/api\/contents\/(.+)\/checkpoints$/;
  const point = /^\/api\/contents\/(.+)\/checkpoints\/([^/]+)$/;
  return [
    { method: "GET", path: /^\/api\/contents\/?$/, handle: async () => ({ status: 200, body: await folder(overlay) }) },
    {
      method: "GET",
      path: notebook,
      handle: async ({ parameters, query }) => ({ status: 200, body: await open(overlay, parameters[0]!, query) }),
    },
    { method: "PUT", path: notebook, handle: (call) => save(overlay, call) },
    {
      method: "GET",
      path: points,
      handle: async ({ parameters }) => ({ status: 200, body: await checkpoints.list(parameters[0]!) }),
    },
    {
      method: "POST",
      path: points,
      handle: async ({ parameters }) => ({ status: 201, body: await checkpoints.create(parameters[0]!) }),
    },
    {
      method: "POST",
      path: point,
      handle: async ({ parameters }) => {
        await checkpoints.restore(parameters[0]!, parameters[1]!);
        return { status: 204 };
      },
    },
    {
      method: "DELETE",
      path: point,
      handle: async ({ parameters }) => {
        await checkpoints.remove(parameters[0]!, parameters[1]!);
        return { status: 204 };
      },
    },
  ];
}

async function open(overlay: Overlay, name: string, query: URLSearchParams): Promise<JsonObject> {
  const served = await overlay.read(name);
  const hash = query.get("hash") === "1";
  return query.get("content") === "0" ? model(served, null, hash) : model(served, overlay.parse(served), hash);
}

async function save(overlay: Overlay, { parameters, body }: Call): Promise<{ status: number; body: JsonObject }> {
  const { type, content } = await body(notebookLimit);
  if (type !== "notebook") {
    throw new HttpError(400, `type: expected "notebook", got ${JSON.stringify(type)}.`, "type");
  }
  const served = await overlay.save(parameters[0]!, content);
  return { status: 200, body: model(served, null, true) };
}

async function folder(overlay: Overlay): Promise<JsonObject> {
  const read = await Promise.allSettled((await overlay.names()).map((name) => overlay.read(name)));
  // A file that cannot be read is left out here; the index of chapters says what is wrong with it.
  const served = read.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const times = served.map((file) => file.modified.getTime());
  const modified = new Date(Math.max(0, ...times)).toISOString();
  return {
    name: "",
    path: "",
    type: "directory",
    format: "json",
    mimetype: null,
    writable: false,
    created: modified,
    last_modified: modified,
    size: null,
    hash: null,
    hash_algorithm: null,
    content: served.map((file) => model(file, null, false)),
  };
}

/**
 * Jupyter's model of a notebook. With `hash` it carries the file's SHA-256, by which JupyterLab notices that another tab
 * saved in between, whatever the clocks say.
 */
function model(served: Served, content: JsonObject | null, hash: boolean): JsonObject {
  return {
    name: served.name,
    path: served.name,
    type: "notebook",
    format: content === null ? null : "json",
    mimetype: null,
    writable: true,
    created: served.created.toISOString(),
    last_modified: served.modified.toISOString(),
    size: served.size,
    hash: hash ? createHash("sha256").update(served.text).digest("hex") : null,
    hash_algorithm: hash ? "sha256" : null,
    content,
  };
}
