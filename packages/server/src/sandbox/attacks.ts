/** What the probe tells the child to attack. All of it would be allowed to any process of its user, but for the box. */
export interface Targets {
  readonly port: number;
  readonly marker: string;
  readonly outside: string;
}
/** Which attacks succeeded. */
export interface Damage {
  /** No attack: whether the box can do its work at all. */
  readonly useful: boolean;
  readonly network: boolean;
  readonly read: boolean;
  readonly write: boolean;
  readonly input: boolean;
  /** Whether a process in a session of its own was started. */
  readonly orphan: boolean;
}
