// How reference systems and readings are called on the screen.
import { useI18n } from "vue-i18n";
import type { Reading } from "../lib/api";
import { oldSystems, type System, systems } from "../lib/systems";

export function useWords() {
  const { t } = useI18n();
  const known = new Map([...systems(), ...oldSystems()].map((s) => [s.code, s]));

  function system(s: System): string {
    if (s.kind !== "gauss") return `${t(`system.${s.kind}`)} · ${s.code}`;
    const kind = t(s.prefixed ? "system.prefixed" : "system.plain");
    const { width, zone, meridian } = s;
    const datum = t(`datum.${s.datum ?? "cgcs2000"}`);
    return `${t("system.gauss", { datum, width, zone, meridian })} · ${kind} · ${s.code}`;
  }

  function reading(r: Reading): string {
    if (r.zones) return t("reading.zones", { width: r.zones });
    const s = known.get(r.system);
    return s ? system(s) : `${r.title} · ${r.system}`;
  }

  /** The zone alone, for a sentence about another. */
  function zone(r: Reading): string {
    const { width, zone } = known.get(r.system) ?? {};
    return width ? t("reading.zone", { width, zone }) : reading(r);
  }

  return { system, reading, zone };
}
