// Which links written by people may be followed. Pure.

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The link if it leads to the web, a mailbox or a telephone; anything else ("javascript:") is no link. */
export function safeLink(link: string | null | undefined): string | undefined {
  if (!link) return undefined;
  try {
    return SCHEMES.has(new URL(link).protocol) ? link : undefined;
  } catch {
    // Relative or broken: there is no page of ours that it could mean.
    return undefined;
  }
}
