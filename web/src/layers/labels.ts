// The names of the regions that are shown, and where to write them.
import { computed, ref, watch } from "vue";
import { features } from "../lib/api";
import { labelPlace } from "../lib/geometry";
import { layerOf } from "../lib/ref";
import { layerById, shared } from "../lib/state";

export interface Label {
  lon: number;
  lat: number;
  text: string;
}

/** More names than this would hide the map. */
const most = 200;

export function useRegionLabels() {
  const labels = ref<Label[]>([]);
  const known = new Map<string, Label[]>();
  const shown = computed(
    () => shared.stack.find((e) => e.visible && layerById(layerOf(e.ref))?.theme === "region")?.ref ?? "",
  );
  watch(
    shown,
    async (now) => {
      if (now !== "" && !known.has(now)) known.set(now, await load(now));
      if (now === shown.value) labels.value = known.get(now) ?? [];
    },
    { immediate: true },
  );
  return { labels };
}

async function load(regions: string): Promise<Label[]> {
  try {
    const page = await features(regions, most);
    return page.features.flatMap((f) => {
      const at = labelPlace(f.geometry);
      const text = f.roles.name;
      return at?.[0] !== undefined && at[1] !== undefined && text ? [{ lon: at[0], lat: at[1], text }] : [];
    });
  } catch {
    // A map without names still shows everything else, and the layer itself reports that it failed.
    return [];
  }
}
