import type { ICodeCell } from "@jupyterlab/nbformat";
import { claimRemark, claimsIn, isRefuted } from "../../../packages/tools/src/claims";

const card = (kind: string, id: string, state: string, share?: number) => ({
  output_type: "display_data",
  data: {
    "application/vnd.deepen.card+json": { kind, id, title: `About ${id}`, state, tone: "good", body: "Measured: 1." },
  },
  metadata: share === undefined ? {} : { deepen: { claim: { id, share } } },
});
const cells = (...outputs: object[]): ICodeCell[] => [{ cell_type: "code", outputs } as unknown as ICodeCell];

test("claims are the judged cards of that kind, the last of each id; the table of all is none", () => {
  const found = claimsIn([
    ...cells(card("claim", "a", "not judged"), card("predict", "p", "measured"), { output_type: "stream", text: "x" }),
    ...cells(
      card("claim", "b", "holds", 0.4),
      card("claim", "a", "does not hold"),
      card("claim", "03", "1 of 2 claims hold"),
    ),
  ]);
  expect(found.map(({ id, state, share }) => [id, state, share])).toEqual([
    ["a", "does not hold", undefined],
    ["b", "holds", 0.4],
  ]);
  expect(found.filter(isRefuted).map(({ id }) => id)).toEqual(["a"]);
});

test.each([
  ["holds", 0.25, undefined],
  ["holds", 0.5, undefined],
  ["holds", undefined, undefined],
  ["holds", 0.2, "claim a holds, but its bound is 0.20 of the mean effect: expected 0.25 to 0.5"],
  ["holds", 0.9, "claim a holds, but its bound is 0.90 of the mean effect: expected 0.25 to 0.5"],
  ["not judged", 0.3, "claim a not judged: About a"],
])("a claim that %s with a bound of %p of its effect gets the remark %p", (state, share, remark) => {
  expect(claimsIn(cells(card("claim", "a", state, share))).map(claimRemark)).toEqual([remark]);
});
