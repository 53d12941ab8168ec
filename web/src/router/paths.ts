// Addresses of the pages, in Danish: path to route and back. Pure.

export type Route =
  | { name: "home" }
  | { name: "forum"; forum: string }
  | { name: "forumTrail"; forum: string }
  | { name: "access"; forum: string }
  | { name: "forumSettings"; forum: string }
  | { name: "retention"; forum: string }
  | { name: "meeting"; meeting: string }
  | { name: "meetingHistory"; meeting: string }
  | { name: "meetingTrail"; meeting: string }
  | { name: "replay"; meeting: string }
  | { name: "reading"; meeting: string }
  | { name: "decisions"; meeting: string }
  | { name: "item"; meeting: string; item: string }
  | { name: "history"; meeting: string; item: string }
  | { name: "verify" }
  | { name: "unknown" };

/** Reads the path of an address; anything that is not a page of ours is `unknown`. */
export function parsePath(path: string): Route {
  const parts = decodedParts(path);
  if (parts === undefined) return { name: "unknown" };
  const [kind, id, sub, item, view, ...rest] = parts;
  if (kind === undefined) return { name: "home" };
  if (kind === "verificer" && id === undefined) return { name: "verify" };
  if (id === undefined || rest.length > 0) return { name: "unknown" };
  if (kind === "forum" && sub === undefined) return { name: "forum", forum: id };
  if (kind === "forum" && sub === "revisionsspor" && item === undefined) return { name: "forumTrail", forum: id };
  if (kind === "forum" && sub === "adgangslog" && item === undefined) return { name: "access", forum: id };
  if (kind === "forum" && sub === "indstillinger" && item === undefined) return { name: "forumSettings", forum: id };
  if (kind === "forum" && sub === "sletteplan" && item === undefined) return { name: "retention", forum: id };
  if (kind !== "moede") return { name: "unknown" };
  if (sub === undefined) return { name: "meeting", meeting: id };
  if (sub === "historik" && item === undefined) return { name: "meetingHistory", meeting: id };
  if (sub === "revisionsspor" && item === undefined) return { name: "meetingTrail", meeting: id };
  if (sub === "afspil" && item === undefined) return { name: "replay", meeting: id };
  if (sub === "laes" && item === undefined) return { name: "reading", meeting: id };
  if (sub === "beslutninger" && item === undefined) return { name: "decisions", meeting: id };
  if (sub !== "punkt" || item === undefined) return { name: "unknown" };
  if (view === undefined) return { name: "item", meeting: id, item };
  if (view === "historik") return { name: "history", meeting: id, item };
  return { name: "unknown" };
}

function decodedParts(path: string): string[] | undefined {
  try {
    return path.split("/").filter((part) => part !== "").map(decodeURIComponent);
  } catch {
    // A stray "%" in the address.
    return undefined;
  }
}

export const homePath = () => "/";
export const verifyPath = () => "/verificer";
export const forumPath = (forum: string) => `/forum/${encodeURIComponent(forum)}`;
export const forumTrailPath = (forum: string) => `${forumPath(forum)}/revisionsspor`;
export const accessPath = (forum: string) => `${forumPath(forum)}/adgangslog`;
export const meetingPath = (meeting: string) => `/moede/${encodeURIComponent(meeting)}`;
export const meetingHistoryPath = (meeting: string) => `${meetingPath(meeting)}/historik`;
export const meetingTrailPath = (meeting: string) => `${meetingPath(meeting)}/revisionsspor`;
export const forumSettingsPath = (forum: string) => `${forumPath(forum)}/indstillinger`;
export const retentionPath = (forum: string) => `${forumPath(forum)}/sletteplan`;
export const replayPath = (meeting: string) => `${meetingPath(meeting)}/afspil`;
export const readingPath = (meeting: string) => `${meetingPath(meeting)}/laes`;
export const decisionsPath = (meeting: string) => `${meetingPath(meeting)}/beslutninger`;
export const itemPath = (meeting: string, item: string) =>
  `${meetingPath(meeting)}/punkt/${encodeURIComponent(item)}`;
export const historyPath = (meeting: string, item: string) => `${itemPath(meeting, item)}/historik`;

/** The address of a route; `unknown` has none and gives the home page's. */
export function pathOf(route: Route): string {
  switch (route.name) {
    case "home":
    case "unknown":
      return homePath();
    case "verify":
      return verifyPath();
    case "forum":
      return forumPath(route.forum);
    case "forumTrail":
      return forumTrailPath(route.forum);
    case "access":
      return accessPath(route.forum);
    case "forumSettings":
      return forumSettingsPath(route.forum);
    case "retention":
      return retentionPath(route.forum);
    case "meeting":
      return meetingPath(route.meeting);
    case "meetingHistory":
      return meetingHistoryPath(route.meeting);
    case "meetingTrail":
      return meetingTrailPath(route.meeting);
    case "replay":
      return replayPath(route.meeting);
    case "reading":
      return readingPath(route.meeting);
    case "decisions":
      return decisionsPath(route.meeting);
    case "item":
      return itemPath(route.meeting, route.item);
    case "history":
      return historyPath(route.meeting, route.item);
  }
}
