// One file by tus-js-client, as anybody would write it. Reads its task from standard input; writes one JSON object a line: what it was told is safe.
import { createReadStream, statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Upload } from 'tus-js-client';

const { endpoint, token, path, chunkSize, metadata } = JSON.parse(await text(process.stdin));
const say = words => process.stdout.write(`${JSON.stringify(words)}\n`);

const upload = new Upload(createReadStream(path), {
  endpoint,
  uploadSize: statSync(path).size,
  chunkSize: chunkSize ?? Infinity,
  headers: { Authorization: `Bearer ${token}` },
  metadata: metadata ?? {},
  // A server that is started again is there after two or three seconds; one that is killed again and again on a busy machine, after minutes.
  retryDelays: Array(1_200).fill(250),
  onShouldRetry: () => true,
  onUploadUrlAvailable: () => say({ url: upload.url }),
  onBeforeRequest: request => { if (request.getMethod() === 'PATCH') say({ patch: Number(request.getHeader('Upload-Offset')) }); },
  onAfterResponse: (_request, response) => {
    const recording = response.getHeader('Vault-Recording');
    if (recording) say({ recording });
    const offset = response.getHeader('Upload-Offset');
    if (offset && response.getStatus() < 300) say({ acknowledged: Number(offset) });
  },
  onSuccess: () => { say({ done: true }); },
  onError: error => { say({ failed: String(error) }); process.exitCode = 1; },
});
upload.start();
