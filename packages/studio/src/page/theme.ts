/** How the page is lit. */
export type Lighting = "light" | "dark";

const key = "deepen.lighting";
const listeners = new Set<(lighting: Lighting) => void>();

/** The lighting in force. */
export function lighting(): Lighting {
  return document.documentElement.dataset.lighting === "dark" ? "dark" : "light";
}

/** Follows the reader's choice if he made one, the system's otherwise; call once, before anything is drawn. */
export function followLighting(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = (): void => {
    const chosen = stored();
    set(chosen ?? (system.matches ? "dark" : "light"));
  };
  apply();
  system.addEventListener("change", apply);
}

/** Switches between light and dark, and remembers it in this browser. */
export function toggleLighting(): void {
  const next = lighting() === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(key, next);
  } catch {
    // A browser that keeps nothing: the choice holds until the page is left.
  }
  set(next);
}

/** Calls `listener` whenever the lighting changes; the returned function ends that. */
export function onLighting(listener: (lighting: Lighting) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: Lighting): void {
  if (document.documentElement.dataset.lighting === next) return;
  document.documentElement.dataset.lighting = next;
  for (const listener of listeners) listener(next);
}

function stored(): Lighting | undefined {
  try {
    const value = localStorage.getItem(key);
    return value === "light" || value === "dark" ? value : undefined;
  } catch {
    return undefined;
  }
}
