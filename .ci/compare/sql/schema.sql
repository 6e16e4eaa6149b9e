-- The legal plane: the cylindrical equal-area projection of the CGCS2000 ellipsoid about 105° E, without distortion at
-- 30° N. Areas in it are legal areas (design, section 6), and PROJ knows it by itself.
create extension postgis;
insert into spatial_ref_sys (srid, proj4text)
values (990105, '+proj=cea +lon_0=105 +lat_ts=30 +ellps=GRS80 +units=m +no_defs');

-- What greenshield says.
create table answer (json jsonb);
create table piece (json jsonb);
create table changed (json jsonb);

-- The parcels, as delivered. Where it is a Gauss plane, edges are cut at 70 m before they leave it (domain, 6.2).
create table parcel (file text, row bigint, geom geometry, primary key (file, row));

create table feature (
  ref text, layer text, fid bigint, class text, code text, ours float8, geom geometry, plane geometry,
  primary key (ref, fid));

-- Three readings of one area: edges straight in the legal plane; edges geodesic; edges geodesic again, but told every
-- 25 m where the legal plane has them (the two are 5 µm apart then, see overlaps.sql). The last two are Karney's geodesic areas on the spheroid of SRID 4490.
create function geodesic(plane geometry) returns float8 language sql immutable as $$
  select ST_Area(ST_Transform(plane, 4490)::geography)
$$;
create function told(plane geometry) returns float8 language sql immutable as $$
  select ST_Area(ST_Transform(ST_Segmentize(plane, 25), 4490)::geography)
$$;

-- One line per comparison; verdict.sql prints them and fails where the worst is beyond the tolerance.
create table line (id serial, what text, compared bigint, worst float8, tolerance float8, unit text);

\pset footer off
\pset border 1
\echo 'SRID 4490 in PostGIS:'
select split_part(postgis_version(), ' ', 1) as postgis, postgis_proj_version() as proj, postgis_geos_version() as geos,
  proj4text, split_part(split_part(srtext, 'SPHEROID[', 2), ',AUTHORITY', 1) as spheroid
from spatial_ref_sys where srid = 4490;
