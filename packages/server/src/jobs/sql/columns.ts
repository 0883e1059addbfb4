/** What makes a Job out of a row. */
export const columns =
  'id, tenant, operation, status, result_token, result_name, outcome, failure, created_at, started_at, ended_at, expires_at, credits, progress, stage';
