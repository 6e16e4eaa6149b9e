\echo
select what, compared, worst, tolerance, unit, case when worst <= tolerance then 'ok' else 'BEYOND' end as verdict
from line order by id;
do $$
begin
  if exists (select from line where worst is null or worst > tolerance) then
    raise exception 'compare: a difference is beyond its tolerance';
  end if;
end $$;
