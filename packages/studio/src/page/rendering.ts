import {
  RenderMimeRegistry,
  errorRendererFactory,
  imageRendererFactory,
  latexRendererFactory,
  textRendererFactory,
} from "@jupyterlab/rendermime";
import { createMarkdownParser } from "@jupyterlab/markedparser-extension";
import type { IEditorLanguageRegistry } from "@jupyterlab/codemirror";
import type { PageConfiguration } from "./config";
import { typesetter } from "./math";
import { cardFactory, type SilentRunner } from "./renderers/card";
import { errorFactory } from "./renderers/error";
import { htmlFactory, markdownFactory } from "./renderers/html";
import { pictureFactory } from "./renderers/picture";
import { plotlyFactory } from "./renderers/plotly";
import { progressFactory } from "./renderers/progress";

/** Everything that draws outputs and text. No renderer runs scripts that come with an output. */
export function rendering(
  languages: IEditorLanguageRegistry,
  configuration: PageConfiguration,
  run: SilentRunner,
): RenderMimeRegistry {
  const rendermime = new RenderMimeRegistry({
    initialFactories: [
      plotlyFactory,
      progressFactory,
      errorFactory,
      htmlFactory,
      markdownFactory,
      latexRendererFactory,
      pictureFactory,
      imageRendererFactory,
      errorRendererFactory,
      textRendererFactory,
    ],
    latexTypesetter: typesetter,
    markdownParser: createMarkdownParser(languages),
    resolver: {
      resolveUrl: (url) => Promise.resolve(url),
      getDownloadUrl: (url) => Promise.resolve(address(url, configuration)),
    },
  });
  rendermime.addFactory(cardFactory(rendermime, run));
  return rendermime;
}

/** Where a link of a lesson leads on this server: a notebook to its chapter page, anything else to the file itself. */
function address(url: string, { baseUrl }: PageConfiguration): string {
  const chapter = /^(?:\.\/)?([^/]+)\.ipynb$/.exec(url);
  return chapter === null ? url : `${baseUrl}chapter/${encodeURIComponent(decodeURIComponent(chapter[1]))}`;
}
