// The smallest backend: every request is one transaction, on the disk before the answer.
import Database from 'better-sqlite3';
import express from 'express';

const database = new Database(process.argv[2]);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec('CREATE TABLE taken (id TEXT PRIMARY KEY, op TEXT NOT NULL, data TEXT)');
const insert = database.prepare('INSERT INTO taken VALUES (?, ?, ?)');
const take = database.transaction((items) => {
  for (const item of items) insert.run(item.id, item.op, JSON.stringify(item.data));
});

const app = express();
app.use(express.json({ limit: '10mb' }));
app.post('/take', (request, response) => {
  take(request.body);
  response.json({ taken: request.body.length });
});
app.get('/take', (_, response) => response.json(database.prepare('SELECT count(*) AS count FROM taken').get()));
const listening = app.listen(0, '127.0.0.1', () => console.log(listening.address().port));
