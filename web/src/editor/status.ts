// What the status line says of saving and connection, in words.

import { t } from "../i18n/index.ts";
import type { CloseReason } from "../sync/connection.ts";
import type { SessionState } from "../sync/session.ts";

/** `passing`: it will be over in a moment. */
export type StatusMessage = {
  text: string;
  tone: "good" | "passing" | "bad";
  /** The same for messages that differ only in a number. */
  about: string;
};

/**
 * What is read aloud: trouble when it begins, and that it is over. A status that speaks at each
 * keystroke would be noise. `before` is the last message that was not passing.
 */
export function spokenStatus(before: StatusMessage | undefined, now: StatusMessage): string | null {
  if (now.tone === "bad") return before?.tone === "bad" && before.about === now.about ? null : now.text;
  return now.tone === "good" && before?.tone === "bad" ? now.text : null;
}

const CLOSED = {
  forbidden: "editor.closedForbidden",
  missing: "editor.closedMissing",
  moved: "editor.moved",
  signed_out: "editor.closedSignedOut",
  left: "editor.connecting",
} as const satisfies Record<CloseReason, string>;

export function savedMessage(status: SessionState | undefined, canWrite: boolean): StatusMessage {
  if (!status) return { text: t("editor.connecting"), tone: "passing", about: "connecting" };
  const { connection, saved } = status;
  if (connection.kind === "closed") return { text: t(CLOSED[connection.reason]), tone: "bad", about: connection.reason };
  switch (saved.kind) {
    case "refused":
      return { text: t("editor.refusedState"), tone: "bad", about: saved.kind };
    case "offline":
      return { text: offlineText(saved.waiting), tone: "bad", about: saved.kind };
    case "saving":
      return {
        text: t(connection.kind === "online" && canWrite ? "editor.saving" : "editor.connecting"),
        tone: "passing",
        about: saved.kind,
      };
    case "saved":
      return { text: canWrite ? t("editor.saved") : "", tone: canWrite ? "good" : "passing", about: saved.kind };
  }
}

const offlineText = (waiting: number): string =>
  waiting > 0 ? t("editor.offlineWaiting", { count: waiting }) : t("editor.offline");
