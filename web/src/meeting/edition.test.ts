// Where a meeting stands with its editions, and what they are called.
import { expect, it } from "vitest";
import type { MeetingView } from "../api/types.ts";
import { editionName, stageOf, stageText } from "./edition.ts";

type Work = MeetingView["work"];
const seen = (phase: MeetingView["phase"], work: Partial<Work>, published: Work["kind"][] = ["agenda"]) => ({
  phase,
  work: { kind: "minutes", corrects: null, correction_reason: null, items: [], ...work } as Work,
  publications: published.map((kind) => ({ kind })) as MeetingView["publications"],
});

it("names an edition by its kind and by whether it corrects one", () => {
  expect(editionName({ kind: "minutes", corrects: null })).toBe("Referat");
  expect(editionName({ kind: "minutes", corrects: 2 })).toBe("Rettet referat");
});

it("knows where the meeting stands", () => {
  expect(stageOf(seen("open", { kind: "agenda" }, []))).toBeUndefined();
  expect(stageOf(seen("published", {}))).toBeUndefined();
  expect(stageOf(seen("open", { kind: "supplement" }))).toBe("supplement.open");
  expect(stageOf(seen("frozen", { kind: "minutes" }))).toBe("minutes.frozen");
  expect(stageOf(seen("frozen", { kind: "agenda", corrects: 1 }))).toBe("correction.frozen");
  expect(stageOf(seen("published", {}, ["agenda", "minutes"]))).toBe("minutes.published");
});

it("says which edition is being corrected, and why", () => {
  const correcting = seen("open", { corrects: 2, correction_reason: "Forkert beløb" });
  expect(stageText(correcting)).toBe("Udgave 2 er ved at blive rettet: Forkert beløb");
});
