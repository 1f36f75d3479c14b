import { buildPage, startStudio } from "@deepen/studio";

/** What `deepen start` was asked for. */
export interface StartRequest {
  /** The port to serve on; undefined means a free one. */
  readonly port: number | undefined;
  /** Open the browser, where there is one. */
  readonly open: boolean;
}

/**
 * Serves the course until `stopped` resolves; then ends every kernel.
 * @param say - prints one line
 */
export async function startCourse(
  course: string,
  { port, open }: StartRequest,
  say: (line: string) => void,
  stopped: Promise<void>,
): Promise<void> {
  const slow = setTimeout(() => {
    say("Building the page …");
  }, 500);
  const page = await buildPage().finally(() => {
    clearTimeout(slow);
  });
  if (page.built) say(`The page is built (${(page.milliseconds / 1000).toFixed(1)} s).`);
  const studio = await startStudio({ course, ...(port === undefined ? {} : { port }) });
  if (port !== undefined && port !== 0 && studio.port !== port) {
    say(`Port ${String(port)} is taken: serving on ${String(studio.port)} instead.`);
  }
  say(`Deepen is served at ${studio.url}`);
  say("Ctrl-C stops it and ends its kernels.");
  if (open && canOpen()) await openBrowser(studio.url, say);
  await stopped;
  await studio.close();
}

/** Whether someone sits in front of this machine: not in CI, and not on a Linux without a display. */
function canOpen(): boolean {
  const { CI, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = process.env;
  if (CI !== undefined && CI !== "" && CI !== "false") return false;
  return (
    process.platform !== "linux" || [DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME].some((value) => value !== undefined)
  );
}

async function openBrowser(url: string, say: (line: string) => void): Promise<void> {
  const complain = (error: Error): void => {
    say(`The browser could not be opened (${error.message}): open the address yourself.`);
  };
  try {
    const { default: openUrl } = await import("open");
    const opener = await openUrl(url);
    opener.once("error", complain);
  } catch (error) {
    complain(error as Error);
  }
}
