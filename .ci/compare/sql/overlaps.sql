-- Every overlap of a parcel with a constraint feature.
create temp table asked as
select file, row, degrees, ST_Transform(degrees, 990105) as plane
from (
  select file, row,
    ST_Multi(case when ST_SRID(geom) = 4490 then geom else ST_Transform(ST_Segmentize(geom, 70), 4490) end) as degrees
  from parcel) p;
create index on asked using gist (plane);

create temp table ref as select distinct a.json->>'file' as file, r as ref
from answer a, jsonb_array_elements_text(a.json->'answer'->'refs') r;

-- ours sums the findings, because one overlap may be judged in several.
create temp table ours as
select a.json->>'file' as file, (p->>'row')::bigint as row, f->>'ref' as ref, (f->>'feature')::bigint as fid,
  sum((f->>'areaM2')::float8) as area
from answer a, jsonb_array_elements(a.json->'answer'->'parcels') p, jsonb_array_elements(p->'findings') f
group by 1, 2, 3, 4;

-- Feature 0 is what lies outside the urban development boundary; greenshield does not say it where the layer's
-- coverage ends.
create temp table unknown as
select a.json->>'file' as file, (p->>'row')::bigint as row
from answer a, jsonb_array_elements(a.json->'answer'->'parcels') p, jsonb_array_elements(p->'gaps') g
where g->>'layer' = 'urban' and g->>'code' = 'check.coverage.outside';

create temp table theirs as
select p.file, p.row, f.ref, f.fid, ST_Intersection(p.plane, f.plane) as plane,
  ST_Area(ST_Intersection(p.degrees, f.geom)::geography) as asked_for
from asked p join ref r using (file) join feature f on f.ref = r.ref and ST_Intersects(p.plane, f.plane)
union all
select p.file, p.row, r.ref, 0, outside, ST_Area(ST_Transform(outside, 4490)::geography)
from asked p join ref r using (file), lateral (
  select coalesce(ST_Difference(p.plane, (
    select ST_Union(f.plane) from feature f where f.ref = r.ref and ST_Intersects(f.plane, p.plane))), p.plane) as outside) o
where r.ref like 'urban@%' and (p.file, p.row) not in (select file, row from unknown);

-- The edges of the features that are asked, to find the longest that meets a parcel.
create temp table edge as
select ref, fid, s.geom from feature join (select distinct ref from ref) r using (ref), ST_DumpSegments(plane) s;
create index on edge using gist (geom);
create temp table longest as
select t.file, t.row, t.ref, t.fid, greatest(
  (select max(ST_Length(s.geom)) from ST_DumpSegments(p.plane) s),
  (select max(ST_Length(e.geom)) from edge e where e.ref = t.ref and e.fid = t.fid and e.geom && p.plane)) as edge
from theirs t join asked p using (file, row);

create temp table both_engines as
select coalesce(t.file, o.file) as file, coalesce(t.row, o.row) as row, coalesce(t.ref, o.ref) as ref, coalesce(t.fid, o.fid) as fid,
  o.area as ours, ST_Area(t.plane) as plane, t.asked_for, told(t.plane), t.plane as outline,
  -- Less than 1 m² or 10 cm wide is touching, not overlapping (conflict.Options).
  ST_Area(t.plane) > 1 and 2 * ST_Area(t.plane) >= 0.1 * ST_Perimeter(t.plane) as counts
from theirs t full join ours o using (file, row, ref, fid);

create temp table one_only as
select file, row, ref, fid, ours, plane, case when ours is null then 'PostGIS' else 'greenshield' end as only_in
from both_engines where (ours is not null) <> coalesce(counts, false);

insert into line (what, compared, worst, tolerance, unit)
select 'overlaps that only one engine finds', count(*) filter (where counts or ours is not null), (select count(*) from one_only), 0, 'pairs'
from both_engines
union all
select 'overlap area, legal plane', count(*), max(abs(ours - plane)), 1e-3, 'm²' from both_engines where ours is not null and fid > 0
union all
select 'overlap area, legal plane', count(*), max(abs(ours / plane - 1)), 1e-6, 'relative' from both_engines where ours is not null and fid > 0
union all -- the union of the boundaries is snapped to the grid of 0.1 mm
select 'area outside the urban boundary, legal plane, per metre of its boundary', count(*), max(abs(ours - plane) / ST_Perimeter(outline)), 1e-4, 'm'
from both_engines where ours is not null and fid = 0
union all
select 'overlap area, geodesic, told where the edges run, per metre of boundary', count(*), max(abs(ours - told) / ST_Perimeter(outline)), 1e-5, 'm' from both_engines where ours is not null and fid > 0
union all
select 'overlap area, ST_Area(ST_Intersection(a,b)::geography)', count(*), max(abs(ours - asked_for)), 100, 'm²' from both_engines where ours is not null;

\echo
\echo 'Parcels and pairs'
select p.file, count(distinct p.row) as parcels, count(b.file) filter (where counts) as overlaps,
  count(b.file) filter (where not counts) as touching
from asked p left join both_engines b using (file, row) group by 1 order by 1;

\echo
\echo 'Overlaps that only one engine finds'
select * from one_only order by file, row, ref limit 20;

\echo
\echo 'Largest differences in the legal plane'
select file, row, ref, fid, ours, ours - plane as difference, ours / plane - 1 as relative
from both_engines where ours is not null order by abs(ours - plane) desc limit 5;

\echo
\echo 'Largest relative differences to ST_Area(ST_Intersection(a,b)::geography), and what is left when told where the edges run'
select file, row, ref, fid, ours, ours / asked_for - 1 as geography, ours / told - 1 as told
from both_engines where ours is not null order by abs(ours / asked_for - 1) desc limit 5;

-- An edge of length s that runs east has its geodesic up to s² tan B / 8R beside the line that is straight in the
-- legal plane, and so has an edge that is straight in latitude and longitude; the difference in area per metre of
-- boundary can be no more. 1e-5 m is for what is left of the widest strips.
create temp table strip as
select b.*, edge, abs(ours - asked_for) / ST_Perimeter(outline) as width,
  edge ^ 2 * tan(radians(24)) / (8 * 6371000) as sagitta
from both_engines b join longest using (file, row, ref, fid) where ours is not null and fid > 0;
insert into line (what, compared, worst, tolerance, unit)
select 'strip between straight and geodesic edges, beyond what it can be', count(*), max(width - sagitta), 1e-5, 'm' from strip;

\echo
\echo 'Straight in the legal plane against geodesic, by the longest edge that meets: relative difference, and the width of the strip between'
select case when edge < 100 then '< 100 m' when edge < 300 then '< 300 m' when edge < 1000 then '< 1 km' else 'longer' end as edge,
  count(*) as overlaps, percentile_cont(0.5) within group (order by abs(ours / asked_for - 1)) as median,
  percentile_cont(0.95) within group (order by abs(ours / asked_for - 1)) as of_95_percent, max(abs(ours / asked_for - 1)) as worst,
  sum(ours) / sum(asked_for) - 1 as of_sum, max(abs(ours - asked_for)) as worst_m2,
  1000 * max(width) as width_mm, 1000 * max(sagitta) as can_be_mm
from strip group by 1 order by min(edge);

-- The parcels' own areas. The official formula rounds latitude and longitude to a millionth of a second (0.03 mm).
create temp table parcel_area as
select file, row, p->>'areaMethod' as method, (p->>'areaM2')::float8 as ours, plane, ST_Area(plane) as legal_plane,
  ST_Area(degrees::geography) as geodesic
from asked join (
  select a.json->>'file' as file, (p->>'row')::bigint as row, p
  from answer a, jsonb_array_elements(a.json->'answer'->'parcels') p) x using (file, row);
insert into line (what, compared, worst, tolerance, unit)
select 'parcel area by ' || method || ', per metre of boundary', count(*), max(abs(ours - legal_plane) / ST_Perimeter(plane)), 3e-5, 'm'
from parcel_area group by method
union all
select 'parcel area by ' || method || ', geodesic', count(*), max(abs(ours / geodesic - 1)), 1e-5, 'relative'
from parcel_area group by method;

-- The outlines that greenshield draws, against the ones of GEOS: what is in one and not in the other, per metre of
-- boundary. The grid is 0.1 mm and the file has 9 decimals of a degree, 0.1 mm too.
create temp table shown as
select json->>'file' as file, (p->>'row')::bigint as row, p->>'ref' as ref, (p->>'feature')::bigint as fid,
  ST_SetSRID(ST_GeomFromGeoJSON(json->'geometry'), 4490) as geom
from piece, lateral (select json->'properties' as p) x;

create temp table drawn_outline as
select b.*, ST_Area(ST_SymDifference(b.outline, ST_MakeValid(ST_Transform(o.geom, 990105)))) / ST_Perimeter(b.outline) as width
from both_engines b join (
  select file, row, ref, fid, ST_Union(geom) as geom from shown group by 1, 2, 3, 4) o using (file, row, ref, fid)
where b.ours is not null;
insert into line (what, compared, worst, tolerance, unit)
select 'outline, area in one only per metre of boundary', count(*), max(width), 2e-4, 'm' from drawn_outline;
insert into line (what, compared, worst, tolerance, unit)
select 'outlines that are not valid', count(*), count(*) filter (where not ST_IsValid(geom)), 0, 'outlines' from shown;
