/** How a state is meant; each tone has an icon of its own, so that colour never stands alone. */
export type Tone = "neutral" | "good" | "warn" | "bad";

const strokes: Record<Tone, string> = {
  neutral: "M8 3.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 1 0 0-9.6",
  good: "M3.2 8.6l3.1 3.2 6.5-7.4",
  warn: "M8 2.8v6.4M8 12.4v.6",
  bad: "M4 4l8 8M12 4l-8 8",
};

/** A small drawing for a tone, hidden from screen readers: a word always stands beside it. */
export function toneIcon(tone: Tone): SVGSVGElement {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 16 16");
  icon.setAttribute("aria-hidden", "true");
  icon.classList.add("deepen-icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", strokes[tone]);
  icon.append(path);
  return icon;
}
