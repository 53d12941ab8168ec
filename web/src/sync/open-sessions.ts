// The documents that are open in this page: until they are closed they may still write to the disk.

const open = new Set<Promise<void>>();

/** Counts as open until `closed` resolves. */
export function whileOpen(closed: Promise<void>): void {
  open.add(closed);
  void closed.then(() => open.delete(closed));
}

/** Resolves when everything that is open now has been closed. */
export async function allClosed(): Promise<void> {
  await Promise.all(open);
}
