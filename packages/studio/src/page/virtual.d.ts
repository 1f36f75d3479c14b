/** Made by the bundler (server/pagePlugins.ts). */
declare module "plotly:address" {
  /** Where the page finds Plotly's script. */
  export const address: string;
}

declare module "katex/contrib/auto-render" {
  interface Delimiter {
    readonly left: string;
    readonly right: string;
    readonly display: boolean;
  }
  /** Typesets the math between `delimiters` in every text node under `node`. */
  const renderMathInElement: (
    node: HTMLElement,
    options: {
      readonly delimiters: readonly Delimiter[];
      readonly throwOnError: boolean;
      readonly ignoredTags?: readonly string[];
    },
  ) => void;
  export = renderMathInElement;
}
