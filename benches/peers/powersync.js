// The upload queue of @powersync/node with a connector as its documentation writes it, against a sink that commits each
// request to SQLite before it answers. The queue is emptied by calling the connector, as the SDK does when it is online.
//   node powersync.js transaction|batch COUNT FOLDER
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PowerSyncDatabase, Schema, Table, column } from '@powersync/node';
import { document, id, tell, timed, version } from './measure.js';

const [way, count, folder] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const sinkFile = fileURLToPath(new URL('./powersync-sink.js', import.meta.url));
const sink = spawn(process.execPath, [sinkFile, join(folder, 'sink.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
const [line] = await once(sink.stdout, 'data');
const url = `http://127.0.0.1:${String(line).trim()}/take`;

const operations = new Table({ content: column.text });
const db = new PowerSyncDatabase({
  schema: new Schema({ operations }),
  database: { dbFilename: 'local.db', dbLocation: folder },
});
await db.init();
for (let from = 0; from < count; from += 100) {
  const until = Math.min(from + 100, count);
  const rows = Array.from({ length: until - from }, (_, at) => [id(from + at), JSON.stringify(document(from + at))]);
  if (way === 'batch') {
    await db.executeBatch('INSERT INTO operations (id, content) VALUES (?, ?)', rows);
  } else {
    for (const row of rows) await db.execute('INSERT INTO operations (id, content) VALUES (?, ?)', row);
  }
}

async function send(crud) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(crud.map((entry) => ({ id: entry.id, op: entry.op, data: entry.opData }))),
  });
  if (!answer.ok) throw new Error(`the sink said ${answer.status}`);
}

const connector = {
  async uploadData(database) {
    const next = await (way === 'batch' ? database.getCrudBatch(100) : database.getNextCrudTransaction());
    if (!next) return false;
    await send(next.crud);
    await next.complete();
    return true;
  },
};

const seconds = await timed(async () => {
  while (await connector.uploadData(db));
});
const synchronous = await db.get('PRAGMA synchronous');
const taken = await (await fetch(url)).json();
await db.close();
sink.kill();
if (taken.count !== count) throw new Error(`${taken.count} of ${count} arrived`);
const words = { 0: 'OFF', 1: 'NORMAL (после сбоя питания последнее может пропасть)', 2: 'FULL' };
tell({
  seconds,
  versions: [version('@powersync/node'), version('better-sqlite3'), version('express')],
  durability: `клиент: SQLite WAL synchronous=${words[synchronous.synchronous]}, не шифрован; приёмник: SQLite FULL до ответа`,
});
