-- Legal area per feature of every polygon vintage.
do $$
declare v record;
begin
  for v in select * from vintage where area_m2 > 0 order by fid loop
    execute format(
      'insert into feature select %L, %L, fid, gs_roles::jsonb->>''class'', gs_roles::jsonb->>''code'', gs_area_m2, '
      'geom, ST_Transform(geom, 990105) from %I',
      v.layer || '@' || v.vintage || '.' || v.revision, v.layer, v.feature_table);
  end loop;
end $$;
create index on feature using gist (plane);
create index on feature using gist (geom);
analyze feature;

create temp table measured as
select ref, fid, ours, ST_Area(plane) as plane, geodesic(plane), told(plane), ST_Perimeter(plane) as boundary from feature;

insert into line (what, compared, worst, tolerance, unit)
select 'feature area, edges straight in the legal plane', count(*), max(abs(ours / plane - 1)), 1e-9, 'relative' from measured
union all
select 'feature area, geodesic, told where the edges run, per metre of boundary', count(*), max(abs(ours - told) / boundary), 1e-5, 'm' from measured
union all
select 'feature area, geodesic', count(*), max(abs(ours / geodesic - 1)), 1e-4, 'relative' from measured;

\echo
\echo 'Legal area per feature: largest relative difference per vintage'
select ref, count(*) as features, max(abs(ours / plane - 1)) as legal_plane, max(abs(ours / told - 1)) as told,
  max(abs(ours / geodesic - 1)) as geodesic, sum(ours) / sum(geodesic) - 1 as geodesic_of_sum
from measured group by ref order by ref;
