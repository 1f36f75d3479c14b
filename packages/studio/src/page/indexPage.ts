import type { Chapter, CourseApi } from "./api";
import type { PageConfiguration } from "./config";
import { button, element } from "./dom";
import { lighting, onLighting, toggleLighting } from "./theme";

/** Draws the list of chapters. */
export async function showIndex(api: CourseApi, configuration: PageConfiguration): Promise<void> {
  const chapters = await api.chapters();
  document.title = "Deepen";
  document.body.replaceChildren(
    element("main", {
      class: "deepen-index",
      children: [
        element("header", {
          children: [
            element("h1", { text: "Deepen" }),
            element("p", {
              class: "deepen-lead",
              text: "What depth does to a neural network: read, predict, train, look. You believe nothing that you did not measure.",
            }),
          ],
        }),
        chapters.length === 0
          ? element("p", { text: "There are no chapters yet. Build them with npm run notebooks, then reload." })
          : element("ol", { class: "deepen-chapters", children: chapters.map((each) => entry(each, configuration)) }),
        element("footer", { children: [lightingButton()] }),
      ],
    }),
  );
}

/** A button that says which lighting it switches to. */
export function lightingButton(): HTMLButtonElement {
  const control = button("", toggleLighting, { hint: "Switch between light and dark" });
  const label = (): void => {
    control.textContent = lighting() === "dark" ? "Light" : "Dark";
  };
  label();
  onLighting(label);
  return control;
}

function entry(chapter: Chapter, configuration: PageConfiguration): HTMLElement {
  const number = /^\d+/.exec(chapter.slug)?.[0] ?? "";
  const notes = [
    chapter.minutes === undefined ? "" : `${chapter.minutes} minutes`,
    chapter.hasCopy ? "your copy" : "",
    chapter.newer ? "new version" : "",
  ].filter((note) => note !== "");
  return element("li", {
    children: [
      element("a", {
        attributes: { href: `${configuration.baseUrl}chapter/${encodeURIComponent(chapter.slug)}` },
        children: [
          element("span", { class: "deepen-number", text: number }),
          element("span", { class: "deepen-chapter-title", text: plainTitle(chapter.title) }),
          ...(chapter.question === undefined
            ? []
            : [element("span", { class: "deepen-question", text: chapter.question })]),
          ...(chapter.problem === undefined
            ? []
            : [element("span", { class: "deepen-problem", text: chapter.problem })]),
          ...(notes.length === 0 ? [] : [element("span", { class: "deepen-notes", text: notes.join(" · ") })]),
        ],
      }),
    ],
  });
}

/** A title without the number in front of it ("03 · Vanishing gradients" → "Vanishing gradients"). */
export function plainTitle(title: string): string {
  return title.replace(/^\d+\s*[·.:-]\s*/, "");
}
