import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { HttpError } from "./httpError";

/** How a request proved that it may come in. */
export type Proof = "cookie" | "header" | "query";

const readOnly = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Decides who may talk to the server: only pages that the server itself served, and programs that know its token.
 *
 * The Host check stops DNS rebinding, the Origin check stops other sites' scripts and WebSockets, the token stops everybody else on this machine.
 */
export class Access {
  /** Name of the session cookie; carries the port, because a browser shares cookies between the ports of a host. */
  readonly cookieName: string;
  private readonly cookieValue: string;
  private readonly hosts: ReadonlySet<string>;

  constructor(
    private readonly token: string,
    port: number,
  ) {
    this.cookieName = `deepen-${port}`;
    this.cookieValue = digest(`cookie ${token}`).toString("hex");
    const names = ["127.0.0.1", "localhost", "[::1]"];
    this.hosts = new Set([...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])]);
  }

  /**
   * Lets a request in, and says by which proof.
   * @throws HttpError 403 with reason "host", "origin", "cross-site" or "token"
   */
  admit(request: IncomingMessage, query: URLSearchParams): Proof {
    this.checkSource(request);
    const proof = this.proof(request, query);
    if (proof === undefined) {
      throw new HttpError(
        403,
        "This address needs the server's token: open the address that `npm start` printed, which ends in ?token=….",
        "token",
      );
    }
    return proof;
  }

  /** The Set-Cookie header that lets this browser in from now on. */
  cookie(): string {
    return `${this.cookieName}=${this.cookieValue}; Path=/; HttpOnly; SameSite=Strict`;
  }

  private checkSource(request: IncomingMessage): void {
    const { host, origin } = request.headers;
    if (host === undefined || !this.hosts.has(host.toLowerCase())) {
      throw new HttpError(403, `Host: expected this server's own address, got ${JSON.stringify(host ?? "")}.`, "host");
    }
    if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
      throw new HttpError(403, `Origin: expected http://${host}, got ${JSON.stringify(origin)}.`, "origin");
    }
    if (isForeignFetch(request)) {
      throw new HttpError(403, "Another site's page may not read or change anything here.", "cross-site");
    }
  }

  private proof(request: IncomingMessage, query: URLSearchParams): Proof | undefined {
    const given = query.get("token");
    if (given !== null && same(given, this.token)) return "query";
    if (this.cookies(request).some((value) => same(value, this.cookieValue))) return "cookie";
    const authorization = /^(?:token|bearer) +(.+)$/i.exec(request.headers.authorization ?? "");
    return authorization !== null && same(authorization[1]!, this.token) ? "header" : undefined;
  }

  private cookies(request: IncomingMessage): string[] {
    const start = `${this.cookieName}=`;
    return (request.headers.cookie ?? "")
      .split(";")
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(start))
      .map((pair) => pair.slice(start.length));
  }
}

/**
 * Whether a browser says that another site's page, or another port's, asks for more than to be followed by a link.
 * WebSockets are left to the Origin check: browsers do not agree on what they say of them here.
 */
function isForeignFetch({ headers, method = "GET" }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  const mode = headers["sec-fetch-mode"];
  if ((site !== "cross-site" && site !== "same-site") || mode === "websocket") return false;
  return mode !== "navigate" || !readOnly.has(method);
}

/** Compares digests, so that the time taken says nothing about where two strings differ. */
function same(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
