"""What the benchmark of indicators is measured against: the same deeds as SQL written by hand."""

# What stands under the keys that are to be written, locked.
STANDING = """
SELECT o.id, o.region_id, o.year, o.state, o.version
FROM indicators_observation o
JOIN unnest(%(regions)s::bigint[], %(years)s::smallint[]) AS given (region, year)
  ON o.region_id = given.region AND o.year = given.year
WHERE o.indicator_id = %(indicator)s AND o.superseded_by_id IS NULL AND o.part = ''
  AND o.department_id IS NULL AND o.population_group = '' AND o.basis = 'actual'
  AND o.series = ''
FOR UPDATE OF o
"""

INSERT = """
INSERT INTO indicators_observation (
    created_at, updated_at, indicator_id, region_id, year, part, population_group, status, value,
    numerator, denominator, denominator_basis, basis, series, source, note, correction_reason,
    is_demo, state, version, return_reason, office_id, entered_by_id, own_check
)
SELECT
    now(), now(), %(indicator)s, region, year, '', '', 'measured', round(top / bottom, 6),
    top, bottom, 'resident', 'actual', '', '年鉴', '', '', false, 'draft', 1, '',
    %(office)s, %(by)s, false
FROM unnest(%(regions)s::bigint[], %(years)s::smallint[], %(tops)s::numeric[],
            %(bottoms)s::numeric[]) AS given (region, year, top, bottom)
RETURNING id
"""

# Each new value beside the year before, verified or new, and the known population: what moves
# too far is asked about. (The sentence is that of the portal, which only one code needs here.)
JUMPS = """
WITH around AS (
    SELECT id, region_id, year, state, value, denominator,
           lag(value) OVER beside AS value_before, lag(denominator) OVER beside AS people_before,
           lag(year) OVER beside AS year_before
    FROM indicators_observation
    WHERE indicator_id = %(indicator)s AND superseded_by_id IS NULL AND part = ''
      AND department_id IS NULL AND population_group = '' AND basis = 'actual' AND series = ''
      AND region_id = ANY(%(regions)s::bigint[])
    WINDOW beside AS (PARTITION BY region_id ORDER BY year)
), asked AS (
    SELECT a.id, 'jump' AS code,
           '与 ' || year_before || ' 年的 ' || trim_scale(round(value_before, 4))
           || ' 元 相比变动 ' || round(abs(value - value_before) / value_before * 100)
           || '%%，请核实，或说明原因。' AS told
    FROM around a
    WHERE state = 'draft' AND value_before > 0
      AND abs(value - value_before) / value_before * 100 > %(jump)s * (year - year_before)
    UNION ALL
    SELECT a.id, 'population', ''
    FROM around a
    JOIN indicators_population p
      ON p.region_id = a.region_id AND p.year = a.year AND p.basis = 'resident' AND p.series = ''
    WHERE a.state = 'draft' AND p.persons <> a.denominator
    UNION ALL
    SELECT a.id, 'census', ''
    FROM around a
    WHERE state = 'draft'
      AND abs(denominator - people_before) / people_before > 0.05 * (year - year_before)
)
INSERT INTO indicators_question (
    created_at, updated_at, observation_id, code, told, must_mend, answer
)
SELECT now(), now(), id, code, told, false, '' FROM asked
"""

# One value a year, with all that pages show of it: what was spent before what was planned, newer
# before older.
SERIES = """
SELECT DISTINCT ON (o.year) o.year, o.value, o.id, o.numerator, o.denominator, o.basis, o.series,
       o.margin, o.sample_size, o.design_effect, o.source, o.is_demo
FROM indicators_observation o
WHERE o.indicator_id = %(indicator)s AND o.region_id = %(region)s AND o.year <= %(last)s
  AND o.part = '' AND o.state = 'verified' AND o.superseded_by_id IS NULL
  AND o.department_id IS NULL AND o.population_group = ''
ORDER BY o.year, array_position(ARRAY['actual', '', 'budget'], o.basis::text), o.id DESC
"""

# Every place above the counties, cut from their paths, six digits a level.
ROLLED_UP = """
WITH source AS (
    SELECT DISTINCT ON (o.region_id, o.year, o.basis)
           r.path, o.year, o.basis, o.numerator, o.denominator, o.status
    FROM indicators_observation o
    JOIN departments_region r ON r.id = o.region_id
    WHERE o.indicator_id = %(indicator)s AND o.year = ANY(%(years)s) AND o.part = ''
      AND o.state = 'verified' AND o.superseded_by_id IS NULL AND o.department_id IS NULL
      AND o.population_group = '' AND r.level = 'county' AND r.path LIKE %(here)s
    ORDER BY o.region_id, o.year, o.basis, o.id DESC
), expected AS (
    SELECT left(r.path, cut) AS path, count(*) AS places
    FROM departments_region r, generate_series(6, length(r.path) - 6, 6) AS cut
    WHERE r.level = 'county' AND r.path LIKE %(here)s
    GROUP BY 1
), summed AS (
    SELECT left(source.path, cut) AS path, year, basis,
           round(sum(numerator) / sum(denominator), 6) AS value,
           count(*) FILTER (WHERE status = 'measured') AS reported,
           count(*) FILTER (WHERE status = 'not_applicable') AS absent
    FROM source, generate_series(6, length(source.path) - 6, 6) AS cut
    GROUP BY 1, 2, 3
)
SELECT path, year, basis, value, reported, places - absent
FROM summed JOIN expected USING (path)
"""

# The same for many indicators at once: every series of a place.
ALL_SERIES = """
SELECT DISTINCT ON (indicator_id, year) indicator_id, year, value, id, numerator, denominator,
       basis, series, margin, sample_size, design_effect, source, is_demo
FROM indicators_observation
WHERE region_id = %(region)s AND indicator_id = ANY(%(indicators)s) AND year <= %(last)s
  AND part = '' AND state = 'verified' AND superseded_by_id IS NULL
  AND department_id IS NULL AND population_group = ''
ORDER BY indicator_id, year, array_position(ARRAY['actual', '', 'budget'], basis::text), id DESC
"""

GRID = """
SELECT code, year, value, id, numerator, denominator, basis, series, source, is_demo FROM (
    SELECT DISTINCT ON (r.path, wanted.year) r.path, r.code, wanted.year, o.value, o.id,
           o.numerator, o.denominator, o.basis, o.series, o.source, o.is_demo
    FROM departments_region r
    CROSS JOIN unnest(%(years)s::smallint[]) AS wanted (year)
    LEFT JOIN indicators_observation o
      ON o.region_id = r.id AND o.year = wanted.year AND o.indicator_id = %(indicator)s
      AND o.part = '' AND o.state = 'verified' AND o.superseded_by_id IS NULL
      AND o.department_id IS NULL AND o.population_group = ''
    WHERE r.level = 'county' AND r.path LIKE %(here)s
    ORDER BY r.path, wanted.year, array_position(ARRAY['actual', '', 'budget'], o.basis::text),
             o.id DESC
) AS cells
ORDER BY path, year
"""

# What the counties of the grid make together, year by year and basis.
GRID_TOTALS = """
SELECT year, basis, sum(numerator), sum(denominator), count(*) FILTER (WHERE status = 'measured')
FROM (
    SELECT DISTINCT ON (o.region_id, o.year, o.basis)
           o.year, o.basis, o.status, o.numerator, o.denominator
    FROM indicators_observation o JOIN departments_region r ON r.id = o.region_id
    WHERE o.indicator_id = %(indicator)s AND o.year = ANY(%(years)s::smallint[])
      AND o.part = '' AND o.state = 'verified' AND o.superseded_by_id IS NULL
      AND o.department_id IS NULL AND o.population_group = ''
      AND r.level = 'county' AND r.path LIKE %(here)s
    ORDER BY o.region_id, o.year, o.basis, o.id DESC
) AS newest
GROUP BY year, basis
ORDER BY year, basis
"""
