import { YBaseCell } from "@jupyter/ydoc";
import { ybinding, CodeMirrorEditorFactory, CodeMirrorMimeTypeService } from "@jupyterlab/codemirror";
import { EditorExtensionRegistry, EditorLanguageRegistry, EditorThemeRegistry } from "@jupyterlab/codemirror";
import type { IEditorExtensionFactory } from "@jupyterlab/codemirror";
import type { CodeEditor, IEditorMimeTypeService } from "@jupyterlab/codeeditor";
import type { IEditorLanguageRegistry } from "@jupyterlab/codemirror";
import { StaticNotebook } from "@jupyterlab/notebook";

/** Languages of the course's cells, and of code blocks in its text. */
const languageNames = ["javascript", "typescript", "json", "markdown", "shell", "html", "css", "python"];

/** What cells need to be edited: editors, languages, and which language a cell is in. */
export interface Editing {
  readonly factory: CodeEditor.Factory;
  readonly languages: IEditorLanguageRegistry;
  readonly mimeTypes: IEditorMimeTypeService;
}

/** Sets up CodeMirror as JupyterLab does, with the course's languages only. */
export function editing(): Editing {
  const languages = new EditorLanguageRegistry();
  for (const language of EditorLanguageRegistry.getDefaultLanguages()) {
    if (languageNames.includes(language.name.toLowerCase())) languages.addLanguage(language);
  }
  languages.addLanguage({
    name: "ipythongfm",
    mime: "text/x-ipythongfm",
    load: async () => {
      const { markdown } = await import("@codemirror/lang-markdown");
      return markdown();
    },
  });
  const themes = new EditorThemeRegistry();
  for (const theme of EditorThemeRegistry.getDefaultThemes()) themes.addTheme(theme);
  const extensions = new EditorExtensionRegistry();
  for (const extension of EditorExtensionRegistry.getDefaultExtensions({ themes })) extensions.addExtension(extension);
  extensions.addExtension(sharedModelBinding);
  const editors = new CodeMirrorEditorFactory({ extensions, languages });
  return {
    factory: editors.newInlineEditor,
    languages,
    mimeTypes: new CodeMirrorMimeTypeService(languages),
  };
}

/** How cells are edited: no line numbers, brackets closed, long code lines scroll, long text lines wrap. */
export const editorConfiguration: StaticNotebook.IEditorConfig = {
  code: {
    ...StaticNotebook.defaultEditorConfig.code,
    lineNumbers: false,
    lineWrap: false,
    matchBrackets: true,
    autoClosingBrackets: true,
    codeFolding: false,
    tabFocusable: false,
  },
  markdown: { ...StaticNotebook.defaultEditorConfig.markdown, lineNumbers: false, lineWrap: true, codeFolding: false },
  raw: { ...StaticNotebook.defaultEditorConfig.raw, lineNumbers: false, lineWrap: true },
};

/** Ties an editor's text to the cell's shared model, which also keeps its history of changes. */
const sharedModelBinding: IEditorExtensionFactory<unknown> = {
  name: "shared-model-binding",
  factory: ({ model }) => {
    const shared = model.sharedModel;
    if (!(shared instanceof YBaseCell)) return null;
    return EditorExtensionRegistry.createImmutableExtension(
      ybinding({ ytext: shared.ysource, undoManager: shared.undoManager ?? undefined }),
    );
  },
};
