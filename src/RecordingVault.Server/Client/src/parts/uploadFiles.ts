// The files of one recording, one after another: the first makes the recording, the others go into it. It knows nothing of the page; the row listens.
import { forget, remember } from './handles';
import type { Planned, PlannedFile } from './plan';
import { type Refusal, Sender } from './sender';

export type FileState = 'waits' | 'sends' | 'safe' | 'refused';
export interface Resume {
  file: PlannedFile;
  url: string;
  recording: string;
  /** Files that are in the recording already. */
  safe: PlannedFile[];
}

export interface Watcher {
  moved(): void;
  recording(id: string): void;
  done(): void;
  failed(refusal: Refusal): void;
}

export class UploadFiles {
  readonly total: number;
  readonly #planned: Planned;
  readonly #watcher: Watcher;
  readonly #states = new Map<PlannedFile, { is: FileState; words?: string }>();
  readonly #order: PlannedFile[];
  #resume: Resume | undefined;
  #recording: string | undefined;
  #sender: Sender | undefined;
  #upload: string | undefined;
  #sent = 0;
  #confirmed = 0;

  constructor(planned: Planned, watcher: Watcher, resume?: Resume) {
    this.#planned = planned;
    this.#watcher = watcher;
    this.#resume = resume;
    this.#recording = resume?.recording;
    this.total = planned.files.reduce((sum, { file }) => sum + file.size, 0);
    for (const file of planned.files) this.#states.set(file, { is: resume?.safe.includes(file) ? 'safe' : 'waits' });
    // What was begun is finished first.
    this.#order = [...planned.files].sort((left, right) => Number(right === resume?.file) - Number(left === resume?.file));
  }

  get files(): { file: PlannedFile; is: FileState; words?: string }[] {
    return this.#planned.files.map(file => ({ file, ...this.#states.get(file)! }));
  }

  get sent(): number { return this.#safeBytes + Math.max(this.#sent, this.#confirmed); }
  get confirmed(): number { return this.#safeBytes + this.#confirmed; }
  get settled(): number { return this.#planned.files.filter(file => this.#states.get(file)!.is === 'refused').reduce((sum, { file }) => sum + file.size, 0); }
  get current(): PlannedFile | undefined { return this.#order.find(file => ['waits', 'sends'].includes(this.#states.get(file)!.is)); }

  get #safeBytes(): number {
    return this.#planned.files.filter(file => this.#states.get(file)!.is === 'safe').reduce((sum, { file }) => sum + file.size, 0);
  }

  /** Goes on with the file that is at its turn. */
  start(): void {
    const file = this.current;
    if (!file) {
      this.#watcher.done();
      return;
    }
    this.#states.set(file, { is: 'sends' });
    this.#sender ??= this.#send(file);
    this.#sender.start();
  }

  /** What was sent and not confirmed will be sent again. */
  async pause(): Promise<void> {
    this.#sent = this.#confirmed;
    await this.#sender?.pause();
  }

  /** What is under way is destroyed on the server too; what is in the recording stays there. */
  async discard(): Promise<void> {
    const upload = this.#upload;
    await this.#sender?.discard();
    if (upload) await forget(upload);
  }

  #send(file: PlannedFile): Sender {
    const resume = this.#resume?.file === file ? this.#resume : undefined;
    this.#upload = resume?.url.split('/').pop();
    return new Sender(file.file, {
      title: this.#planned.title,
      recordedAt: this.#planned.recordedAt,
      role: file.role,
      ...(this.#recording ? { recording: this.#recording } : {}),
    }, {
      progress: sent => { this.#sent = sent; this.#watcher.moved(); },
      confirmed: bytes => { this.#confirmed = Math.max(this.#confirmed, bytes); this.#watcher.moved(); },
      recording: id => {
        this.#recording ??= id;
        this.#watcher.recording(id);
      },
      begun: id => {
        this.#upload = id;
        if (file.handle) void remember(id, file.handle);
      },
      done: () => this.#settle(file, 'safe'),
      failed: refusal => {
        this.#sent = this.#confirmed;
        if (!refusal.final) this.#watcher.failed(refusal);
        else if (this.#isLast(file)) {
          this.#states.set(file, { is: 'refused', words: refusal.words });
          this.#watcher.failed(refusal);
        } else this.#settle(file, 'refused', refusal.words);
      },
    }, resume);
  }

  /** Whether nothing of the recording is safe and nothing is left to try. */
  #isLast(file: PlannedFile): boolean {
    return this.#planned.files.every(other => other === file || this.#states.get(other)!.is === 'refused');
  }

  #settle(file: PlannedFile, is: 'safe' | 'refused', words?: string): void {
    this.#states.set(file, { is, ...(words ? { words } : {}) });
    if (this.#upload) void forget(this.#upload);
    this.#sender = this.#upload = undefined;
    this.#sent = this.#confirmed = 0;
    this.#watcher.moved();
    this.start();
  }
}
