import { breathe, Interrupted } from "../../../lib/src/train/breathe";
import { fakeHost } from "../../support/fakeHost";

test("it lets a message in once a turn is 50 ms old, and returns at once before that", async () => {
  fakeHost();
  await breathe("start");
  let delivered = 0;
  const { port1, port2 } = new MessageChannel();
  port1.on("message", () => delivered++);
  port2.postMessage(null);
  await breathe("step 1");
  expect(delivered).toBe(0);
  const until = performance.now() + 55;
  while (performance.now() < until);
  await breathe("step 2");
  expect(delivered).toBe(1);
  port1.close();
});

test("a stop is obeyed at once, and says how far the loop was", async () => {
  fakeHost({ stopRequested: () => true });
  await expect(breathe("step 7 of 9")).rejects.toThrow(new Interrupted("stopped at step 7 of 9; variables are kept"));
  const error: unknown = await breathe("x").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Interrupted);
  expect(error).toHaveProperty("name", "Interrupted");
});
