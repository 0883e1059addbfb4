import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTemplates } from '../../src/templates/templates.ts';
import { connectTo, open, temporaryDirectory } from '../database/harness.ts';
import { startWorld, templateOf } from './harness.ts';

describe('a stored template in a job', () => {
  const directory = temporaryDirectory();
  let database: Awaited<ReturnType<typeof open>>;
  before(async () => (database = await open(directory)));
  after(() => database.close());

  it('is the one that the database has when the job runs, whoever brought it', async () => {
    await using connection = connectTo(directory);
    await using world = await startWorld(database, directory, {});
    const templates = createTemplates(connection);
    const run = async (id: number) =>
      world.end(await world.jobs.queue.accept({ tenant: 0, ...templateOf(id) }));
    const { id } = await templates.add('html', { title: 'One', description: '', body: 'first' });
    assert.equal(await world.read(await run(id)), 'first');
    await templates.add('html', { id, title: 'One', description: '', body: 'second \u{1f600}' });
    const ended = await run(id);
    assert.equal(await world.read(ended), 'second \u{1f600}');
    assert.equal(ended.outcome?.sizeBytes, 11);
    await templates.remove('html', id);
    const { failure } = await run(id);
    assert.deepEqual(failure, {
      row: 'templateUnknown',
      status: 447,
      message: 'The field "templateId" names no stored template: there are 1, 2, 3.',
    });
  });

  it('may be one of another tenant for nobody else', async () => {
    await database.query(
      `INSERT INTO octavo.template (kind, id, tenant, title, description, body) VALUES ('html', 5000, 7, 'Own', '', 'own')`,
    );
    const templates = createTemplates(database);
    assert.equal((await templates.find('html', 5000, 7))?.body, 'own');
    assert.equal(await templates.find('html', 5000, 0), null);
    const ids = async (tenant: number) => (await templates.list('html', tenant)).map(({ id }) => id);
    assert.deepEqual(
      [await ids(7), await ids(0)],
      [
        [1, 2, 3, 5000],
        [1, 2, 3],
      ],
    );
  });
});
