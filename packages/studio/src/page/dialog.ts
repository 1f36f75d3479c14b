import { button, element } from "./dom";

/** A question with two answers. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** The verb that says yes. */
  readonly accept: string;
}

/** Asks the reader; resolves to whether he agreed. Escape and Cancel say no. */
export function ask({ title, text, accept }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = element("dialog", {
      class: "deepen-dialog",
      children: [
        element("h2", { text: title }),
        element("p", { text }),
        element("div", {
          class: "deepen-actions",
          children: [
            button(
              accept,
              () => {
                dialog.close("yes");
              },
              { class: "deepen-button deepen-primary" },
            ),
            button("Cancel", () => {
              dialog.close("no");
            }),
          ],
        }),
      ],
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
