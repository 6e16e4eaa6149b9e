// Formats what the server measured. Nothing here adds, divides or rounds a figure that a report also prints: areas and
// rates arrive printed; see Printed in api.ts.

/** A count with thousands separators. */
export function count(n: number | undefined): string {
  return n === undefined ? "–" : n.toLocaleString("en-US");
}

/** Groups the integer digits of a number that the server printed: "609686.32" becomes "609,686.32". */
export function grouped(printed: string): string {
  const m = /^([-+−]?)(\d+)(\.\d+)?$/.exec(printed.trim());
  if (!m?.[2]) return printed;
  return `${(m[1] ?? "").replace("-", "−")}${m[2].replace(/\B(?=(\d{3})+$)/g, ",")}${m[3] ?? ""}`;
}

/** Degrees as degrees, minutes and seconds: 109.5 becomes 109°30′00.0″E. */
export function degrees(value: number, axis: "lon" | "lat"): string {
  const tenths = Math.round(Math.abs(value) * 36000);
  const d = Math.floor(tenths / 36000);
  const m = Math.floor((tenths % 36000) / 600);
  const s = (tenths % 600) / 10;
  const side = axis === "lon" ? (value < 0 ? "W" : "E") : value < 0 ? "S" : "N";
  return `${d}°${String(m).padStart(2, "0")}′${s.toFixed(1).padStart(4, "0")}″${side}`;
}

/** A size in bytes for people; limits only, never a measurement. */
export function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let i = 0;
  let v = n;
  while (v >= 1024 && i < units.length - 1) {
    v /= 1024;
    i++;
  }
  return `${Number.isInteger(v) || v >= 100 ? v.toFixed(0) : v.toFixed(1)} ${units[i]}`;
}

/** An instant in the reader's own time, to the minute: 2026-11-23 18:05. */
export function instant(iso: string | undefined): string {
  if (!iso) return "–";
  const t = new Date(iso);
  if (Number.isNaN(t.getTime()) || t.getUTCFullYear() < 1900) return "–";
  const p = (n: number) => String(n).padStart(2, "0");
  return `${t.getFullYear()}-${p(t.getMonth() + 1)}-${p(t.getDate())} ${p(t.getHours())}:${p(t.getMinutes())}`;
}

/** Today as a date without a clock time. */
export function today(now: Date = new Date()): string {
  const p = (n: number) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${p(now.getMonth() + 1)}-${p(now.getDate())}`;
}
