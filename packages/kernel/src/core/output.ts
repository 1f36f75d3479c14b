import { startTimer, stopTimer } from "./clock";

/** Longest text that waits for more, in UTF-16 units, and longest wait, in milliseconds. */
const limits = { length: 65_536, milliseconds: 20 };

/** Collects what a cell prints into few messages. */
export class Output {
  private name: "stdout" | "stderr" = "stdout";
  private pieces: string[] = [];
  private length = 0;
  private since = 0;
  private timer: ReturnType<typeof startTimer> | undefined;

  constructor(private readonly publish: (name: "stdout" | "stderr", text: string) => void) {}

  /** Adds text; it goes out after 20 ms or 64 KiB, at a change of stream, or at the next flush. */
  write(name: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    if (name !== this.name) this.flush();
    this.name = name;
    if (this.pieces.length === 0) this.since = Date.now();
    this.pieces.push(text);
    this.length += text.length;
    if (this.length >= limits.length || Date.now() - this.since > limits.milliseconds) this.flush();
    else this.timer ??= startTimer(() => this.flush(), limits.milliseconds);
  }

  /** Sends what waits. Whatever else a cell sends must come after this. */
  flush(): void {
    stopTimer(this.timer);
    this.timer = undefined;
    if (this.pieces.length === 0) return;
    const text = this.pieces.join("");
    this.pieces = [];
    this.length = 0;
    this.publish(this.name, text);
  }
}
