import { host } from "../../../lib/src/host";
import { predict } from "../../../lib/src/lesson/predict";

test("a prediction before begin says which cell to run first", () => {
  expect(() => {
    predict("03.a", 1, { claim: "03.c" });
  }).toThrow('predict: no chapter has begun: run the cell with await lesson.begin("03-…", { seed }) first');
});

test("without a door there is no host, and the error says what to import", () => {
  expect(() => host()).toThrow('deepen has no host: in Node import "deepen"');
});
