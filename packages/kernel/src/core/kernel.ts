import { startTimer } from "./clock";
import type { Compiled, Compiler } from "./compiler";
import { declaredValues } from "./declarations";
import {
  hostSymbol,
  tslabModule,
  type DisplayOptions,
  type Guard,
  type KernelHost,
  type MimeBundle,
  type Outcome,
} from "./display";
import { compilerFailure, interruption, runtimeFailure, type Failure } from "./failure";
import { History } from "./history";
import { createMessage, type Channel, type Message, type Sender } from "./messages";
import { Output } from "./output";
import type { Platform } from "./platform";
import { answer } from "./requests";
import { CellFailure, Run, type CellScope } from "./run";
import { Session } from "./session";

/** How long requests that were sent together with a failing one may take to arrive, in milliseconds. */
const abortWindow = 20;

/** Jupyter messages in, Jupyter messages out: the kernel without sockets, files or threads. */
export class KernelCore {
  private readonly session: Session;
  private readonly history = new History();
  private readonly sender: Sender;
  private readonly queue: Message[] = [];
  private readonly guards: Guard[] = [];
  private declarations = "";
  private count = 0;
  private serial = 0;
  private current: Run | undefined;
  /** The run that gets what is printed or shown: the running one, the last one, or that of a late callback. */
  private reader: Run | undefined;
  private paused = false;

  /** @param info - content of the kernel_info_reply */
  constructor(
    private readonly platform: Platform,
    private readonly compiler: Compiler,
    private readonly info: Record<string, unknown>,
    versions: Readonly<Record<string, string>>,
  ) {
    this.sender = { session: platform.id(), username: "kernel", id: () => platform.id() };
    const show = this.display.bind(this);
    this.session = new Session(platform, { tslab: tslabModule(show, () => platform.id(), versions) });
    const host: KernelHost = {
      display: show,
      stopRequested: () => this.current !== undefined && platform.stopRequested(this.current.serial),
      guard: (begin) => {
        this.guards.push(begin);
        if (this.current !== undefined) this.begin(begin, this.current);
      },
    };
    Object.defineProperty(globalThis, hostSymbol, { value: host, configurable: true });
  }

  /** Takes a message of a front end. Execute requests wait for each other; all else is answered at once. */
  handle(message: Message): void {
    if (message.header.msg_type === "execute_request") {
      this.queue.push(message);
      this.next();
      return;
    }
    this.status(message, "busy");
    const content = this.platform.protect(() =>
      answer(message, {
        compiler: this.compiler,
        history: this.history,
        info: this.info,
        declarations: this.declarations,
      }),
    );
    if (content !== undefined) {
      this.publish(message, message.channel, message.header.msg_type.replace(/_request$/, "_reply"), content);
    }
    if (message.header.msg_type === "comm_open") {
      this.publish(message, "iopub", "comm_close", { comm_id: message.content.comm_id, data: {} });
    }
    this.status(message, "idle");
  }

  /** Answers for the cell that was stopped from outside, if it still runs, and goes on with a clean state. */
  kill(serial: number): void {
    const run = this.current;
    if (run?.serial !== serial) return;
    run.dead = true;
    for (const end of run.leftovers) end();
    run.leftovers.clear();
    this.finish(run, "killed", interruption());
  }

  /** The cell whose code runs right now. */
  scope(): CellScope | undefined {
    return this.reader;
  }

  /** Runs a late callback of a cell: what it prints goes to that cell. */
  within(scope: CellScope, work: () => void): void {
    const before = this.reader;
    this.reader = scope as Run;
    try {
      work();
    } finally {
      this.reader = this.current ?? before;
    }
  }

  /** Prints for the running cell, or the last one. */
  write(name: "stdout" | "stderr", text: string): void {
    if (this.reader?.dead === false) this.reader.output.write(name, text);
  }

  /** Tells about a thrown value that no cell caught. */
  report(title: string, thrown: unknown): void {
    this.write("stderr", `${title}: ${this.failure(thrown).traceback.join("\n")}\n`);
  }

  private display(data: MimeBundle, options: DisplayOptions = {}): void {
    const run = this.reader;
    if (run === undefined || run.dead) return;
    run.output.flush();
    this.publish(run.request, "iopub", options.update === true ? "update_display_data" : "display_data", {
      data,
      metadata: options.metadata ?? {},
      transient: options.displayId === undefined ? {} : { display_id: options.displayId },
    });
  }

  private next(): void {
    if (this.current !== undefined || this.paused) return;
    const request = this.queue.shift();
    if (request === undefined) return;
    const run = this.prepare(request);
    this.current = this.reader = run;
    this.platform.running(run.serial);
    this.status(request, "busy");
    if (!run.silent) {
      this.publish(request, "iopub", "execute_input", { code: run.code, execution_count: run.count });
    }
    this.perform(run).then(
      (expressions) => {
        this.finish(run, "completed", undefined, expressions);
      },
      (error: unknown) => {
        this.finish(run, "failed", this.failure(error));
      },
    );
  }

  private prepare(request: Message): Run {
    const output = new Output(
      (name, text) => {
        this.publish(request, "iopub", "stream", { name, text });
      },
      () => this.platform.congested(),
    );
    const run = new Run(request, ++this.serial, this.count, output);
    this.count = run.count;
    return run;
  }

  /** Runs the cell up to its end; returns the user expressions. */
  private async perform(run: Run): Promise<Record<string, unknown>> {
    if (this.compiler.moduleName(run.code) !== undefined) {
      const problems = this.platform.protect(() => this.compiler.addModule(run.code));
      if (problems.length > 0) {
        this.write("stderr", `${compilerFailure(problems, run.code, run.name).traceback.join("\n")}\n`);
      }
      return {};
    }
    const compiled = this.compile(run, run.code);
    if (this.platform.stopRequested(run.serial)) throw new CellFailure(interruption());
    for (const guard of this.guards) this.begin(guard, run);
    run.compiled = compiled;
    const value = await this.evaluate(run, run.code, compiled);
    run.compiled = undefined;
    this.declarations = compiled.declarations;
    if (value !== undefined && !run.silent) {
      run.output.flush();
      run.result = this.platform.inspect(value);
      this.publish(run.request, "iopub", "execute_result", {
        execution_count: run.count,
        data: { "text/plain": run.result },
        metadata: {},
      });
    }
    return this.userExpressions(run);
  }

  private compile(run: Run, code: string): Compiled {
    const compiled = this.platform.protect(() => this.compiler.compile(this.declarations, code));
    if (compiled.problems.length > 0) throw new CellFailure(compilerFailure(compiled.problems, code, run.name));
    return compiled;
  }

  private async evaluate(run: Run, source: string, compiled: Compiled): Promise<unknown> {
    const cell = { serial: run.serial, name: run.name, source, compiled, dead: () => run.dead };
    const ended = this.session.run(cell);
    if (compiled.awaits) await ended;
    return this.session.takeLast(compiled);
  }

  private async userExpressions(run: Run): Promise<Record<string, unknown>> {
    const asked = (run.request.content.user_expressions ?? {}) as Record<string, string>;
    const values: Record<string, unknown> = {};
    for (const [name, code] of Object.entries(asked)) {
      try {
        const value = await this.evaluate(run, code, this.compile(run, code));
        values[name] = { status: "ok", data: { "text/plain": this.platform.inspect(value) }, metadata: {} };
      } catch (error) {
        values[name] = { status: "error", ...this.failure(error) };
      }
    }
    return values;
  }

  private failure(error: unknown): Failure {
    if (error instanceof CellFailure) return error.failure;
    return runtimeFailure(error, this.session.scripts, this.platform);
  }

  private begin(guard: Guard, run: Run): void {
    try {
      run.ends.push(guard());
    } catch (error) {
      this.report("A guard failed", error);
    }
  }

  private finish(run: Run, outcome: Outcome, failure?: Failure, expressions: Record<string, unknown> = {}): void {
    if (run !== this.current) return; // killed before: it has its answer
    const stopped = this.platform.stopRequested(run.serial);
    this.platform.running(0);
    this.current = undefined;
    for (const end of run.ends) {
      try {
        end(outcome);
      } catch (error) {
        this.report("A guard failed", error);
      }
    }
    if (run.compiled !== undefined) this.keep(run.compiled, outcome);
    run.output.flush();
    if (run.stored) this.history.add(run.count, run.code, run.result);
    if (failure !== undefined) this.publish(run.request, "iopub", "error", failure);
    const reply = {
      status: failure === undefined ? "ok" : "error",
      execution_count: run.count,
      ...failure,
      payload: [],
      user_expressions: expressions,
    };
    const stops = stopped || (failure !== undefined && run.request.content.stop_on_error !== false);
    if (!stops) {
      this.reply(run.request, reply);
      this.next();
      return;
    }
    // What was sent before the reader could know of the failure is not run; what comes after the reply is.
    this.paused = true;
    startTimer(() => {
      const aborted = this.queue.splice(0);
      this.reply(run.request, reply);
      for (const request of aborted) {
        this.status(request, "busy");
        this.reply(request, { status: "aborted", execution_count: this.count, payload: [], user_expressions: {} });
      }
      this.paused = false;
      this.next();
    }, abortWindow);
  }

  /** After a cell that ended before its end: what it has set stays, all else is as before. */
  private keep(compiled: Compiled, outcome: Outcome): void {
    this.session.takeLast(compiled);
    const declared = declaredValues(compiled.javascript);
    if (compiled.last !== undefined) declared.delete(compiled.last);
    const lost = this.session.putBack(declared, outcome === "killed");
    const declarations = this.platform.protect(() =>
      this.compiler.declarationsWithout(lost, compiled, this.declarations),
    );
    if (declarations === undefined) this.session.putBackAll(declared);
    else this.declarations = declarations;
  }

  private reply(request: Message, content: Record<string, unknown>): void {
    this.publish(request, "shell", "execute_reply", content);
    this.status(request, "idle");
  }

  private status(parent: Message, state: "busy" | "idle"): void {
    this.publish(parent, "iopub", "status", { execution_state: state });
  }

  private publish(parent: Message, channel: Channel, type: string, content: Record<string, unknown>): void {
    this.platform.send(createMessage(this.sender, channel, type, content, parent.header));
  }
}
