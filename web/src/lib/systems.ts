// The reference systems that an operator may declare; the server knows the rest (EPSG registry, 4490–4554).

export interface System {
  code: string;
  kind: "geographic" | "wgs84" | "mercator" | "gauss";
  /** Degrees of longitude a zone is wide. */
  width?: 3 | 6;
  zone?: number;
  meridian?: number;
  /** The easting begins with the zone's number. */
  prefixed?: boolean;
  /** CGCS2000 unless it says otherwise. */
  datum?: "xian80" | "beijing54";
}

function zones(width: 3 | 6, from: number, to: number, first: number, prefixed: boolean): System[] {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const zone = from + i;
    const meridian = width === 3 ? zone * 3 : zone * 6 - 3;
    return { code: `EPSG:${first + i}`, kind: "gauss", width, zone, meridian, prefixed };
  });
}

export function systems(): System[] {
  return [
    { code: "EPSG:4490", kind: "geographic" },
    ...zones(3, 25, 45, 4513, true),
    ...zones(3, 25, 45, 4534, false),
    ...zones(6, 13, 23, 4491, true),
    ...zones(6, 13, 23, 4502, false),
    { code: "EPSG:4326", kind: "wgs84" },
    { code: "EPSG:3857", kind: "mercator" },
  ];
}

/** Systems on an old datum, 3-degree zones: they can be read only with an operator's parameters. */
export function oldSystems(): System[] {
  const on = (datum: "xian80" | "beijing54", list: System[]) => list.map((s) => ({ ...s, datum }));
  return [
    ...on("xian80", [...zones(3, 25, 45, 2349, true), ...zones(3, 25, 45, 2370, false)]),
    ...on("beijing54", [...zones(3, 25, 45, 2401, true), ...zones(3, 25, 45, 2422, false)]),
  ];
}
