/** What the server tells the page in its one inline JSON element. */
export interface PageConfiguration {
  /** Path under which the server answers, with slashes at both ends. */
  readonly baseUrl: string;
  /** Token for every request; empty if a cookie carries it. */
  readonly token: string;
}

/** Reads the configuration the server wrote into the page. */
export function readConfiguration(): PageConfiguration {
  const element = document.getElementById("jupyter-config-data");
  const given = JSON.parse(element?.textContent ?? "{}") as Partial<PageConfiguration>;
  return { baseUrl: given.baseUrl ?? "/", token: given.token ?? "" };
}

/** The chapter that the page's address asks for, or undefined on the index. */
export function requestedChapter(configuration: PageConfiguration): string | undefined {
  const path = location.pathname.slice(configuration.baseUrl.length);
  const match = /^chapter\/([^/]+)\/?$/.exec(path);
  return match === null ? undefined : decodeURIComponent(match[1]);
}
