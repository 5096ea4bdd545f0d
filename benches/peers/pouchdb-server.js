// express-pouchdb as its README sets it up.
import { mkdirSync } from 'node:fs';
import express from 'express';
import expressPouchDB from 'express-pouchdb';
import PouchDB from 'pouchdb';

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const app = express();
const Base = PouchDB.defaults({ prefix: `${folder}/` });
app.use('/', expressPouchDB(Base, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: `${folder}/log.txt` }));
const listening = app.listen(0, '127.0.0.1', () => console.log(listening.address().port));
