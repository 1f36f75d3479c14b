import type { Compiled } from "./compiler";
import type { Outcome } from "./display";
import type { Failure } from "./failure";
import type { Message } from "./messages";
import type { Output } from "./output";

/** A cell that runs or ran, as far as code outside of the core must know it. */
export interface CellScope {
  /** True once the cell was killed. */
  readonly dead: boolean;
  /** Called when the cell is killed: end what it left behind. */
  readonly leftovers: Set<() => void>;
}

/** An execute request on its way from queue to reply. */
export class Run implements CellScope {
  dead = false;
  readonly leftovers = new Set<() => void>();
  /** What the guards want called after the cell. */
  readonly ends: ((outcome: Outcome) => void)[] = [];
  /** The compiled cell while its code runs. */
  compiled: Compiled | undefined;
  /** Text of the last expression. */
  result: string | null = null;
  readonly silent: boolean;
  /** Counted, and kept in the history. */
  readonly stored: boolean;
  readonly code: string;

  /**
   * @param serial - number that no other request has
   * @param countBefore - execution count before this request
   */
  constructor(
    readonly request: Message,
    readonly serial: number,
    private readonly countBefore: number,
    readonly output: Output,
  ) {
    this.silent = request.content.silent === true;
    this.stored = !this.silent && request.content.store_history !== false;
    this.code = String(request.content.code ?? "");
  }

  /** Execution count of this request. */
  get count(): number {
    return this.countBefore + (this.stored ? 1 : 0);
  }

  /** Name of the cell in stack frames. */
  get name(): string {
    return `cell ${this.count}`;
  }
}

/** A failure that is told already in the reader's terms. */
export class CellFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.evalue);
  }
}
