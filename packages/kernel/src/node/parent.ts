/** How often the parent is looked for, in milliseconds. */
const interval = 1000;

/**
 * Ends this process, whatever its main thread does, when its parent is gone.
 * On POSIX an orphan gets another parent. On Windows the id of the parent stays, and is looked for among the processes
 * (JPY_PARENT_PID is a handle there, of no use to Node).
 */
export function watchParent(): void {
  const first = process.ppid;
  const named = process.platform === "win32" ? NaN : Number(process.env.JPY_PARENT_PID);
  // Started through another program (a shell, npx): the server is not the parent, but must be alive, too.
  const others = Number.isInteger(named) && named > 0 && named !== first ? [named] : [];
  if (process.platform === "win32") others.push(first);
  setInterval(() => {
    if (process.ppid !== first || others.some((pid) => !alive(pid))) process.kill(process.pid, "SIGKILL");
  }, interval);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
