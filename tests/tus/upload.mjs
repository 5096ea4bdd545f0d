// An independent client of tus uploads one file: `node upload.mjs URL TOKEN FILE NAME [CHUNK]`. What it is told goes to
// its output, a line of JSON each: {"at": bytes}, then {"done": url, "file": hash} or {"failed": words, "status": number}.
import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import * as tus from "tus-js-client";

const [url, token, path, filename, chunk, resumed] = process.argv.slice(2);
const say = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);
let file = null;

const upload = new tus.Upload(createReadStream(path), {
  endpoint: `${url}/v1/files`,
  uploadUrl: resumed,
  uploadSize: statSync(path).size,
  chunkSize: chunk ? Number(chunk) : Infinity,
  metadata: { filename, sha256: createHash("sha256").update(readFileSync(path)).digest("hex") },
  headers: { authorization: `Bearer ${token}` },
  retryDelays: Array(100).fill(100),
  onUploadUrlAvailable: () => say({ begun: upload.url }),
  onChunkComplete: (_size, accepted) => say({ at: accepted }),
  onAfterResponse: (_request, response) => {
    file = response.getHeader("zhkh-file") ?? file;
  },
  onSuccess: () => say({ done: upload.url, file }),
  onError: (error) => {
    say({ failed: error.message, status: error.originalResponse?.getStatus() ?? null });
    process.exitCode = 1;
  },
});
upload.start();
