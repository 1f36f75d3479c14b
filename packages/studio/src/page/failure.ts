import type { PageConfiguration } from "./config";
import { button, element } from "./dom";

/** A remedy that a failure offers: a button's verb and what it does. */
export interface Remedy {
  readonly label: string;
  readonly act: () => void;
}

/** Puts a message in the place of the page: what happened and what to do. Sets `data-ready` to "failed". */
export function showFailure(reason: unknown, configuration: PageConfiguration, remedies: readonly Remedy[] = []): void {
  const message = reason instanceof Error ? reason.message : String(reason);
  document.body.replaceChildren(
    element("main", {
      class: "deepen-failure",
      attributes: { role: "alert" },
      children: [
        element("h1", { text: "This page cannot be shown" }),
        element("p", { text: message }),
        element("p", {
          class: "deepen-actions",
          children: [
            ...remedies.map(({ label, act }) => button(label, act)),
            button("Try again", () => {
              location.reload();
            }),
            element("a", { text: "All chapters", attributes: { href: configuration.baseUrl } }),
          ],
        }),
      ],
    }),
  );
  document.documentElement.dataset.ready = "failed";
}
