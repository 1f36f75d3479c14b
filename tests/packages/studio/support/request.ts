import { request as send, type IncomingHttpHeaders } from "node:http";

/** An answer of the server. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON, of a shape that the test asserts. */
  json<Shape = Record<string, unknown>>(): Shape;
}

/** What differs from a GET with the right token. */
export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Leaves the token out. */
  readonly anonymous?: boolean;
}

/** Sends one request, its path exactly as given: no client tidies up dots or percent signs. */
export function request(port: number, path: string, ask: Ask = {}): Promise<Reply> {
  const { method = "GET", headers = {}, body, anonymous = false } = ask;
  const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  const ours: Record<string, string> = {
    ...(anonymous ? {} : { authorization: "token secret" }),
    ...(text === undefined ? {} : { "content-length": String(Buffer.byteLength(text)) }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = send(
      { host: "127.0.0.1", port, path, method, headers: { ...ours, ...headers }, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            bytes,
            text: bytes.toString("utf8"),
            json: <Shape>() => JSON.parse(bytes.toString("utf8")) as Shape,
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(text);
  });
}
