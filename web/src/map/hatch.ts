// Hatches for fills: a tile of diagonal lines, drawn here so that no sprite has to be fetched.
// The name of the image says all: "hatch:#b3261e", or "hatch:#b3261e:cross".

export interface HatchImage {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

const size = 16;

/** The image of a hatch name; null when the name is not one of a hatch. */
export function hatch(name: string): HatchImage | null {
  const m = /^hatch[:-]#?([0-9a-fA-F]{6})(?:[:-](cross|back|forward))?$/.exec(name);
  if (!m?.[1]) return null;
  const value = Number.parseInt(m[1], 16);
  const kind = m[2] ?? "forward";
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const alpha = coverage(kind, x, y);
      data.set([value >> 16, (value >> 8) & 255, value & 255, Math.round(255 * alpha)], (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

/** How much of a pixel the lines cover: lines at 45°, once per tile, so that neighbours join. */
function coverage(kind: string, x: number, y: number): number {
  const forward = kind === "back" ? 0 : stroke((x + y + 1) % size);
  const back = kind === "forward" ? 0 : stroke((x - y + size) % size);
  return Math.max(forward, back);
}

function stroke(distance: number): number {
  const d = Math.min(distance, size - distance);
  return Math.max(0, Math.min(1, 1.75 - d * 0.75));
}
