insert into parcel select :'name', row_number() over (order by fid), geom from delivered;
