// What the status line says of saving and connection, in words.

import { t } from "../i18n/index.ts";
import type { CloseReason } from "../sync/connection.ts";
import type { SessionState } from "../sync/session.ts";

/** `passing`: it will be over in a moment. */
export type StatusMessage = { text: string; tone: "good" | "passing" | "bad" };

const CLOSED = {
  forbidden: "editor.closedForbidden",
  missing: "editor.closedMissing",
  moved: "editor.moved",
  signed_out: "editor.closedSignedOut",
  left: "editor.connecting",
} as const satisfies Record<CloseReason, string>;

export function savedMessage(status: SessionState | undefined, canWrite: boolean): StatusMessage {
  if (!status) return { text: t("editor.connecting"), tone: "passing" };
  const { connection, saved } = status;
  if (connection.kind === "closed") return { text: t(CLOSED[connection.reason]), tone: "bad" };
  switch (saved.kind) {
    case "refused":
      return { text: t("editor.refusedState"), tone: "bad" };
    case "offline":
      return { text: offlineText(saved.waiting), tone: "bad" };
    case "saving":
      return {
        text: t(connection.kind === "online" && canWrite ? "editor.saving" : "editor.connecting"),
        tone: "passing",
      };
    case "saved":
      return { text: canWrite ? t("editor.saved") : "", tone: canWrite ? "good" : "passing" };
  }
}

const offlineText = (waiting: number): string =>
  waiting > 0 ? t("editor.offlineWaiting", { count: waiting }) : t("editor.offline");
