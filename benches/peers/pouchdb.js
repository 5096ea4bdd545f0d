// PouchDB on LevelDB → express-pouchdb on LevelDB in a process of its own, by one replication, as both advise.
//   node pouchdb.js push|pull COUNT FOLDER
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import PouchDB from 'pouchdb';
import { document, id, tell, timed, version } from './measure.js';

const [way, count, folder] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const serverFile = fileURLToPath(new URL('./pouchdb-server.js', import.meta.url));
const server = spawn(process.execPath, [serverFile, join(folder, 'server')], { stdio: ['pipe', 'pipe', 'inherit'] });
const [line] = await once(server.stdout, 'data');
const remote = new PouchDB(`http://127.0.0.1:${String(line).trim()}/operations`);
const local = new PouchDB(join(folder, 'local'));

async function fill(database) {
  for (let from = 0; from < count; from += 1000) {
    const until = Math.min(from + 1000, count);
    await database.bulkDocs(
      Array.from({ length: until - from }, (_, at) => ({ _id: id(from + at), ...document(from + at) })),
    );
  }
}

await fill(way === 'push' ? local : remote);
let result;
const seconds = await timed(async () => {
  // batch_size 100 and batches_limit 10 are its defaults.
  result = await (way === 'push' ? local.replicate.to(remote) : local.replicate.from(remote));
});
const arrived = (await (way === 'push' ? remote : local).info()).doc_count;
server.kill();
if (!result.ok || arrived !== count) throw new Error(`${arrived} of ${count} arrived`);
tell({
  seconds,
  versions: [version('pouchdb'), version('express-pouchdb'), version('express')],
  durability: 'LevelDB без fsync на запись с обеих сторон, не шифрован (так по умолчанию)',
});
