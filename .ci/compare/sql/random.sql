-- 300 parcels, the same every time: stars about places in the city, 60 m to 3 km across, with 4 to 40 corners.
-- place    which                     where
-- 1–110    every 4th has a hole,     anywhere in the city
-- 111–230  every 5th two parts       on a boundary of a constraint feature
-- 231–270                            on 109.5° E, where zone 36 meets zone 37
-- 271–300  copies                    small constraint features themselves, sharing every edge
do $$ begin perform setseed(0.4490); end $$;

create temp table city as select ST_Union(geom) as geom from feature where ref = 'region@2024.1';
create temp table constraint_feature as
select * from feature where layer in ('redline', 'protected', 'farmland', 'urban', 'shoreline', 'river') order by ref, fid;

-- star is a ring about a centre; distances in metres, nearly.
create function star(x float8, y float8, size float8, corners int, noise float8[]) returns geometry language sql as $$
  select ST_MakeLine(array_agg(ST_Point(
    x + size * noise[i % corners + 1] * cos(2 * pi() * (i % corners) / corners) / (111320 * cos(radians(y))),
    y + size * noise[i % corners + 1] * sin(2 * pi() * (i % corners) / corners) / 111320) order by i))
  from generate_series(0, corners) i
$$;

create function shape(n int, x float8, y float8) returns geometry language plpgsql as $$
declare
  corners int := 4 + floor(random() * 37);
  size float8 := 30 * power(50, random());
  noise float8[];
  hole geometry;
  body geometry;
begin
  select array_agg(0.6 + 0.4 * random()) into noise from generate_series(1, corners);
  body := ST_MakePolygon(star(x, y, size, corners, noise));
  if n % 4 = 0 then
    hole := star(x, y, size * 0.4, corners, noise);
    body := ST_MakePolygon(ST_ExteriorRing(body), array[hole]);
  end if;
  if n % 5 = 0 then
    body := ST_Collect(body, ST_Translate(body, 2.2 * size / (111320 * cos(radians(y))), 0));
  end if;
  return ST_Multi(ST_SetSRID(body, 4490));
end $$;

create function place(n int) returns geometry language sql as $$
  select case
    when n <= 110 then (select (ST_Dump(ST_GeneratePoints(geom, 1, n))).geom from city)
    when n <= 230 then (
      select ST_LineInterpolatePoint(ST_ExteriorRing(ST_GeometryN(geom, 1)), random())
      from constraint_feature order by md5(n || ref || fid) limit 1)
    else ST_SetSRID(ST_Point(109.5 + (random() - 0.5) * 0.002, 22.9 + (n - 231) * 0.02), 4490)
  end
$$;

create temp table drawn as
select n, shape(n, ST_X(p), ST_Y(p)) as geom
from (select n, place(n) as p from generate_series(1, 270) n offset 0) places
union all
select 270 + row_number() over (order by md5(ref || fid)), ST_Multi(geom)
from (select * from constraint_feature where ST_NPoints(geom) < 500 order by md5(ref || fid) limit 30) small
order by 1;

select jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_agg(jsonb_build_object(
  'type', 'Feature', 'properties', jsonb_build_object('name', 'random ' || n),
  'geometry', ST_AsGeoJSON(geom, 9, 0)::jsonb) order by n))
from drawn;
