import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planOf } from '../../src/commands/engines.ts';

const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';
const ubuntu = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n';

describe('octavo engines', () => {
  it('installs by apt as root', () => {
    const { commands, says } = planOf({ release: debian, isRoot: true });
    assert.deepEqual(commands[0], ['apt-get', 'update']);
    for (const name of ['libreoffice-writer', 'chromium-headless-shell', 'fonts-noto-cjk'])
      assert.ok(commands[1]?.includes(name), name);
    assert.deepEqual(says, []);
  });

  it('says what root has to run, and runs nothing, for everybody else', () => {
    const { commands, says } = planOf({ release: debian, isRoot: false });
    assert.deepEqual(commands, []);
    assert.match(says.join('\n'), /^sudo apt-get install --yes .* libreoffice-writer /m);
  });

  it('leaves out the snap of Ubuntu, and says what to install in its place', () => {
    for (const release of [ubuntu, 'ID=linuxmint\nID_LIKE="ubuntu debian"\n']) {
      const { commands, says } = planOf({ release, isRoot: true });
      assert.doesNotMatch(commands[1]?.join(' ') ?? '', /chromium/);
      assert.match(says.join('\n'), /Google Chrome/);
    }
  });

  it('says what is needed where there is no apt', () => {
    for (const release of ['ID=fedora\n', '']) {
      const { commands, says } = planOf({ release, isRoot: true });
      assert.deepEqual(commands, []);
      assert.match(says.join('\n'), /LibreOffice/);
    }
  });
});
