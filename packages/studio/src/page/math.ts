import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import renderMathInElement from "katex/contrib/auto-render";

/** Typesets `$…$`, `$$…$$`, `\(…\)` and `\[…\]` with KaTeX; a formula that does not parse is shown in red as typed. */
export const typesetter: IRenderMime.ILatexTypesetter = {
  typeset(node) {
    renderMathInElement(node, {
      delimiters: [
        { left: "$$", right: "$$", display: true },
        { left: "\\[", right: "\\]", display: true },
        { left: "$", right: "$", display: false },
        { left: "\\(", right: "\\)", display: false },
      ],
      ignoredTags: ["script", "noscript", "style", "textarea", "pre", "code", "option"],
      throwOnError: false,
    });
  },
};
