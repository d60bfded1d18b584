// What was said, beside the film: follows it until the reader scrolls, and leads into it.
import { line, wordsOf, type Said } from './captions';
import { one } from './dom';
import { clock, type Player } from './player';

export class Transcript {
  readonly #section: HTMLElement;
  readonly #player: Player;
  readonly #box: HTMLElement;
  readonly #chapters: { at: number; title: string }[];
  #lines: HTMLButtonElement[];
  #current: HTMLButtonElement | undefined;
  #follows = true;
  #found: HTMLButtonElement[] = [];
  #shownHit = -1;

  constructor(section: HTMLElement, player: Player) {
    this.#section = section;
    this.#player = player;
    this.#box = one(section, '.transcript');
    this.#lines = [...this.#box.querySelectorAll<HTMLButtonElement>('.line')];
    this.#chapters = this.#lines.map(button => ({ at: Number(button.dataset['at']), title: wordsOf(button).textContent ?? '' }));
    this.#box.addEventListener('click', event => {
      const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('.line') : null;
      if (button) this.#open(button);
    });
    for (const name of ['wheel', 'touchmove'] as const) this.#box.addEventListener(name, () => this.#follow(false), { passive: true });
    this.#box.addEventListener('keydown', event => this.#key(event));
    section.querySelector('[data-follow]')?.addEventListener('click', () => { this.#follow(true); this.#show(true); });
    const find = section.querySelector<HTMLInputElement>('[data-find]');
    find?.addEventListener('input', () => this.#find(find.value));
    find?.addEventListener('keydown', event => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      this.#next(event.shiftKey ? -1 : 1);
    });
    for (const name of ['timeupdate', 'seeking', 'seeked'] as const) player.video.addEventListener(name, () => this.#show());
    player.captions.read((said, language) => this.#fill(said, language));
    player.onClose(() => {
      this.#box.replaceChildren();
      this.#lines = [];
      section.hidden = true;
    });
  }

  #fill(said: Said[], language: string): void {
    if (said.length === 0) return;
    const chapters = [...this.#chapters];
    const parts: HTMLElement[] = [];
    let speaker = '';
    for (const one of said) {
      while (chapters[0] && chapters[0].at <= one.from + 0.5) parts.push(heading(chapters.shift()!));
      parts.push(line(one.from, one.who === speaker ? '' : one.who, one.words));
      speaker = one.who;
    }
    parts.push(...chapters.map(heading));
    this.#box.replaceChildren(...parts);
    this.#lines = [...this.#box.querySelectorAll<HTMLButtonElement>('.line')];
    one(this.#section, '[data-language]').textContent = language;
    this.#section.hidden = false;
    const find = this.#section.querySelector<HTMLInputElement>('[data-find]');
    if (find) this.#find(find.value);
    this.#show();
  }

  #open(button: HTMLButtonElement): void {
    this.#player.go(Number(button.dataset['at']));
    this.#follow(true);
    this.#show();
    if (!this.#player.playing) this.#player.toggle();
  }

  /** Marks what is said now; brings it into view while the reader has not gone elsewhere. */
  #show(now = false): void {
    const at = this.#player.at + 0.05;
    let current: HTMLButtonElement | undefined;
    for (const button of this.#lines) {
      if (Number(button.dataset['at']) > at) break;
      current = button;
    }
    if (current === this.#current && !now) return;
    this.#current?.removeAttribute('aria-current');
    current?.setAttribute('aria-current', 'true');
    this.#current = current;
    if (current && this.#follows) this.#bring(current);
  }

  /** Scrolls the box alone: the page stays where the reader has it. */
  #bring(button: HTMLElement): void {
    const box = this.#box;
    const top = button.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
    box.scrollTo({ top: top - box.clientHeight / 3, behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  }

  #follow(follows: boolean): void {
    this.#follows = follows;
    const again = this.#section.querySelector<HTMLElement>('[data-follow]');
    if (again) again.hidden = follows || !this.#player.playing;
  }

  /** Up and down go from line to line; the keys that scroll end the following. */
  #key(event: KeyboardEvent): void {
    if (['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown'].includes(event.key)) this.#follow(false);
    const here = document.activeElement instanceof HTMLButtonElement ? this.#lines.indexOf(document.activeElement) : -1;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (here < 0 || step === 0) return;
    event.preventDefault();
    this.#lines[here + step]?.focus();
  }

  #find(words: string): void {
    const wanted = fold(words.trim()).text;
    this.#found = [];
    this.#shownHit = -1;
    for (const button of this.#lines) {
      const spoken = wordsOf(button);
      const text = spoken.textContent ?? '';
      const parts = wanted.length < 2 ? [text] : split(text, wanted);
      if (parts.length > 1) this.#found.push(button);
      if (parts.length > 1 || spoken.children.length > 0) spoken.replaceChildren(...parts.map((part, index) => index % 2 === 0 ? part : mark(part)));
    }
    if (this.#found.length > 0) this.#next(1);
    else this.#tell(wanted.length < 2 ? '' : this.#section.dataset['none'] ?? '');
  }

  #next(step: number): void {
    if (this.#found.length === 0) return;
    this.#shownHit = (this.#shownHit + step + this.#found.length) % this.#found.length;
    const hit = this.#found[this.#shownHit]!;
    this.#follow(false);
    this.#bring(hit);
    for (const button of this.#lines) button.classList.toggle('hit', button === hit);
    this.#tell((this.#section.dataset['found'] ?? '').replace('{n}', String(this.#shownHit + 1)).replace('{all}', String(this.#found.length)));
  }

  #tell(words: string): void {
    if (words === '') for (const button of this.#lines) button.classList.remove('hit');
    const says = this.#section.querySelector('[data-says]');
    if (says) says.textContent = words;
  }
}

function heading(chapter: { at: number; title: string }): HTMLElement {
  const head = document.createElement('h3');
  const time = document.createElement('time');
  time.textContent = clock(chapter.at);
  head.append(chapter.title, time);
  return head;
}

function mark(words: string): HTMLElement {
  const found = document.createElement('mark');
  found.textContent = words;
  return found;
}

/** Without case and accents, with the place of each letter in the text it came from. */
function fold(text: string): { text: string; places: number[] } {
  let folded = '';
  const places: number[] = [];
  let place = 0;
  for (const letter of text) {
    const plain = letter.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    folded += plain;
    for (let index = 0; index < plain.length; index++) places.push(place);
    place += letter.length;
  }
  places.push(place);
  return { text: folded, places };
}

/** Text, found, text, found … text. */
function split(text: string, wanted: string): string[] {
  const { text: folded, places } = fold(text);
  const parts: string[] = [];
  let from = 0;
  for (let hit = folded.indexOf(wanted); hit >= 0; hit = folded.indexOf(wanted, hit + wanted.length)) {
    const [start, end] = [places[hit]!, places[hit + wanted.length]!];
    parts.push(text.slice(from, start), text.slice(start, end));
    from = end;
  }
  parts.push(text.slice(from));
  return parts;
}
