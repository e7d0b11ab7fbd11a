-- transitional.subsidy by hand, as somebody who knows both the law and DuckDB would write it for this one table:
-- every finding, the outcome, the period and the amount. NULL is unknown. Amounts in floating numbers, which is quicker than
-- exact ones and right but for an øre here and there; no check of the input; nothing about what is open.
WITH c AS (
  SELECT "case", "on", "lease.start" AS start, "lease.special_terms_end" AS terms, "lease.moved_out" AS out,
    CASE WHEN "lease.start" >= DATE '2023-07-01' THEN "lease.start" + INTERVAL 5 YEAR - INTERVAL 1 DAY
         ELSE "lease.start" + INTERVAL 2 YEAR - INTERVAL 1 DAY END AS longest,
    CASE WHEN "lease.start" >= DATE '2023-07-01'
           THEN ("person.reduced_mental_functioning" OR "person.special_social_problems") AND "person.needs_help_to_keep_home"
         WHEN "lease.start" >= DATE '2023-01-01' OR "lease.start" < DATE '2020-01-01'
           THEN "person.housing_before" IN ('section_107', 'section_110')
         WHEN "lease.start" IS NOT NULL AND "person.housing_before" IN ('section_107', 'section_110') THEN true END AS target_group,
    CASE WHEN "lease.start" >= DATE '2023-07-01' THEN "dwelling.kind" IN ('family', 'youth', 'elderly', 'private')
         WHEN "lease.start" >= DATE '2023-01-01' OR "lease.start" < DATE '2020-01-01' THEN "dwelling.kind" = 'family'
         WHEN "lease.start" IS NOT NULL AND "dwelling.kind" = 'family' THEN true END AS dwelling,
    "benefit.applied" AS applied, "lease.start" <= "on" AS begun,
    CASE WHEN "lease.moved_out" IS NOT NULL THEN "on" <= "lease.moved_out" END AS still, "lease.special_terms_end" IS NULL AS silent,
    ("lease.rent" + "lease.obligatory_payments" - "benefit.calculated")
      / nullif("household.adults", 0) AS net,
    CASE WHEN "person.housing_before" = 'section_107' THEN "facility.monthly_payment"
         WHEN "person.housing_before" IS NOT NULL AND NOT "person.has_income" THEN 0
         WHEN "person.housing_before" IS NOT NULL AND "person.has_income" THEN coalesce("facility.daily_rate",
           CASE WHEN "person.housing_before" = 'section_109'
                THEN CASE year("on") WHEN 2023 THEN 93.38 WHEN 2021 THEN 89 WHEN 2018 THEN 84 END
                ELSE CASE year("on") WHEN 2023 THEN 96.71 WHEN 2021 THEN 93 WHEN 2020 THEN 91 WHEN 2019 THEN 89 WHEN 2018 THEN 87 END END)
           * 365 / 12 END AS payment,
    "person.housing_before" <> 'section_107' AND "person.has_income" AS unsettled
  FROM cases
), f AS (
  SELECT *, least(coalesce(out, longest), CASE WHEN terms IS NOT NULL THEN least(terms, longest) END) AS ends_raw,
    CASE WHEN silent THEN CAST(NULL AS BOOLEAN) END AS stated,
    "on" <= terms AND ("on" <= longest OR CASE WHEN start < DATE '2023-07-01' AND "on" >= DATE '2023-07-01' THEN NULL ELSE false END) AS within,
    CASE WHEN net IS NOT NULL AND payment IS NOT NULL THEN round(greatest(0, net - payment), 2) END AS amount
  FROM c
), s AS (
  SELECT *, CASE WHEN terms IS NULL OR start IS NULL THEN NULL ELSE ends_raw END AS ends,
    target_group AND dwelling AND applied AND begun AND within AND (CASE WHEN silent THEN NULL ELSE true END) AND coalesce(still, true) AS status
  FROM f
)
SELECT "case", "on",
  CASE WHEN NOT status THEN 'refused'
       WHEN status AND start IS NOT NULL AND ends IS NOT NULL AND amount IS NOT NULL AND NOT unsettled THEN 'granted'
       ELSE 'undetermined' END AS outcome,
  CASE WHEN status IS NULL OR status THEN CAST(amount AS DECIMAL(18, 2)) END AS amount,
  CASE WHEN ends IS NULL OR ends >= start THEN start END AS "from", CASE WHEN ends >= start THEN CAST(ends AS DATE) END AS "to",
  CASE WHEN target_group THEN 'met' WHEN NOT target_group THEN 'not_met' ELSE 'unknown' END AS "finding.target-group",
  CASE WHEN dwelling THEN 'met' WHEN NOT dwelling THEN 'not_met' ELSE 'unknown' END AS "finding.transitional-dwelling",
  CASE WHEN applied THEN 'met' WHEN NOT applied THEN 'not_met' ELSE 'unknown' END AS "finding.benefit-applied",
  CASE WHEN silent THEN 'unknown' END AS "finding.special-terms-stated",
  CASE WHEN begun THEN 'met' WHEN NOT begun THEN 'not_met' ELSE 'unknown' END AS "finding.tenancy-begun",
  CASE WHEN within THEN 'met' WHEN NOT within THEN 'not_met' ELSE 'unknown' END AS "finding.within-special-terms",
  CASE WHEN out IS NOT NULL THEN CASE WHEN still THEN 'met' WHEN NOT still THEN 'not_met' ELSE 'unknown' END END AS "finding.still-tenant"
FROM s
