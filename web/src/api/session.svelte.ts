// Who is signed in. Every call that is answered "not signed in" ends the session here.
import { me, signInAs, signOut } from "./client.ts";
import { Problem } from "./problem.ts";
import { onSignedOut } from "./request.ts";
import { forgetUser } from "../offline/answers.ts";
import { Resource } from "./resource.svelte.ts";
import { wishFocus } from "../router/router.svelte.ts";
import type { Me } from "./types.ts";

/** `null` = nobody is signed in. */
export const session = new Resource<Me | null>(async (signal) => {
  try {
    return await me(signal);
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 401) return nobody();
    throw thrown;
  }
});

function nobody(): null {
  forgetUser();
  return null;
}

onSignedOut(() => {
  // While the session is being read, the read itself says so.
  if (!session.loading) session.value = nobody();
});

export async function enterAs(user: string): Promise<void> {
  await signInAs(user);
  wishFocus();
  await session.reload();
}

export async function leave(): Promise<void> {
  await signOut();
  wishFocus();
  session.value = nobody();
}
