import { startTimer, stopTimer } from "./clock";

/** Longest text that waits for more, in UTF-16 units, and longest wait, in milliseconds. */
export const outputLimits = { length: 65_536, milliseconds: 20 };

/** What a cell prints, on its way out: at once while the way is free, in few and large pieces where it is not. */
export class Output {
  private name: "stdout" | "stderr" = "stdout";
  private pieces: string[] = [];
  private length = 0;
  private timer: ReturnType<typeof startTimer> | undefined;

  /** @param congested - true while more messages wait to be sent than should */
  constructor(
    private readonly publish: (name: "stdout" | "stderr", text: string) => void,
    private readonly congested: () => boolean,
  ) {}

  /** Adds text; where the way out is not free it waits for more, at most 20 ms, until 64 KiB, a change of stream or a flush. */
  write(name: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    if (name !== this.name) this.flush();
    this.name = name;
    this.pieces.push(text);
    this.length += text.length;
    if (this.length >= outputLimits.length || !this.congested()) this.flush();
    else this.timer ??= startTimer(() => this.flush(), outputLimits.milliseconds);
  }

  /** Sends what waits. Whatever else a cell sends must come after this. */
  flush(): void {
    if (this.timer !== undefined) stopTimer(this.timer);
    this.timer = undefined;
    if (this.pieces.length === 0) return;
    const text = this.pieces.join("");
    this.pieces = [];
    this.length = 0;
    this.publish(this.name, text);
  }
}
