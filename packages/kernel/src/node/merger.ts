import { outputLimits } from "../core/output";
import type { Outgoing } from "./link";

/** Joins what one cell prints to one stream into few messages: those within 20 ms, up to 64 KiB. */
export class StreamMerger {
  private first: Outgoing | undefined;
  private name = "";
  private texts: string[] = [];
  private length = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (message: Outgoing) => void) {}

  /** Takes a message; everything leaves in the order in which it came. */
  push(message: Outgoing): void {
    if (message.messageType !== "stream") {
      this.flush();
      this.send(message);
      return;
    }
    const { name, text } = JSON.parse(message.parts[3]) as { name: string; text: string };
    if (this.first?.parent !== message.parent || this.name !== name) {
      this.flush();
      this.first = message;
      this.name = name;
      this.timer = setTimeout(() => {
        this.flush();
      }, outputLimits.milliseconds);
    }
    this.texts.push(text);
    this.length += text.length;
    if (this.length >= outputLimits.length) this.flush();
  }

  private flush(): void {
    clearTimeout(this.timer);
    const first = this.first;
    if (first === undefined) return;
    const content = JSON.stringify({ name: this.name, text: this.texts.join("") });
    this.first = undefined;
    this.texts = [];
    this.length = 0;
    this.send({ ...first, parts: [first.parts[0], first.parts[1], first.parts[2], content] });
  }
}
