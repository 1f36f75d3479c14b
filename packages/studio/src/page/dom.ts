/** What {@link element} puts on a new element: attributes as strings, listeners, children. */
export interface ElementOptions {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly (Node | string)[];
  readonly onClick?: (event: MouseEvent) => void;
}

/** Makes an HTML element. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: ElementOptions = {},
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  if (options.class !== undefined) node.className = options.class;
  if (options.text !== undefined) node.textContent = options.text;
  for (const [name, value] of Object.entries(options.attributes ?? {})) node.setAttribute(name, value);
  node.append(...(options.children ?? []));
  if (options.onClick !== undefined) node.addEventListener("click", options.onClick as EventListener);
  return node;
}

/** Makes a button whose text is a verb; `hint` is told on hover. */
export function button(
  text: string,
  onClick: () => void,
  options: { class?: string; hint?: string } = {},
): HTMLButtonElement {
  return element("button", {
    text,
    class: options.class ?? "deepen-button",
    attributes: { type: "button", ...(options.hint === undefined ? {} : { title: options.hint }) },
    onClick,
  });
}
