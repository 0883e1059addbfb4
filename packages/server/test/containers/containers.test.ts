/** The files that build and start containers, as far as they can be looked at without an engine that runs them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ValidationSeverity, validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { settings } from '../../src/config.ts';

interface Service {
  readonly build?: { readonly target: string };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
}

const read = (name: string) => readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');
const dockerfile = read('Dockerfile');
const { services, volumes } = parse(read('compose.yaml'), { merge: true }) as {
  services: Readonly<Record<string, Service>>;
  volumes: Readonly<Record<string, unknown>>;
};
const known = new Set<string>(Object.values(settings).map(({ variable }) => variable));
const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);

describe('Dockerfile', () => {
  it('has nothing that a linter holds against it', () => {
    const problems = validate(dockerfile, {
      deprecatedMaintainer: ValidationSeverity.ERROR,
      directiveCasing: ValidationSeverity.ERROR,
      emptyContinuationLine: ValidationSeverity.ERROR,
      instructionCasing: ValidationSeverity.ERROR,
      instructionWorkdirRelative: ValidationSeverity.ERROR,
    });
    assert.deepEqual(problems, []);
  });

  it('ends each image as another user than root', () => {
    const stages = dockerfile.split(/^FROM /m).slice(2);
    assert.equal(stages.length, 2);
    for (const stage of stages) assert.equal(stage.match(/^USER (\w+)$/gm)?.at(-1), 'USER octavo');
  });

  it('sets what there is to set', () => {
    for (const [variable] of dockerfile.matchAll(/OCTAVO_\w+/g)) assert.ok(known.has(variable), variable);
  });
});

describe('compose.yaml', () => {
  it('splits API and workers, and closes their containers', () => {
    assert.deepEqual(
      ours.map(([name, { environment }]) => [name, environment?.['OCTAVO_ROLE']]),
      [
        ['api', 'api'],
        ['worker', 'worker'],
      ],
    );
    for (const [name, service] of ours) {
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.match(dockerfile, new RegExp(`AS ${service.build?.target}$`, 'm'));
    }
  });

  it('names settings, services and volumes that there are', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const variable of Object.keys(service.environment ?? {}))
        assert.ok(!variable.startsWith('OCTAVO_') || known.has(variable), variable);
      for (const needed of Object.keys(service.depends_on ?? {})) assert.ok(needed in services, needed);
      for (const volume of service.volumes ?? [])
        assert.ok(volume.startsWith('/') || (volume.split(':')[0] ?? '') in volumes, `${name}: ${volume}`);
    }
  });

  it('takes each secret from a file that is not kept here', () => {
    const asked = new Set([...read('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, variable]) => variable));
    const offered = new Set(
      [...read('compose.env.example').matchAll(/^(\w+)=/gm)].map(([, variable]) => variable),
    );
    assert.deepEqual(asked, offered);
  });
});
