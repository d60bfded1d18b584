// One row of the upload page: what it says follows from its state alone.
import { isAudio } from './dropped';
import { say } from './clock';
import { one } from './dom';
import { type Refusal, Sender, titleOf } from './sender';
import { bytesText, leftText, percentOf, Speed } from './words';

type State =
  | { is: 'queued' } | { is: 'sending' } | { is: 'paused' } | { is: 'safe'; at: Date }
  | { is: 'waiting'; words: string; until: number } | { is: 'refused'; words: string };

const waits = [2, 4, 8, 15, 30, 60];

export class UploadRow {
  readonly element: HTMLLIElement;
  readonly speed = new Speed();
  readonly #file: File;
  readonly #changed: () => void;
  readonly #spoken: (words: string) => void;
  #sender: Sender | undefined;
  #state: State = { is: 'queued' };
  #sent = 0;
  #confirmed = 0;
  #recording: string | undefined;
  #tries = 0;
  #timer = 0;
  #lastSpoken = 0;

  constructor(file: File, template: HTMLTemplateElement, changed: () => void, spoken: (words: string) => void,
    resume?: { url: string; recording: string; confirmed: number }) {
    this.#file = file;
    this.#changed = changed;
    this.#spoken = spoken;
    this.element = one<HTMLLIElement>(template.content, 'li').cloneNode(true) as HTMLLIElement;
    this.#recording = resume?.recording;
    this.#confirmed = this.#sent = resume?.confirmed ?? 0;
    one(this.element, '[data-name]').textContent = this.title;
    const icons = this.element.querySelectorAll<SVGElement>('.thumb .icon');
    icons[isAudio(file) ? 0 : 1]?.remove();
    one(this.element, 'progress').setAttribute('aria-label', `Upload of ${this.title}`);
    for (const button of this.element.querySelectorAll<HTMLButtonElement>('[data-do]')) {
      const what = button.dataset['do'];
      if (button.matches('.icon-button')) button.setAttribute('aria-label', `${what === 'pause' ? 'Pause' : 'Cancel'} ${this.title}`);
      button.addEventListener('click', () => this.#press(what));
    }
    this.#sender = new Sender(file, {
      progress: sent => { this.#sent = sent; this.speed.seen(sent); this.#draw(); },
      confirmed: bytes => {
        this.#confirmed = Math.max(this.#confirmed, bytes);
        this.#tries = 0;
        if (this.state !== 'paused') return;
        this.#sent = this.#confirmed;
        this.#draw();
      },
      recording: id => { this.#recording = id; },
      done: () => { this.#confirmed = this.#sent = file.size; this.#enter({ is: 'safe', at: new Date() }); this.#spoken(`${this.title} is safe.`); },
      failed: refusal => this.#failed(refusal),
    }, resume);
    this.#enter({ is: 'queued' });
  }

  get title(): string { return titleOf(this.#file.name); }
  get state(): State['is'] { return this.#state.is; }
  get open(): boolean { return this.state !== 'safe' && this.state !== 'refused'; }
  get remaining(): number { return this.open ? this.#file.size - Math.max(this.#sent, this.#confirmed) : 0; }

  /** Nothing of it is kept: the row shows the file as the person knows it. */
  refuse(words: string): void {
    one(this.element, '[data-name]').textContent = this.#file.name;
    one(this.element, '.thumb').classList.add('plain');
    this.#enter({ is: 'refused', words });
  }

  start(): void {
    this.#enter({ is: 'sending' });
    this.#sender?.start();
  }

  /** Queued again: the page starts it when it is its turn. */
  queue(): void { if (this.open) this.#enter({ is: 'queued' }); }

  pause(): void {
    if (!this.open) return;
    void this.#sender?.pause();
    this.#sent = this.#confirmed;
    this.#enter({ is: 'paused' });
  }

  #press(what: string | undefined): void {
    if (what === 'pause') this.pause();
    else if (what === 'go') this.queue();
    else if (what === 'dismiss') this.#leave();
    else if (what === 'cancel') this.#cancel();
  }

  #cancel(): void {
    if (this.#confirmed > 0 && !confirm(`Cancel “${this.title}”? What has arrived, ${bytesText(this.#confirmed)}, is destroyed.`)) return;
    clearTimeout(this.#timer);
    this.#sender?.discard().catch(() => { /* Unfinished uploads end by themselves; the server sweeps them. */ });
    this.#leave();
  }

  #leave(): void {
    const next = this.element.nextElementSibling ?? this.element.previousElementSibling;
    this.element.remove();
    (next?.querySelector<HTMLElement>('button:not([hidden]), a') ?? document.querySelector<HTMLElement>('#choose'))?.focus();
    this.#enter({ is: 'refused', words: '' });
  }

  #failed(refusal: Refusal): void {
    this.#sent = this.#confirmed;
    if (refusal.final) {
      this.refuse(refusal.words);
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
    const percent = percentOf(this.#sent, this.#file.size);
    const safe = percentOf(this.#confirmed, this.#file.size);
    const bar = one<HTMLProgressElement>(element, 'progress');
    bar.hidden = !this.open;
    bar.value = percent;
    bar.textContent = `${percent} %`;
    bar.className = this.state === 'paused' || this.state === 'waiting' ? 'wait' : '';

    one<HTMLElement>(element, '[data-numbers]').hidden = this.state !== 'sending';
    one(element, '[data-percent]').textContent = `${percent} %`;
    const rate = this.speed.perSecond;
    one(element, '[data-left]').textContent = rate ? `, ${leftText((this.#file.size - this.#sent) / rate)}` : `, of ${bytesText(this.#file.size)}`;
    one(element, '[data-speed]').textContent = rate ? `${bytesText(rate)}/s` : '';

    this.#drawState(safe);
    this.#show('pause', this.state === 'sending' || this.state === 'queued');
    this.#show('go', this.state === 'paused' || this.state === 'waiting').textContent = this.state === 'waiting' ? 'Try now' : 'Continue';
    this.#show('cancel', this.open);
    this.#show('dismiss', this.state === 'refused');
    if (this.state === 'safe' && this.#recording) this.#link(this.#recording);
    if (this.state === 'sending' && percent >= this.#lastSpoken + 10) {
      this.#lastSpoken = percent - (percent % 10);
      this.#spoken(`${this.title}: ${this.#lastSpoken} %`);
    }
  }

  #drawState(safe: number): void {
    const line = one<HTMLElement>(this.element, '[data-state]');
    const state = this.#state;
    line.hidden = state.is === 'sending';
    const [tone, icon, words] = state.is === 'safe' ? ['ok', 1, `Safe since ${say(state.at, 'clock')}. It can be watched and shared now.`] as const
      : state.is === 'refused' ? ['stop', 2, state.words] as const
        : state.is === 'paused' ? ['wait', 0, `Paused. ${safe} % are safe.`] as const
          : state.is === 'waiting' ? ['wait', 0, `${state.words} ${safe} % are safe, we try again in ${Math.max(1, Math.ceil((state.until - Date.now()) / 1000))} seconds.`] as const
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

  #link(recording: string): void {
    const share = one<HTMLAnchorElement>(this.element, '[data-share]');
    share.hidden = false;
    share.href = `/recordings/${recording}/share`;
    const name = one(this.element, '[data-name]');
    if (name.querySelector('a')) return;
    const link = document.createElement('a');
    link.className = 'row-link';
    link.href = `/recordings/${recording}`;
    link.textContent = this.title;
    name.replaceChildren(link);
  }
}
