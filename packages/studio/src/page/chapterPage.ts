import { MarkdownCell } from "@jupyterlab/cells";
import { NotebookModelFactory, Notebook, NotebookPanel, StaticNotebook, NotebookActions } from "@jupyterlab/notebook";
import { Context } from "@jupyterlab/docregistry";
import { ServerConnection, ServiceManager } from "@jupyterlab/services";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import type { Chapter, CourseApi } from "./api";
import { cellTools } from "./cellTools";
import { commands, type Commands } from "./commands";
import type { PageConfiguration } from "./config";
import { ask } from "./dialog";
import { element } from "./dom";
import { editing, editorConfiguration } from "./editor";
import { showFailure } from "./failure";
import { plainTitle } from "./indexPage";
import { ChapterKernel } from "./kernel";
import { Notices } from "./notices";
import { CellFactory } from "./prompt";
import { rendering } from "./rendering";
import { Saver } from "./save";
import { silentRunner } from "./silentRunner";
import { timeCells } from "./timing";
import { TopBar } from "./topBar";
import { watch } from "./watch";

/** Session storage key under which a reset leaves word for the page that follows it. */
const resetNote = "deepen.reset";

/** Opens a chapter: its notebook in JupyterLab's component, our bar above it. */
export async function showChapter(slug: string, api: CourseApi, configuration: PageConfiguration): Promise<void> {
  const chapter = await find(slug, api);
  const title = plainTitle(chapter.title);
  document.title = `${title} · Deepen`;
  try {
    await api.probe(chapter.path);
  } catch (reason) {
    const remedy = { label: "Reset this chapter", act: () => void reset(chapter, api) };
    showFailure(reason, configuration, chapter.hasCopy ? [remedy] : []);
    return;
  }

  const { panel, kernel, saver } = await openNotebook(chapter, configuration);
  const notices = new Notices();
  const lesson = element("main", { class: "deepen-lesson" });
  const bar = new TopBar(title, configuration, {
    runAll: () => void act.runAll(),
    stop: () => void kernel.stop(),
    restart: () => void restart(kernel),
    reset: () => void confirmReset(chapter, api, saver),
    save: () => void saver.save(),
  });
  document.body.replaceChildren(element("div", { class: "deepen-shell", children: [bar.node, notices.node, lesson] }));
  attach(panel, lesson);
  const act = commands(panel, kernel, saver, notices);
  finish(panel, act);
  watch({ kernel, panel, saver, api, bar, notices });
  tellVersions(chapter, api, saver, notices);
}

async function find(slug: string, api: CourseApi): Promise<Chapter> {
  const chapters = await api.chapters();
  const chapter = chapters.find((each) => each.slug === slug);
  if (chapter === undefined) throw new Error(`The course has no chapter “${slug}”.`);
  return chapter;
}

async function openNotebook(
  chapter: Chapter,
  configuration: PageConfiguration,
): Promise<{ panel: NotebookPanel; kernel: ChapterKernel; saver: Saver }> {
  const manager = new ServiceManager({
    serverSettings: ServerConnection.makeSettings({ appendToken: true }),
    standby: "when-hidden",
  });
  const { factory, languages, mimeTypes } = editing();
  const context = new Context({
    manager,
    factory: new NotebookModelFactory({}),
    path: chapter.path,
    // The kernel starts at the first run; one that runs already, from before a reload, is taken up again.
    kernelPreference: { shouldStart: false, canStart: true, autoStartDefault: false },
  });
  await context.initialize(false);
  const kernel = new ChapterKernel(context.sessionContext);
  const rendermime = rendering(languages, configuration, (code, into) => run(code, into));
  const run = silentRunner(kernel, rendermime);
  const contentFactory = new CellFactory({ editorFactory: factory }, (cell) => {
    panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
    void NotebookActions.run(panel.content, panel.sessionContext);
  });
  const panel = new NotebookPanel({
    context,
    content: new Notebook({
      rendermime,
      contentFactory,
      mimeTypeService: mimeTypes,
      editorConfig: editorConfiguration,
      notebookConfig: {
        ...StaticNotebook.defaultNotebookConfig,
        scrollPastEnd: false,
        windowingMode: "none",
        disableDocumentWideUndoRedo: true,
        maxNumberOutputs: 200,
      },
    }),
  });
  panel.toolbar.hide();
  const saver = new Saver(context.model, manager.contents, chapter.path, context.contentsModel?.last_modified ?? "");
  return { panel, kernel, saver };
}

function attach(panel: NotebookPanel, lesson: HTMLElement): void {
  Widget.attach(panel, lesson);
  new ResizeObserver(() => {
    MessageLoop.sendMessage(panel, Widget.ResizeMessage.UnknownSize);
  }).observe(lesson);
}

function finish(panel: NotebookPanel, act: Commands): void {
  cellTools(panel, act);
  timeCells(panel);
  // JupyterLab's own listener, which came first, shows the editor of a text; the cursor shall be in it.
  panel.content.node.addEventListener("dblclick", () => {
    const { activeCell } = panel.content;
    if (activeCell instanceof MarkdownCell && !activeCell.rendered) panel.content.mode = "edit";
  });
  panel.content.activeCellIndex = 0;
  panel.content.mode = "command";
}

async function restart(kernel: ChapterKernel): Promise<void> {
  const agreed =
    kernel.connection === undefined ||
    (await ask({
      title: "Start a fresh kernel?",
      text: "Everything the cells have computed is forgotten. What is written on the page stays.",
      accept: "Restart",
    }));
  if (agreed) await kernel.restart();
}

async function confirmReset(chapter: Chapter, api: CourseApi, saver: Saver): Promise<void> {
  const agreed = await ask({
    title: "Take the chapter as the course has it?",
    text: "Your copy, with all you changed, is put aside in the folder work/discarded.",
    accept: "Reset",
  });
  if (!agreed) return;
  if (saver.state !== "saved") await saver.save();
  await saver.close();
  await reset(chapter, api);
}

/** Puts the reader's copy aside, if he has one, and loads the page anew. */
async function reset(chapter: Chapter, api: CourseApi): Promise<void> {
  const { hasCopy } = await find(chapter.slug, api);
  if (hasCopy) sessionStorage.setItem(resetNote, (await api.reset(chapter.slug)).discarded);
  location.reload();
}

function tellVersions(chapter: Chapter, api: CourseApi, saver: Saver, notices: Notices): void {
  const discarded = sessionStorage.getItem(resetNote);
  if (discarded !== null) {
    sessionStorage.removeItem(resetNote);
    notices.show({
      name: "reset",
      tone: "neutral",
      text: `This is the course's version. Your copy is kept as ${discarded}.`,
    });
  }
  if (!chapter.newer) return;
  notices.show({
    name: "newer",
    tone: "neutral",
    text: "The course has a newer version of this chapter. This is your copy.",
    closable: false,
    remedies: [
      { label: "Take the new version", act: () => void confirmReset(chapter, api, saver) },
      {
        label: "Keep my copy",
        act: () => {
          notices.hide("newer");
        },
      },
    ],
  });
}
