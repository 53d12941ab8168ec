// Who may recommend, by role: the forum's titles in the form that stands before "indstiller". Pure.

import type { Member, Role } from "../api/types.ts";

const RECOMMENDING: readonly Role[] = ["director", "head_of_department"];
/** Someone who holds a post for the time being keeps that before the title. */
const FOR_NOW = /^(konst\.|konstitueret|fung\.|fungerende)\s/i;

/** "Afdelingschef for Plan" as "Afdelingschefen for Plan", "konst. chef" as "Den konst. chef". */
export function asSender(title: string): string {
  const trimmed = title.trim();
  if (FOR_NOW.test(trimmed)) return `Den ${trimmed[0]?.toLowerCase() ?? ""}${trimmed.slice(1)}`;
  const [, post = "", rest = ""] = /^([\p{L}-]+)(.*)$/su.exec(trimmed) ?? [];
  if (post === "") return trimmed;
  const definite = /(en|et)$/.test(post) ? post : post.endsWith("e") ? `${post}n` : `${post}en`;
  return `${definite[0]?.toUpperCase() ?? ""}${definite.slice(1)}${rest}`;
}

/** The senders to choose from, directors first, each once. Anything else can be written by hand. */
export function senders(members: readonly Pick<Member, "title" | "roles" | "active">[]): string[] {
  const rank = (roles: readonly Role[]) => Math.min(...roles.map((role) => RECOMMENDING.indexOf(role)).filter((at) => at >= 0));
  const recommending = members
    .filter(({ active, roles }) => active && roles.some((role) => RECOMMENDING.includes(role)))
    .sort((a, b) => rank(a.roles) - rank(b.roles));
  const titles = recommending.flatMap(({ title }) => title.split(" + ")).filter((title) => title.trim() !== "");
  return [...new Set(titles.map(asSender))];
}
