// How long the page's own script runs for each key: from Chromium's trace of the main thread.
import type { CDPSession, Page } from "@playwright/test";

type TraceEvent = { name: string; ph: string; ts: number; dur?: number; pid: number; tid: number; args?: { data?: { type?: string } } };

/** Events of the timeline in which script runs. Nested ones are counted once. */
const SCRIPT = new Set(["FunctionCall", "RunMicrotasks"]);

/** What comes once a frame's script, style and layout are done. */
const FRAME = "Paint";

/** Milliseconds of script per key: until the frame that shows it, and until the next key. */
export type KeyCost = { toScreen: number[]; inAll: number[] };

/** The cost of each turn that `act` begins. `event` is what begins one: `keydown`, or `paste`. */
export async function scriptPerKey(page: Page, event: "keydown" | "paste", act: () => Promise<void>): Promise<KeyCost> {
  const session = await page.context().newCDPSession(page);
  const events = await traced(session, act);
  await session.detach();
  const starts = events.filter(({ name, args }) => name === "EventDispatch" && args?.data?.type === event);
  const main = starts[0];
  if (!main) throw new Error(`no ${event} was seen in the trace`);
  const script = events.filter(({ name, ph, pid, tid }) => SCRIPT.has(name) && ph === "X" && pid === main.pid && tid === main.tid);
  const frames = events.filter(({ name, pid, tid }) => name === FRAME && pid === main.pid && tid === main.tid);
  const ends = starts.map((_, index) => starts[index + 1]?.ts ?? Infinity);
  const shown = starts.map(({ ts }, index) => frames.find((frame) => frame.ts > ts)?.ts ?? ends[index]!);
  const cost = (until: readonly number[]) => starts.map(({ ts }, index) => sumWithin(script, ts, until[index]!) / 1000);
  return { toScreen: cost(shown), inAll: cost(ends) };
}

async function traced(session: CDPSession, act: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline"] } });
  await act();
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.end");
  await complete;
  return events.sort((a, b) => a.ts - b.ts);
}

/** Microseconds that the outermost of these events take between two times. */
function sumWithin(events: readonly TraceEvent[], from: number, to: number): number {
  let total = 0;
  let covered = from;
  for (const { ts, dur = 0 } of events) {
    const [start, end] = [Math.max(ts, covered), ts + dur];
    if (ts < from || ts >= to || end <= start) continue;
    total += end - start;
    covered = end;
  }
  return total;
}

/** The value that this share of all stays under. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
