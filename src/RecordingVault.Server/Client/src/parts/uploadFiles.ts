// The files of one recording, one after another: the first makes the recording, the others go into it. It knows nothing of the page; the row listens.
import { forget, remember } from './handles';
import type { Planned, PlannedFile } from './plan';
import { type Refusal, Sender } from './sender';

export type FileState = 'waits' | 'sends' | 'safe' | 'refused';
export interface Resume {
  recording: string;
  /** Addresses of the uploads that were begun and not finished. */
  begun: Map<PlannedFile, string>;
  /** Files that are in the recording already. */
  safe: PlannedFile[];
}

export interface Watcher {
  moved(): void;
  recording(id: string): void;
  done(): void;
  failed(refusal: Refusal): void;
}

// So many files of a recording have their uploads on the server before their turn. A page that is closed between two files thereby finds the next one among
// those that stopped. A member may have 64, and three recordings go at once.
const mostBegun = 16;

export class UploadFiles {
  readonly total: number;
  readonly #planned: Planned;
  readonly #watcher: Watcher;
  readonly #states = new Map<PlannedFile, { is: FileState; words?: string }>();
  readonly #order: PlannedFile[];
  readonly #senders = new Map<PlannedFile, Sender>();
  readonly #resume: Resume | undefined;
  #recording: string | undefined;
  #sending: Sender | undefined;
  /** Counts starts and pauses: whoever waited meanwhile sees that his turn is over. */
  #turn = 0;
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
    this.#order = [...planned.files].sort((left, right) => Number(resume?.begun.has(right) ?? false) - Number(resume?.begun.has(left) ?? false));
  }

  get files(): { file: PlannedFile; is: FileState; words?: string }[] {
    return this.#planned.files.map(file => ({ file, ...this.#states.get(file)! }));
  }

  get sent(): number { return this.#bytesThat('safe') + Math.max(this.#sent, this.#confirmed); }
  get confirmed(): number { return this.#bytesThat('safe') + this.#confirmed; }
  get settled(): number { return this.#bytesThat('refused'); }
  get #open(): PlannedFile[] { return this.#order.filter(file => ['waits', 'sends'].includes(this.#states.get(file)!.is)); }

  #bytesThat(is: FileState): number {
    return this.#planned.files.filter(file => this.#states.get(file)!.is === is).reduce((sum, { file }) => sum + file.size, 0);
  }

  /** Goes on with the file that is at its turn. */
  start(): void {
    void this.#goOn(++this.#turn);
  }

  async #goOn(turn: number): Promise<void> {
    const [file, ...next] = this.#open;
    if (!file) {
      this.#watcher.done();
      return;
    }
    this.#states.set(file, { is: 'sends' });
    const sender = this.#senderOf(file);
    const refusal = await sender.begin();
    if (turn !== this.#turn) return;
    if (refusal) {
      this.#failed(file, refusal);
      return;
    }
    for (const other of next.slice(0, mostBegun - 1)) {
      // Refused, for instance because the member has too many open: it is tried again at its own turn, and says then what is wrong.
      if (await this.#senderOf(other).begin()) break;
      if (turn !== this.#turn) return;
    }
    this.#sending = sender;
    sender.start();
  }

  /** What was sent and not confirmed will be sent again. What is just being begun on the server is not cut: it would be begun twice. */
  async pause(): Promise<void> {
    this.#turn++;
    this.#sent = this.#confirmed;
    await this.#sending?.pause();
  }

  /** What is under way is destroyed on the server too; what is in the recording stays there. */
  async discard(): Promise<void> {
    this.#turn++;
    for (const file of this.#open) {
      const sender = this.#senders.get(file) ?? (this.#resume?.begun.has(file) ? this.#senderOf(file) : undefined);
      await sender?.discard();
      if (sender?.id) await forget(sender.id);
    }
  }

  #senderOf(file: PlannedFile): Sender {
    const known = this.#senders.get(file);
    if (known) return known;
    const sender = new Sender(file.file, {
      title: this.#planned.title,
      recordedAt: this.#planned.recordedAt,
      source: this.#planned.source ?? null,
      role: file.role,
      ...(this.#recording ? { recording: this.#recording } : {}),
    }, {
      progress: sent => { this.#sent = sent; this.#watcher.moved(); },
      confirmed: bytes => {
        if (this.#states.get(file)!.is !== 'sends') return;
        this.#confirmed = Math.max(this.#confirmed, bytes);
        this.#watcher.moved();
      },
      recording: id => {
        this.#recording ??= id;
        this.#watcher.recording(id);
      },
      begun: id => { if (file.handle) void remember(id, file.handle); },
      done: () => this.#settle(file, 'safe'),
      failed: refusal => this.#failed(file, refusal),
    }, this.#resume?.begun.get(file));
    this.#senders.set(file, sender);
    return sender;
  }

  #failed(file: PlannedFile, refusal: Refusal): void {
    this.#sent = this.#confirmed;
    if (!refusal.final) this.#watcher.failed(refusal);
    else if (this.#isLast(file)) {
      this.#states.set(file, { is: 'refused', words: refusal.words });
      this.#watcher.failed(refusal);
    } else this.#settle(file, 'refused', refusal.words);
  }

  /** Whether nothing of the recording is safe and nothing is left to try. */
  #isLast(file: PlannedFile): boolean {
    return this.#planned.files.every(other => other === file || this.#states.get(other)!.is === 'refused');
  }

  #settle(file: PlannedFile, is: 'safe' | 'refused', words?: string): void {
    this.#states.set(file, { is, ...(words ? { words } : {}) });
    const { id } = this.#senderOf(file);
    if (id) void forget(id);
    this.#sending = undefined;
    this.#sent = this.#confirmed = 0;
    this.#watcher.moved();
    this.start();
  }
}
