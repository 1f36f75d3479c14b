import { courseApi } from "./api";
import { readConfiguration, requestedChapter } from "./config";
import { showIndex } from "./indexPage";
import { showFailure } from "./failure";
import { followLighting } from "./theme";

async function start(): Promise<void> {
  followLighting();
  const configuration = readConfiguration();
  const api = courseApi(configuration);
  const slug = requestedChapter(configuration);
  try {
    if (slug === undefined) {
      await showIndex(api, configuration);
    } else {
      const { showChapter } = await import("./chapterPage");
      await showChapter(slug, api, configuration);
    }
    document.documentElement.dataset.ready = "true";
  } catch (reason) {
    showFailure(reason, configuration);
  }
}

void start();
