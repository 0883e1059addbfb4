import type { Abilities, AbilityName } from './capabilities.ts';

/** Says what it provides, never what it does not. */
export interface Engine {
  readonly name: string;
  readonly abilities: { readonly [A in AbilityName]?: Ability<A> };
  /** One sentence on its state; when it is not ready, what the operator has to install or set. */
  probe(): Promise<{ readonly ready: boolean; readonly says: string }>;
}

/** Throws a Failure for bad input, BoxDied when the box ended. */
export type Ability<A extends AbilityName> = (
  request: Abilities[A]['takes'],
  context: EngineContext,
) => Promise<Abilities[A]['gives']>;

export interface EngineContext {
  /** Password for protected inputs; empty means none. */
  readonly password: string;
  /** The job's own directory on local disk: results go here. */
  readonly directory: string;
  readonly wallMsMax: number;
  readonly signal: AbortSignal;
}
