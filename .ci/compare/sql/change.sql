-- Change per region, by area and by matrix.
create function merged(wanted text, within text) returns geometry language sql as $$
  select case when within = '' then ST_Difference(u, (select ST_Union(plane) from feature where ref = 'region@2024.1'))
    else ST_Intersection(u, (select ST_Union(plane) from feature where ref = 'region@2024.1' and code = within)) end
  from (select ST_Union(plane) as u from feature where ref = wanted) x
$$;

create temp table by_region as
select r->>'code' as code, (r->>'beforeM2')::float8 as before, (r->>'afterM2')::float8 as after,
  (r->>'gainedM2')::float8 as gained, (r->>'lostM2')::float8 as lost, (r->>'unchangedM2')::float8 as unchanged,
  merged('redline@2024.1', r->>'code') as a, merged('redline@2025.1', r->>'code') as b
from changed c, jsonb_array_elements(c.json->'rows') r where c.json->>'before' = 'redline@2024.1';

create temp table region_figure as
select code, what, ours, ST_Area(g) as plane, geodesic(g), told(g)
from by_region, lateral (values
  ('before', before, a), ('after', after, b), ('gained', gained, ST_Difference(b, a)), ('lost', lost, ST_Difference(a, b)),
  ('unchanged', unchanged, ST_Intersection(a, b))) v(what, ours, g);

create temp table cell as
select b.class as before, a.class as after, sum(ST_Area(i.g)) as plane, sum(geodesic(i.g)) as geodesic
from feature b join feature a on a.ref = 'landuse@2025.1' and ST_Intersects(a.plane, b.plane),
  lateral (select ST_CollectionExtract(ST_Intersection(b.plane, a.plane), 3) as g) i
where b.ref = 'landuse@2024.1' group by 1, 2;

create temp table our_cell as
select c.json->'classes'->(i - 1)::int->>'code' as before, c.json->'classes'->(j - 1)::int->>'code' as after, value::text::float8 as ours
from changed c, jsonb_array_elements(c.json->'matrixM2') with ordinality r(line, i),
  jsonb_array_elements(r.line) with ordinality v(value, j)
where c.json->>'before' = 'landuse@2024.1';

create temp table matrix as
select before, after, coalesce(ours, 0) as ours, coalesce(plane, 0) as plane, coalesce(geodesic, 0) as geodesic
from our_cell full join cell using (before, after);

insert into line (what, compared, worst, tolerance, unit)
select 'redline change per region, legal plane', count(*), max(abs(ours - plane)), 1, 'm²' from region_figure
union all
select 'redline change per region, geodesic, told where the edges run', count(*), max(abs(ours - told)), 10, 'm²' from region_figure
union all
select 'redline change per region, geodesic', count(*), max(abs(ours / nullif(geodesic, 0) - 1)), 1e-4, 'relative' from region_figure
union all
select 'land-use matrix, legal plane', count(*), max(abs(ours - plane)), 1, 'm²' from matrix
union all
select 'land-use matrix, geodesic', count(*), max(abs(ours / nullif(geodesic, 0) - 1)), 1e-4, 'relative' from matrix where ours > 1 or geodesic > 1
union all
select 'land-use matrix, cells above 1 m² in one engine only', count(*), count(*) filter (where (ours > 1) <> (plane > 1)), 0, 'cells' from matrix;

\echo
\echo 'Red line 2024 to 2025 per region: largest differences'
select code, what, ours, ours - plane as legal_plane, ours - told as told, ours - geodesic as geodesic,
  ours / nullif(geodesic, 0) - 1 as relative
from region_figure order by abs(ours - plane) desc limit 6;

\echo
\echo 'Land use 2024 to 2025: largest differences per cell of the matrix, and the total'
(select before, after, ours, ours - plane as legal_plane, ours - geodesic as geodesic, ours / nullif(geodesic, 0) - 1 as relative
from matrix order by abs(ours - plane) desc limit 6)
union all
select 'all', 'all', sum(ours), sum(ours) - sum(plane), sum(ours) - sum(geodesic), sum(ours) / sum(geodesic) - 1 from matrix;
