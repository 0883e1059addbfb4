import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planOf } from '../../src/commands/engines.ts';

const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const ubuntu = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n';

const words = (steps: ReturnType<typeof planOf>['steps']) => steps.flat(2);

describe('octavo engines', () => {
  it('installs by apt as root', () => {
    const { steps, says } = planOf({ release: debian, isRoot: true });
    assert.deepEqual(steps[0], [['apt-get', 'update']]);
    for (const name of ['libreoffice-writer', 'fonts-noto-cjk']) assert.ok(words(steps).includes(name), name);
    assert.deepEqual(says, []);
  });

  it('installs the browser without windows, else the other one', () => {
    const { steps } = planOf({ release: debian, isRoot: true });
    assert.deepEqual(
      steps.at(-1)?.map((command) => command.at(-1)),
      ['chromium-headless-shell', 'chromium'],
    );
  });

  it('says what root has to run, and runs nothing, for everybody else', () => {
    const { steps, says } = planOf({ release: debian, isRoot: false });
    assert.deepEqual(steps, []);
    assert.match(says.join('\n'), /^sudo apt-get install --yes .* libreoffice-writer /m);
    assert.match(says.join('\n'), / chromium-headless-shell \|\| sudo apt-get .* chromium$/m);
  });

  it('leaves out the snap of Ubuntu, and says what to install in its place', () => {
    for (const release of [ubuntu, 'ID=linuxmint\nID_LIKE="ubuntu debian"\n']) {
      const { steps, says } = planOf({ release, isRoot: true });
      assert.doesNotMatch(words(steps).join(' '), /chromium/);
      assert.match(says.join('\n'), /Google Chrome/);
    }
  });

  it('says what is needed where there is no apt', () => {
    for (const release of ['ID=fedora\n', '']) {
      const { steps, says } = planOf({ release, isRoot: true });
      assert.deepEqual(steps, []);
      assert.match(says.join('\n'), /LibreOffice/);
    }
  });
});
