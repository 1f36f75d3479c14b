import { setTimeout as sleep } from "node:timers/promises";
import type { Kernel } from "@deepen/kernel";
import { startServer, type Setup, type Studio } from "../../../packages/studio/src/server/studio";
import { TestCourse } from "./support/course";
import { FakeKernel } from "./support/fakeKernel";
import { request } from "./support/request";

const course = new TestCourse();
let studio: Studio;
let fakes: FakeKernel[];

beforeEach(() => {
  fakes = [];
});
afterEach(async () => {
  await studio.close();
});
afterAll(() => {
  course.remove();
});

async function serve(setup: Partial<Setup> = {}): Promise<void> {
  const launch = (): Promise<Kernel> => {
    fakes.push(new FakeKernel());
    return Promise.resolve(fakes.at(-1)!);
  };
  studio = await startServer(
    { course: course.folder, port: 0, token: "secret" },
    { page: course.page, launch, ...setup },
  );
}

const post = (path: string, body: unknown = {}) => request(studio.port, path, { method: "POST", body });
const session = (path: string) =>
  post("/api/sessions", { path, type: "notebook", name: path, kernel: { name: "tslab" } });
interface SessionModel {
  readonly id: string;
  readonly path: string;
  readonly kernel: { readonly id: string };
}

test("at most so many kernels run; one more is refused with what to do, and has room once another ends", async () => {
  await serve({ limits: { kernels: 2 } });
  const [first] = [await post("/api/kernels"), await post("/api/kernels")];
  const third = await session("third.ipynb");
  expect([third.status, third.json().reason]).toEqual([409, "kernel-limit"]);
  expect(third.json().message).toMatch(/2 kernels are running.*Shut one down/);
  await request(studio.port, `/api/kernels/${first.json<{ id: string }>().id}`, { method: "DELETE" });
  expect((await session("third.ipynb")).status).toBe(201);
});

test("the limit is eight, and holds for kernels that start at the same time", async () => {
  await serve();
  const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await post("/api/kernels")).status));
  expect(statuses.filter((status) => status === 201)).toHaveLength(8);
  expect(statuses.filter((status) => status === 409)).toHaveLength(2);
});

test("a dead kernel takes no room, but needs it to be restarted", async () => {
  await serve({ limits: { kernels: 1 } });
  const { id } = (await post("/api/kernels")).json<{ id: string }>();
  fakes[0]!.die({ code: 1, signal: null });
  expect((await request(studio.port, "/api/kernels")).json()).toEqual([]);
  expect((await request(studio.port, `/api/kernels/${id}`)).json()).toMatchObject({ execution_state: "dead" });
  expect((await post("/api/kernels")).status).toBe(201);
  expect((await post(`/api/kernels/${id}/restart`)).json().reason).toBe("kernel-limit");
});

test("a kernel that does not start is an answer with its last words", async () => {
  await serve({ launch: () => Promise.reject(new Error("the kernel ended (exit code 1). It wrote last:\nboom")) });
  const reply = await post("/api/kernels");
  expect([reply.status, reply.json().reason]).toEqual([500, "kernel-start"]);
  expect(reply.json().message).toContain("boom");
});

test("another kernel's name is refused, as is a session without a path", async () => {
  await serve();
  expect((await post("/api/kernels", { name: "python3" })).json().message).toMatch(/"tslab" only, got "python3"/);
  expect((await post("/api/sessions", { path: "a.ipynb", kernel: { name: "python3" } })).status).toBe(400);
  expect((await post("/api/sessions", {})).status).toBe(400);
  expect(fakes).toEqual([]);
});

test("kernels without work and without a page end after a while", async () => {
  await serve({ limits: { idle: 50 } });
  await session("a.ipynb");
  for (let tries = 0; tries < 100 && fakes[0]!.calls.length === 0; tries++) await sleep(20);
  expect(fakes[0]!.calls).toEqual(["shutdown"]);
  expect((await request(studio.port, "/api/sessions")).json()).toEqual([]);
});

test("closing the server ends all kernels, one that is still starting too", async () => {
  let started: () => void = () => undefined;
  const slow = new FakeKernel();
  const launch = () => new Promise<Kernel>((resolve) => (started = () => resolve(slow)));
  await serve({ launch });
  const asked = post("/api/kernels").catch(() => undefined);
  await sleep(50);
  const closed = studio.close();
  started();
  await Promise.all([closed, asked]);
  expect(slow.calls).toEqual(["shutdown"]);
  await serve();
});

describe("sessions", () => {
  beforeEach(() => serve());

  test("of one path are one, also when asked for twice at once", async () => {
    const [one, two] = await Promise.all([session("a.ipynb"), session("a.ipynb")]);
    const three = await session("a.ipynb");
    expect(two.json<SessionModel>().id).toBe(one.json<SessionModel>().id);
    expect(three.json<SessionModel>().id).toBe(one.json<SessionModel>().id);
    expect(fakes).toHaveLength(1);
  });

  test("change path and name, and their kernel, whose predecessor ends", async () => {
    const { id, kernel } = (await session("temporary")).json<SessionModel>();
    const patch = (body: unknown) => request(studio.port, `/api/sessions/${id}`, { method: "PATCH", body });
    expect((await patch({ path: "a.ipynb" })).json()).toMatchObject({ path: "a.ipynb", kernel: { id: kernel.id } });
    const changed = (await patch({ kernel: { name: "tslab" } })).json<SessionModel>();
    expect(changed.kernel.id).not.toBe(kernel.id);
    expect(fakes.map(({ calls }) => calls)).toEqual([["shutdown"], []]);
  });

  test("end with their kernel, by their own id or the kernel's", async () => {
    const one = (await session("a.ipynb")).json<SessionModel>();
    const two = (await session("b.ipynb")).json<SessionModel>();
    expect((await request(studio.port, `/api/sessions/${one.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await request(studio.port, `/api/kernels/${two.kernel.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await request(studio.port, "/api/sessions")).json()).toEqual([]);
    expect((await request(studio.port, "/api/kernels")).json()).toEqual([]);
    expect(fakes.map(({ calls }) => calls)).toEqual([["shutdown"], ["shutdown"]]);
  });

  test("of a dead kernel are not listed, can be ended, given another kernel, or begun anew", async () => {
    const model = (await session("a.ipynb")).json<SessionModel>();
    fakes[0]!.die({ code: null, signal: "SIGKILL" });
    expect((await request(studio.port, "/api/sessions")).json()).toEqual([]);
    const given = await request(studio.port, `/api/sessions/${model.id}`, {
      method: "PATCH",
      body: { kernel: { name: "tslab" } },
    });
    expect(given.status).toBe(200);
    fakes[1]!.die({ code: null, signal: "SIGKILL" });
    expect((await session("a.ipynb")).json<SessionModel>().id).not.toBe(model.id);
    expect((await request(studio.port, "/api/sessions")).json<SessionModel[]>()).toHaveLength(1);
  });
});
