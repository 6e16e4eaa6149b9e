// How a verdict looks: a word, a shape and a colour. Red is for prohibitions only.
import type { Verdict } from "../lib/api";
import type { IconName } from "../ui/icons";
import type { Tone } from "../ui/UiBadge.vue";

export const looks: Record<Verdict, { tone: Tone; icon: IconName }> = {
  clear: { tone: "good", icon: "ok" },
  conditional: { tone: "note", icon: "condition" },
  "approval-required": { tone: "warn", icon: "approval" },
  prohibited: { tone: "bad", icon: "prohibited" },
  incomplete: { tone: "open", icon: "incomplete" },
};
