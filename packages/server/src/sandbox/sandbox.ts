import type { Duplex } from 'node:stream';

/**
 * How strongly boxes are walled off, strongest first. `bubblewrap` and `namespaces`: no network, a read-only system, one
 * writable directory, and no process outlives its box. `limited`: limits, a memory watchdog and Node's permission model alone.
 */
export type Tier = 'bubblewrap' | 'namespaces' | 'limited';

export interface Sandbox {
  readonly tier: Tier;
  /** What the probes saw when they attacked a box of this tier: which attack, and whether it was stopped. */
  readonly probes: readonly { readonly attack: string; readonly stopped: boolean }[];
  /** Starts warm children of one program. Throws, with a sentence for the operator, for a native program in a tier without walls. */
  pool(program: BoxProgram): BoxPool;
  /** Ends every box. No process of ours is left afterwards. */
  close(): Promise<void>;
}

export interface BoxProgram {
  readonly name: string;
  /** Module that a Node child runs; it imports `sandbox/child.ts` and serves calls. */
  readonly entry: URL;
  /** Folders of ours that it imports from, besides its own and that of `sandbox`. */
  readonly beside?: readonly URL[];
  /** Packages that it imports by name: they and what they depend on are, besides these folders, all that it can load. */
  readonly packages?: readonly string[];
  /** Whether it loads machine code that packages bring: the permission model of Node does not bind that. */
  readonly addons?: boolean;
  /** Files and folders of the system that it reads; those that exist. */
  readonly reads?: readonly string[];
  /** What it needs to start programs of the system: they run in its box, and end with it. */
  readonly native?: NativeProgram;
  /**
   * Gets one stream for each box, the only way out of it: what comes is from a hostile place. The child finds it as `door()` of
   * `sandbox/child-door.ts`. Without it a box has none.
   */
  readonly door?: (stream: Duplex) => void;
  readonly limits: BoxLimits;
  /** The most children that run at the same time. */
  readonly size: number;
  /** Children that are started before anybody asks, and stay; all where it is left out. The others start when they are needed. */
  readonly warm?: number;
  /** Children that wait in addition, while calls keep coming: where each serves one call and takes long to start. */
  readonly spare?: number;
  /** Those that are more than `warm` end when nobody has asked for so long; a minute where it is left out. */
  readonly quietMs?: number;
}

/** Programs of the system in a box. It then has a `/proc` of its own processes, and `/tmp` in memory. */
export interface NativeProgram {
  /** Files and folders of the system that they read; those that exist. */
  readonly reads: readonly string[];
  /** Size of `/tmp`, in addition to the memory of processes. */
  readonly scratchBytesMax: number;
  /** Processes of the box, Node and what holds the box among them. */
  readonly processesMax: number;
}

export interface BoxLimits {
  /** What a child may hold; a bare Node takes 45 MB of it. */
  readonly memoryBytesMax: number;
  /** Size of one file that it writes, and of all that one call writes. */
  readonly fileBytesMax: number;
  /** Files that one call may leave; 64 where it is not given. */
  readonly filesMax?: number;
  /** Processor time of one call. */
  readonly cpuMsMax: number;
  readonly openFilesMax: number;
  /** Calls after which a child is replaced. */
  readonly callsMax: number;
}

export interface BoxPool {
  /**
   * Runs one call in a box that does nothing else meanwhile; waits while all are busy.
   * Throws BoxDied when the child ends before it answers, passes a limit, or `signal` aborts.
   */
  run(call: BoxCall): Promise<BoxAnswer>;
  /** Process ids of the live children, for tests and `/health`. */
  pids(): readonly number[];
}
export interface BoxCall {
  /** What the child's handler gets: JSON. */
  readonly message: unknown;
  /** Files on local disk that appear, read-only, in the box under these names (`[a-z0-9.-]`). */
  readonly inputs: readonly { readonly path: string; readonly as: string }[];
  /** Where the files that the box wrote are moved to, an existing directory on the same file system. */
  readonly outputDirectory: string;
  readonly wallMsMax: number;
  /** Time until the child says that it has done a step (`stepDone`), and from each to the next; a call that takes longer is `stuck`. */
  readonly stepMsMax?: number;
  readonly signal?: AbortSignal;
}
export interface BoxAnswer {
  /** What the handler returned: JSON from a hostile place, to be checked. */
  readonly reply: unknown;
  /** Names of the regular files that it wrote, now in `outputDirectory`. */
  readonly files: readonly string[];
}

/** A box ended without an answer. */
export class BoxDied extends Error {
  override readonly name = 'BoxDied';
  readonly why: 'crash' | 'memory' | 'wall-clock' | 'stuck' | 'aborted';
  constructor(why: BoxDied['why'], message: string) {
    super(message);
    this.why = why;
  }
}
