// One file on its way by tus. It knows nothing of the page; the row listens.
// Nothing is kept in the browser: no fingerprint, no name, no content (security.md 11).
import { type DetailedError, Upload } from 'tus-js-client';
import { meta } from './dom';
import type { Role } from './plan';

export type Refusal = { words: string; final: boolean };

/** What an upload says of its file. The first of a recording makes it; the others name it. */
export interface About {
  title: string;
  recordedAt: string;
  role: Role;
  source?: string | null;
  recording?: string;
}

export interface Watcher {
  progress(sent: number): void;
  confirmed(bytes: number): void;
  recording(id: string): void;
  /** There is an upload on the server now, of this id. */
  begun(id: string): void;
  done(): void;
  failed(refusal: Refusal): void;
}

// Confirmed often enough to say what is safe, seldom enough that round trips don't count.
const pieceLength = 64 * 1024 * 1024;

export class Sender {
  readonly #upload: Upload;
  readonly #watcher: Watcher;
  #url: string | undefined;
  #beginning: Promise<Refusal | undefined> | undefined;
  #begun: ((refusal?: Refusal) => void) | undefined;

  constructor(file: File, about: About, watcher: Watcher, url?: string) {
    this.#watcher = watcher;
    this.#url = url;
    this.#upload = new Upload(file, {
      endpoint: url ? null : '/api/v1/uploads',
      uploadUrl: url ?? null,
      chunkSize: pieceLength,
      retryDelays: null,
      storeFingerprintForResuming: false,
      headers: { 'Vault-Tenant': meta('vault-tenant'), RequestVerificationToken: meta('vault-antiforgery') },
      metadata: {
        filename: file.name,
        filetype: file.type || 'application/octet-stream',
        lastModified: new Date(file.lastModified).toISOString(),
        // What an original is its bytes say.
        ...(about.role === 'original' ? {} : { role: about.role }),
        ...(about.recording ? { recording: about.recording } : { title: about.title, recordedAt: about.recordedAt, ...(about.source ? { source: about.source } : {}) }),
      },
      // Once there is an upload it is continued or given up: a failed question after it must not begin another from the start.
      onUploadUrlAvailable: () => {
        this.#upload.options.endpoint = null;
        this.#url = this.#upload.url ?? undefined;
        if (this.id) watcher.begun(this.id);
        if (!this.#begun) return;
        void this.#upload.abort();
        this.#begun();
      },
      onProgress: sent => watcher.progress(sent),
      onChunkComplete: (_piece, accepted) => watcher.confirmed(accepted),
      onAfterResponse: (_request, response) => {
        const recording = response.getHeader('Vault-Recording')?.split('/').pop();
        if (recording) watcher.recording(recording);
        const offset = Number(response.getHeader('Upload-Offset') ?? NaN);
        if (!Number.isNaN(offset)) watcher.confirmed(offset);
      },
      onSuccess: () => watcher.done(),
      onError: error => {
        if (this.#begun) this.#begun(refusalOf(error));
        else watcher.failed(refusalOf(error));
      },
    });
  }

  /** Of the upload on the server, once there is one. */
  get id(): string | undefined { return this.#url?.split('/').pop(); }

  /** Makes the upload on the server and sends nothing yet. Says why where that could not be; it may be tried again. */
  begin(): Promise<Refusal | undefined> {
    if (this.#url) return Promise.resolve(undefined);
    return this.#beginning ??= new Promise(done => {
      this.#begun = refusal => {
        this.#begun = this.#beginning = undefined;
        // The client still looks whether it was stopped before it would send: only then may it be started again.
        setTimeout(() => done(refusal));
      };
      this.#upload.start();
    });
  }

  /** After begin(). */
  start(): void {
    this.#upload.start();
  }

  /** What had arrived of the piece that was cut is safe too: the server says how much it is. */
  async pause(): Promise<void> {
    await this.#upload.abort();
    const url = this.#url;
    if (!url) return;
    const headers = { 'Tus-Resumable': '1.0.0', 'Vault-Tenant': meta('vault-tenant') };
    const answer = await fetch(url, { method: 'HEAD', headers }).catch(() => undefined);
    const offset = answer?.headers.get('Upload-Offset');
    if (offset) this.#watcher.confirmed(Number(offset));
  }

  /** Also on the server, where what was stored of it is destroyed. */
  async discard(): Promise<void> {
    await this.#beginning;
    await this.#upload.abort();
    if (this.#url) await Upload.terminate(this.#url, this.#upload.options);
  }
}

export function refusalOf(error: Error | DetailedError): Refusal {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (!response) {
    return 'originalRequest' in error
      ? { words: navigator.onLine ? 'The vault does not answer.' : 'No network.', final: false }
      : { words: 'The file can’t be read any more. Choose it again.', final: true };
  }
  const status = response.getStatus();
  if (status === 401) return { words: 'You were signed out. Sign in again in another tab, then continue.', final: false };
  if (status === 404 || status === 410) return { words: 'The vault has given this upload up. Choose the file again.', final: true };
  // The vault's own words list formats, for programs.
  if (status === 415) return { words: 'This is nothing that the vault can read, whatever its name says. Nothing of it was stored.', final: true };
  if (status === 423 || status === 408 || status === 429 || status === 460 || status >= 500) {
    return { words: problemOf(response.getBody()) ?? 'The vault can’t take it just now.', final: false };
  }
  return { words: problemOf(response.getBody()) ?? `The vault refused it (${status}).`, final: true };
}

function problemOf(body: string): string | undefined {
  try {
    const problem = JSON.parse(body) as { detail?: unknown; title?: unknown };
    return [problem.detail, problem.title].find(words => typeof words === 'string' && words !== '') as string | undefined;
  } catch {
    return undefined;
  }
}
