// The last answers of the server that a page needs, kept on this computer by user: shown, and said
// to be old, when the net is away. Gone when the person signs out.

import { answersDatabase } from "../sync/databases.ts";
import { Disk } from "../sync/disk.ts";

/** What is kept: who one is, forums, meetings with their items, and what was refused. */
const KEPT = /^\/api\/(me|forums\/[^/?]+|meetings\/[^/?]+(\/refused)?)$/;
/** Who one is: the answer that names the user of all others. */
const ME = "/api/me";
/** Beyond this the oldest go. */
const MAX_ANSWERS = 200;
/** Where it says who was signed in here last, for when the server cannot be asked. */
export const SIGNED_IN = "dagsorden.user";

/** `at`: when it was the server's answer, in milliseconds since 1970. */
type Answer = { path: string; body: unknown; at: number };

const times = new WeakMap<object, number>();

/** When an answer that comes from this computer was the server's; null for a fresh one. */
export const keptSince = (answer: unknown): number | null =>
  (typeof answer === "object" && answer !== null && times.get(answer)) || null;

export const isKept = (path: string): boolean => KEPT.test(path);

let open: { user: string; disk: Disk } | undefined;

function diskOf(user: string): Disk {
  if (open?.user !== user) open = { user, disk: new Disk(answersDatabase(user), "answers") };
  return open.disk;
}

/** Keeps a fresh answer. A disk that is full or closed costs only the view without a net. */
export async function keepAnswer(path: string, body: unknown): Promise<void> {
  try {
    if (path === ME) localStorage.setItem(SIGNED_IN, (body as { user: string }).user);
    const user = localStorage.getItem(SIGNED_IN);
    if (user === null) return;
    const disk = diskOf(user);
    await disk.write((store) => store.put({ path, body, at: Date.now() } satisfies Answer, path));
    await dropOldest(disk);
  } catch (thrown) {
    console.warn("the answer cannot be shown later without a net", thrown);
  }
}

async function dropOldest(disk: Disk): Promise<void> {
  if ((await disk.read((store) => store.count())) <= MAX_ANSWERS) return;
  const answers = await disk.read<Answer[]>((store) => store.getAll());
  const oldest = answers.sort((a, b) => a.at - b.at).slice(0, answers.length - MAX_ANSWERS);
  for (const { path } of oldest) await disk.write((store) => store.delete(path));
}

/** The kept answer to this path, if somebody is signed in here and has seen it before. */
export async function keptAnswer(path: string): Promise<unknown> {
  try {
    const user = localStorage.getItem(SIGNED_IN);
    if (user === null) return undefined;
    const answer = await diskOf(user).read<Answer | undefined>((store) => store.get(path));
    if (answer && typeof answer.body === "object" && answer.body !== null) times.set(answer.body, answer.at);
    return answer?.body;
  } catch (thrown) {
    console.warn("what was kept for this page cannot be read", thrown);
    return undefined;
  }
}

/** Nobody is signed in here any more: nothing is shown to whoever comes next. */
export function forgetUser(): void {
  localStorage.removeItem(SIGNED_IN);
  open = undefined;
}
