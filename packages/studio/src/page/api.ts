import type { PageConfiguration } from "./config";

/** One chapter, as the server lists it. */
export interface Chapter {
  readonly slug: string;
  readonly title: string;
  /** Contents path of its notebook. */
  readonly path: string;
  /** Whether the reader has a copy of his own, in the course's work folder. */
  readonly hasCopy: boolean;
  /** Whether the course has a newer version than that copy. */
  readonly newer: boolean;
  /** The chapter's question, one sentence, where the server knows it. */
  readonly question?: string;
  /** What is wrong with the file, where it cannot be opened. */
  readonly problem?: string;
  /** Reading time in minutes, where the server knows it. */
  readonly minutes?: number;
}

/** A request that failed: `message` is fit for the reader, `status` is the HTTP status, 0 if nobody answered. */
export class RequestError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = "RequestError";
  }
}

/** The course's own endpoints, beside Jupyter's. */
export interface CourseApi {
  chapters(): Promise<readonly Chapter[]>;
  /** Moves the reader's copy of a chapter aside; resolves to where it is kept. */
  reset(slug: string): Promise<{ readonly discarded: string }>;
  /** Checks that a notebook can be read; rejects with the server's words if not. */
  probe(path: string): Promise<void>;
  /** Checks that the server answers. */
  alive(): Promise<void>;
}

/** Connects to the server that sent the page. */
export function courseApi(configuration: PageConfiguration): CourseApi {
  const ask = async (path: string, method = "GET"): Promise<unknown> => {
    const headers: Record<string, string> = configuration.token
      ? { Authorization: `token ${configuration.token}` }
      : {};
    let response: Response;
    try {
      response = await fetch(`${configuration.baseUrl}${path}`, { method, headers, cache: "no-store" });
    } catch {
      throw new RequestError(
        "The course server does not answer. Start it again with npm start, then reload this page.",
        0,
      );
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw new RequestError(explain(response.status, body), response.status);
    return body;
  };
  return {
    chapters: async () => (await ask("deepen/chapters")) as readonly Chapter[],
    reset: async (slug) =>
      (await ask(`deepen/chapters/${encodeURIComponent(slug)}/reset`, "POST")) as { readonly discarded: string },
    probe: async (path) => {
      const model = (await ask(`api/contents/${path.split("/").map(encodeURIComponent).join("/")}?content=1`)) as {
        content?: { cells?: unknown };
      };
      if (!Array.isArray(model.content?.cells)) {
        throw new RequestError(
          `${path} is not a notebook: it has no list of cells. Reset the chapter, or build it anew with npm run notebooks.`,
          200,
        );
      }
    },
    alive: async () => {
      await ask("api/status");
    },
  };
}

function explain(status: number, body: unknown): string {
  if (status === 401 || status === 403) {
    return "The server does not accept this page's token: it was started anew. Open the address that npm start printed last.";
  }
  if (typeof body === "object" && body !== null && "message" in body && typeof body.message === "string") {
    return body.message;
  }
  return `The server answered with status ${status}.`;
}
