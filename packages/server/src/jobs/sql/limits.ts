/** What is limited of the tenant $1. */
export const findLimits = `
SELECT bytes_max > 0 OR files_max > 0 AS files, credits_max IS NOT NULL AS credits FROM octavo.api_key WHERE tenant = $1 LIMIT 1`;
