// Calls: what is retried, what an error becomes, and who hears that the session is over.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { changeMeeting, meeting } from "./client.ts";
import { Problem } from "./problem.ts";
import { onSignedOut, requestFile } from "./request.ts";

const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  fetched.mockReset();
});

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const idOf = (call: number) => (JSON.parse(String(fetched.mock.calls[call]?.[1]?.body)) as { id: string }).id;

/** Runs a call to its end, pauses included. */
async function settled<T>(call: Promise<T>): Promise<T | Problem> {
  const kept = call.catch((thrown: unknown) => thrown as Problem);
  await vi.runAllTimersAsync();
  return kept;
}

it("repeats a command once, with the same id, when the network fails", async () => {
  fetched.mockRejectedValueOnce(new TypeError("network")).mockResolvedValueOnce(answer(200, { position: 7 }));
  expect(await settled(changeMeeting("m", { type: "publish" }))).toEqual({ position: 7 });
  expect(idOf(0)).toMatch(/^[0-9a-f-]{36}$/);
  expect(idOf(1)).toBe(idOf(0));
});

it("gives up after the second failure and says that the server cannot be reached", async () => {
  fetched.mockRejectedValue(new TypeError("network"));
  expect(await settled(changeMeeting("m", { type: "publish" }))).toMatchObject({ reason: "unreachable" });
  expect(fetched).toHaveBeenCalledTimes(2);
});

it("does not repeat what the server refused, and shows its words", async () => {
  fetched.mockResolvedValue(answer(409, { title: "Frosset", detail: "Genåbn først." }));
  const problem = await settled(changeMeeting("m", { type: "publish" }));
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({ message: "Frosset", detail: "Genåbn først.", status: 409 });
  expect(fetched).toHaveBeenCalledTimes(1);
});

it("has words of its own for an answer that is no problem document", async () => {
  fetched.mockResolvedValue(new Response("<html>", { status: 502 }));
  expect(await settled(meeting("m"))).toMatchObject({ status: 502, message: "Noget gik galt" });
});

it("tells when nobody is signed in", async () => {
  const listener = vi.fn();
  const stop = onSignedOut(listener);
  fetched.mockResolvedValue(answer(401, {}));
  await settled(meeting("m"));
  stop();
  await settled(meeting("m"));
  expect(listener).toHaveBeenCalledTimes(1);
});

it("gives a file the name that the server gives it, or the last part of its address", async () => {
  const headers = { "content-disposition": "attachment; filename=\"dagsorden.pdf\"; filename*=UTF-8''Dagsorden%20%C3%86rlige.pdf" };
  fetched.mockResolvedValueOnce(new Response("%PDF", { headers })).mockResolvedValueOnce(new Response("{}"));
  const file = (await settled(requestFile("/dagsorden/m/1/dagsorden.pdf"))) as { content: Blob; name: string };
  expect([file.name, await file.content.text()]).toEqual(["Dagsorden Ærlige.pdf", "%PDF"]);
  expect(await settled(requestFile("/dagsorden/m/1/dagsorden.json"))).toMatchObject({ name: "dagsorden.json" });
});

it("tells why a file cannot be had", async () => {
  fetched.mockResolvedValueOnce(answer(422, { title: "Filen kan ikke laves", detail: "Del tabellen." }));
  expect(await settled(requestFile("/dagsorden/m/1/dagsorden.pdf"))).toMatchObject({ message: "Filen kan ikke laves", detail: "Del tabellen." });
});
