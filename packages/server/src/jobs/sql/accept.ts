/** Adds a job, unless $10 jobs or more are waiting: then it raises OC001. */
export const accept = `
INSERT INTO octavo.job (id, tenant, operation, status, result_token, result_name, call, created_at, expires_at, needs)
SELECT $1, $2, $3, 'waiting', $4, $5, $6, $7, $8, $9
WHERE octavo.assert_room($10)`;
