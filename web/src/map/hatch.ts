// Patterns for fills, drawn here so that no sprite has to be fetched. The style names them "hatch-lines-redline": the
// pattern, and the theme whose line colour it takes.

export interface HatchImage {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** Pixels of a tile at twice the screen's density. */
const size = 20;

export function parseHatch(name: string): { pattern: string; theme: string } | null {
  const m = /^hatch-([a-z]+)-([a-z]+)$/.exec(name);
  return m?.[1] && m[2] ? { pattern: m[1], theme: m[2] } : null;
}

/** A tile of the pattern in a colour "#rrggbb"; a pattern that is not known here is drawn as lines. */
export function hatch(pattern: string, colour: string): HatchImage {
  const value = Number.parseInt(colour.slice(1), 16);
  const covers = pattern === "dots" ? dots : pattern === "cross" ? cross : lines;
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const alpha = Math.round(235 * covers(x, y));
      data.set([value >> 16, (value >> 8) & 255, value & 255, alpha], (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

/** How much of a pixel a line covers: at 45°, once per tile, so that neighbouring tiles join. */
function lines(x: number, y: number): number {
  return stroke((x + y + 1) % size);
}

function cross(x: number, y: number): number {
  return Math.max(lines(x, y), stroke((x - y + size) % size));
}

function stroke(distance: number): number {
  const d = Math.min(distance, size - distance) / Math.SQRT2;
  return Math.max(0, Math.min(1, 1.5 - d));
}

/** Two dots per tile, the second between four of the first. */
function dots(x: number, y: number): number {
  const near = (cx: number, cy: number) => Math.hypot(x + 0.5 - cx, y + 0.5 - cy);
  const d = Math.min(near(size / 4, size / 4), near((3 * size) / 4, (3 * size) / 4));
  return Math.max(0, Math.min(1, 2.3 - d));
}
