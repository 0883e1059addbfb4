import type { Abilities, AbilityName } from './capabilities.ts';

/** Says what it provides, never what it does not. */
export interface Engine {
  readonly name: string;
  readonly abilities: { readonly [A in AbilityName]?: Ability<A> };
  /** Of one whose program is not there: who asks for these abilities hears why. */
  readonly absent?: { readonly lacks: readonly AbilityName[]; readonly why: string };
  /** One sentence on its state; when it is not ready, what the operator has to install or set. */
  probe(): Promise<EngineState>;
  /** The same by work that takes too long for `/health`, where `probe` tells what was seen last, here too: for an operator who asks. */
  readonly trial?: () => Promise<EngineState>;
}

export interface EngineState {
  readonly ready: boolean;
  readonly says: string;
  /** What it needs is not installed, and the server is ready without it. */
  readonly absent?: true;
}

/** Stands for an engine whose program is not there. `why` is one sentence: what is missing, and what brings it. */
export function absentEngine(name: string, lacks: readonly AbilityName[], why: string): Engine {
  return {
    name,
    abilities: {},
    absent: { lacks, why },
    probe: async () => ({ ready: false, absent: true, says: why }),
  };
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
  /** See `BoxCall`. */
  readonly stepMsMax?: number;
  readonly signal: AbortSignal;
}
