// One row of the upload page, a recording on its way: what it says follows from its state alone.
import { say } from './clock';
import { confirmed } from './confirm';
import { one } from './dom';
import type { Planned, Role } from './plan';
import { type Refusal } from './sender';
import { type Resume, UploadFiles } from './uploadFiles';
import { bytesText, leftText, percentOf, Speed } from './words';

type State =
  | { is: 'queued' } | { is: 'sending' } | { is: 'paused' } | { is: 'safe'; at: Date }
  | { is: 'waiting'; words: string; until: number } | { is: 'refused'; words: string };

const waits = [2, 4, 8, 15, 30, 60];
const roles: Record<Role, string> = { original: 'film', audio: 'sound', captions: 'captions', transcript: 'transcript', chat: 'chat' };

export class UploadRow {
  readonly element: HTMLLIElement;
  readonly speed = new Speed();
  readonly planned: Planned;
  readonly #files: UploadFiles;
  readonly #changed: () => void;
  readonly #spoken: (words: string) => void;
  #state: State = { is: 'queued' };
  #recording: string | undefined;
  #resumedAt: number | undefined;
  #tries = 0;
  #timer = 0;
  #lastSpoken = 0;

  constructor(planned: Planned, template: HTMLTemplateElement, changed: () => void, spoken: (words: string) => void, resume?: Resume & { percent: number }) {
    this.planned = planned;
    this.#changed = changed;
    this.#spoken = spoken;
    this.#recording = resume?.recording;
    this.#resumedAt = resume?.percent;
    this.element = one<HTMLLIElement>(template.content, 'li').cloneNode(true) as HTMLLIElement;
    one(this.element, '[data-name]').textContent = this.title;
    const icons = this.element.querySelectorAll<SVGElement>('.thumb .icon');
    icons[planned.files[0]!.role === 'audio' ? 0 : 1]?.remove();
    one(this.element, 'progress').setAttribute('aria-label', `Upload of ${this.title}`);
    for (const button of this.element.querySelectorAll<HTMLButtonElement>('[data-do]')) {
      const what = button.dataset['do'];
      if (button.matches('.icon-button')) button.setAttribute('aria-label', `${what === 'pause' ? 'Pause' : 'Cancel'} ${this.title}`);
      button.addEventListener('click', () => this.#press(what));
    }
    this.#files = new UploadFiles(planned, {
      moved: () => { this.#tries = 0; this.speed.seen(this.#files.sent); this.#draw(); },
      recording: id => { this.#recording = id; this.#draw(); },
      done: () => { this.#enter({ is: 'safe', at: new Date() }); this.#spoken(`${this.title} is safe.`); },
      failed: refusal => this.#failed(refusal),
    }, resume);
    this.#enter({ is: 'queued' });
  }

  get title(): string { return this.planned.title; }
  get state(): State['is'] { return this.#state.is; }
  get open(): boolean { return this.state !== 'safe' && this.state !== 'refused'; }
  get remaining(): number { return this.open ? this.#files.total - this.#files.sent - this.#files.settled : 0; }

  start(): void {
    this.#enter({ is: 'sending' });
    this.#files.start();
  }

  /** Queued again: the page starts it when it is its turn. */
  queue(): void { if (this.open) this.#enter({ is: 'queued' }); }

  pause(): void {
    if (!this.open) return;
    void this.#files.pause();
    this.#enter({ is: 'paused' });
  }

  #press(what: string | undefined): void {
    if (what === 'pause') this.pause();
    else if (what === 'go') this.queue();
    else if (what === 'dismiss') this.#leave();
    else if (what === 'cancel') void this.#cancel();
  }

  async #cancel(): Promise<void> {
    const safe = this.#files.files.filter(({ is }) => is === 'safe').length;
    const why = safe > 0
      ? `${safe === 1 ? 'One file is' : `${safe} files are`} in the recording already and ${safe === 1 ? 'stays' : 'stay'} there. The rest is not sent.`
      : `What has arrived, ${bytesText(this.#files.confirmed)}, is destroyed.`;
    if (this.#files.confirmed > 0 && !await confirmed(`Cancel “${this.title}”?`, 'Cancel the upload', why)) return;
    clearTimeout(this.#timer);
    this.#files.discard().catch(() => { /* Unfinished uploads end by themselves; the server sweeps them. */ });
    this.#leave();
  }

  #leave(): void {
    const next = this.element.nextElementSibling ?? this.element.previousElementSibling;
    this.element.remove();
    (next?.querySelector<HTMLElement>('button:not([hidden]), a') ?? document.querySelector<HTMLElement>('#choose'))?.focus();
    this.#enter({ is: 'refused', words: '' });
  }

  #failed(refusal: Refusal): void {
    if (refusal.final) {
      one(this.element, '.thumb').classList.add('plain');
      this.#enter({ is: 'refused', words: refusal.words });
      this.#spoken(`${this.title}: ${refusal.words}`);
      return;
    }
    const seconds = waits[Math.min(this.#tries++, waits.length - 1)]!;
    this.#enter({ is: 'waiting', words: refusal.words, until: Date.now() + seconds * 1000 });
  }

  #enter(state: State): void {
    this.#state = state;
    clearTimeout(this.#timer);
    if (state.is !== 'sending') this.speed.reset();
    if (state.is === 'waiting') this.#countDown(state.until);
    this.#draw();
    this.#changed();
  }

  #countDown(until: number): void {
    const left = until - Date.now();
    if (left <= 0) this.queue();
    else this.#timer = window.setTimeout(() => { this.#draw(); this.#countDown(until); }, Math.min(1000, left));
  }

  #draw(): void {
    const { element } = this;
    const files = this.#files;
    const percent = percentOf(files.sent + files.settled, files.total);
    const bar = one<HTMLProgressElement>(element, 'progress');
    bar.hidden = !this.open;
    bar.value = percent;
    bar.textContent = `${percent} %`;
    bar.className = this.state === 'paused' || this.state === 'waiting' ? 'wait' : '';

    one<HTMLElement>(element, '[data-numbers]').hidden = this.state !== 'sending';
    one(element, '[data-percent]').textContent = `${percent} %`;
    const rate = this.speed.perSecond;
    one(element, '[data-left]').textContent = rate ? `, ${leftText(this.remaining / rate)}` : `, of ${bytesText(files.total)}`;
    one(element, '[data-speed]').textContent = rate ? `${bytesText(rate)}/s` : '';

    this.#drawFiles();
    this.#drawState(percentOf(files.confirmed, files.total));
    this.#show('pause', this.state === 'sending' || this.state === 'queued');
    this.#show('go', this.state === 'paused' || this.state === 'waiting').textContent = this.state === 'waiting' ? 'Try now' : 'Continue';
    this.#show('cancel', this.open);
    this.#show('dismiss', this.state === 'refused');
    if (this.#recording && this.state !== 'refused') this.#link(this.#recording);
    if (this.state === 'sending' && percent >= this.#lastSpoken + 10) {
      this.#lastSpoken = percent - (percent % 10);
      this.#spoken(`${this.title}: ${this.#lastSpoken} %`);
    }
  }

  /** A recording of one file says all in its own line. */
  #drawFiles(): void {
    const list = one<HTMLElement>(this.element, '[data-files]');
    list.hidden = this.planned.files.length < 2;
    if (list.hidden) return;
    const lines = this.#files.files.map(({ file, is, words }) => {
      const line = list.querySelector<HTMLElement>(`[data-path="${CSS.escape(file.path)}"]`) ?? document.createElement('li');
      line.dataset['path'] = file.path;
      line.className = is;
      const said = is === 'refused' ? `not taken: ${words ?? ''}` : is === 'safe' ? 'safe' : is === 'sends' && this.state === 'sending' ? 'on its way' : 'waits';
      const text = `${roles[file.role]} · ${bytesText(file.file.size)} · ${said}`;
      if (line.dataset['said'] !== text) {
        line.dataset['said'] = text;
        const name = document.createElement('bdi');
        name.textContent = file.file.name;
        line.replaceChildren(name, ` · ${text}`);
      }
      return line;
    });
    if (list.childElementCount !== lines.length) list.replaceChildren(...lines);
  }

  #drawState(safe: number): void {
    const line = one<HTMLElement>(this.element, '[data-state]');
    const state = this.#state;
    const resumed = state.is === 'sending' && this.#resumedAt !== undefined;
    line.hidden = state.is === 'sending' && !resumed;
    const refused = this.#files.files.some(({ is }) => is === 'refused');
    const [tone, icon, words] = state.is === 'safe' ? ['ok', 1, `Safe since ${say(state.at, 'clock')}. It can be watched and shared now.${refused ? ' Not everything was taken.' : ''}`] as const
      : state.is === 'refused' ? ['stop', 2, state.words] as const
        : state.is === 'paused' ? ['wait', 0, `Paused. ${safe} % are safe.`] as const
          : state.is === 'waiting' ? ['wait', 0, `${state.words} ${safe} % are safe, we try again in ${Math.max(1, Math.ceil((state.until - Date.now()) / 1000))} seconds.`] as const
            : resumed ? ['ok', 1, `Continued at ${this.#resumedAt} %. Nothing was sent twice.`] as const
              : ['', 0, 'Waits for its turn.'] as const;
    line.className = `state ${tone}`.trim();
    line.querySelectorAll<SVGElement>('.icon').forEach((svg, at) => svg.toggleAttribute('hidden', at !== icon));
    one(line, '[data-words]').textContent = words;
  }

  #show(what: string, wanted: boolean): HTMLElement {
    const button = one<HTMLElement>(this.element, `[data-do="${what}"]`);
    const held = document.activeElement === button;
    button.hidden = !wanted;
    if (held && !wanted) queueMicrotask(() => this.element.querySelector<HTMLElement>('.actions > :not([hidden])')?.focus());
    return button;
  }

  /** From its first byte on it has a page and can be shared; whoever opens the link waits there. */
  #link(recording: string): void {
    const share = one<HTMLAnchorElement>(this.element, '[data-share]');
    const name = one(this.element, '[data-name]');
    share.hidden = false;
    if (name.querySelector('a')) return;
    share.href = `/recordings/${recording}/share`;
    const link = document.createElement('a');
    link.className = 'row-link';
    link.href = `/recordings/${recording}`;
    link.textContent = this.title;
    if (this.open) for (const away of [share, link]) { away.target = '_blank'; away.title = 'Opens beside this page, which goes on sending'; }
    name.replaceChildren(link);
  }
}
