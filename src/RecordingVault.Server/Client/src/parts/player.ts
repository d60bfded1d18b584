// The player: an island on native video. Nothing is fetched before play is pressed.
import { one } from './dom';

const speeds = [1, 1.25, 1.5, 2, 0.75];

export class Player {
  readonly #section: HTMLElement;
  readonly #video: HTMLVideoElement;
  readonly #seek: HTMLInputElement;
  readonly #source: string;
  #duration: number;
  #closed = false;
  #loadingWords = 0;
  #played: [number, number][] = [];

  constructor(section: HTMLElement) {
    this.#section = section;
    this.#video = one(section, 'video');
    this.#seek = one(section, '.seek');
    this.#source = section.dataset['src'] ?? '';
    this.#duration = Number(section.dataset['duration'] ?? '') || 0;
    this.#listen();
    this.#draw();
  }

  get video(): HTMLVideoElement { return this.#video; }
  get playing(): boolean { return !this.#video.paused; }

  get loaded(): boolean { return this.#video.hasAttribute('src'); }

  /** The stretches that were played since this was last asked, in seconds. What was played twice is told twice. */
  takePlayed(): [number, number][] {
    const taken = this.#played;
    const last = taken.at(-1);
    // Playing goes on: the next stretch begins where this one was cut.
    this.#played = last && this.playing ? [[last[1], last[1]]] : [];
    return taken.filter(([from, to]) => to > from).map(([from, to]) => [round(from), round(to)]);
  }

  #notePlayed(): void {
    const video = this.#video;
    const last = this.#played.at(-1);
    const step = last ? video.currentTime - last[1] : Infinity;
    // A timeupdate comes about four times a second; a longer step is a jump.
    if (last && step >= 0 && step < 1.5 * Math.max(1, video.playbackRate)) last[1] = video.currentTime;
    else if (this.playing) this.#played.push([video.currentTime, video.currentTime]);
  }

  /** The picture goes dark, nothing more is fetched, and the words say why. */
  close(words: string): void {
    this.#closed = true;
    this.#video.pause();
    this.#video.removeAttribute('src');
    this.#video.load();
    if (document.fullscreenElement === this.#section) void document.exitFullscreen();
    this.#section.classList.add('closed');
    this.#section.classList.remove('begun');
    for (const control of this.#section.querySelectorAll<HTMLButtonElement | HTMLInputElement>('button, input')) control.disabled = true;
    this.#say(words);
  }

  text(name: string): string {
    return this.#section.querySelector(`[data-text="${name}"]`)?.textContent ?? '';
  }

  /** For a film that was waited for. Where the browser lets nothing begin by itself, this says so. */
  async start(): Promise<boolean> {
    if (this.#closed) return false;
    if (!this.loaded) this.#begin();
    return this.#video.play().then(() => true, () => false);
  }

  toggle(): void {
    if (this.#closed) return;
    if (!this.loaded) this.#begin();
    if (this.#video.paused) void this.#video.play().catch(() => { /* The error event says why. */ });
    else this.#video.pause();
  }

  #begin(): void {
    this.#section.classList.add('begun');
    this.#video.src = this.#source;
    this.#video.preload = 'auto';
    const start = Number(this.#seek.value);
    if (start > 0) this.#video.addEventListener('loadedmetadata', () => { this.#video.currentTime = start; }, { once: true });
  }

  #listen(): void {
    const video = this.#video;
    for (const button of this.#section.querySelectorAll<HTMLButtonElement>('[data-do]')) {
      button.addEventListener('click', () => this.#do(button.dataset['do']));
    }
    for (const name of ['play', 'pause', 'ended', 'timeupdate', 'progress', 'volumechange', 'ratechange', 'seeking'] as const) {
      video.addEventListener(name, () => this.#draw());
    }
    video.addEventListener('timeupdate', () => { if (!video.seeking) this.#notePlayed(); });
    video.addEventListener('seeking', () => { if (this.#played.length > 0) this.#played.push([video.currentTime, video.currentTime]); });
    video.addEventListener('click', () => this.toggle());
    video.addEventListener('durationchange', () => {
      if (Number.isFinite(video.duration) && video.duration > 0) this.#duration = video.duration;
      this.#draw();
    });
    video.addEventListener('waiting', () => {
      clearTimeout(this.#loadingWords);
      this.#loadingWords = window.setTimeout(() => { if (!this.#closed) this.#say(this.text('Loading')); }, 400);
    });
    for (const name of ['playing', 'pause', 'seeked'] as const) {
      video.addEventListener(name, () => { clearTimeout(this.#loadingWords); if (!this.#closed) this.#say(''); });
    }
    video.addEventListener('error', () => void this.#failed());
    this.#seek.addEventListener('input', () => {
      if (this.loaded) video.currentTime = Number(this.#seek.value);
      this.#draw(Number(this.#seek.value));
    });
    this.#section.addEventListener('keydown', event => this.#key(event));
  }

  #do(what: string | undefined): void {
    const video = this.#video;
    if (what === 'play') {
      this.toggle();
      one<HTMLButtonElement>(this.#section, '.player-bar .play').focus();
    } else if (what === 'back') this.#jump(-10);
    else if (what === 'mute') video.muted = !video.muted;
    else if (what === 'speed') video.playbackRate = speeds[(speeds.indexOf(video.playbackRate) + 1) % speeds.length] ?? 1;
    else if (what === 'full') void (document.fullscreenElement ? document.exitFullscreen() : this.#section.requestFullscreen());
  }

  // Only while the focus is in the player: single letters must not act elsewhere (WCAG 2.1.4).
  #key(event: KeyboardEvent): void {
    if (this.#closed || event.ctrlKey || event.metaKey || event.altKey) return;
    const inSeek = event.target === this.#seek;
    const inButton = event.target instanceof HTMLButtonElement;
    const acts: Record<string, (() => void) | undefined> = {
      ' ': inButton ? undefined : () => this.toggle(),
      k: () => this.toggle(),
      j: () => this.#jump(-10),
      l: () => this.#jump(10),
      ArrowLeft: () => this.#jump(-5),
      ArrowRight: () => this.#jump(5),
      f: () => this.#do('full'),
      m: () => this.#do('mute'),
      '<': () => { this.#video.playbackRate = Math.max(0.5, this.#video.playbackRate - 0.25); },
      '>': () => { this.#video.playbackRate = Math.min(3, this.#video.playbackRate + 0.25); },
    };
    const tenth = /^[1-9]$/.test(event.key) ? Number(event.key) / 10 : undefined;
    const act = tenth === undefined ? acts[event.key] : () => this.#go(tenth * this.#duration);
    if (!act || (inSeek && (event.key === 'ArrowUp' || event.key === 'ArrowDown'))) return;
    event.preventDefault();
    act();
  }

  #jump(seconds: number): void {
    this.#go((this.loaded ? this.#video.currentTime : Number(this.#seek.value)) + seconds);
  }

  #go(to: number): void {
    const target = Math.min(Math.max(0, to), this.#duration || 0);
    if (this.loaded) this.#video.currentTime = target;
    this.#draw(target);
  }

  async #failed(): Promise<void> {
    if (this.#closed || !this.loaded) return;
    const code = this.#video.error?.code;
    if (code === MediaError.MEDIA_ERR_DECODE) {
      this.#say(this.text('Damaged'));
      return;
    }
    // The element does not tell what the server said.
    const status = await fetch(this.#source, { method: 'HEAD' }).then(answer => answer.status, () => 0);
    if (this.#closed) return;
    this.#say(this.text(status === 0 ? 'Offline' : status === 409 ? 'NotReady' : status >= 400 ? 'Closed' : 'Unplayable'));
    this.#video.removeAttribute('src');
    this.#section.classList.remove('begun');
  }

  #say(words: string): void {
    one(this.#section, '[data-words]').textContent = words;
  }

  #draw(at = this.loaded ? this.#video.currentTime : Number(this.#seek.value)): void {
    const whole = this.#duration;
    const width = (seconds: number) => String(whole > 0 ? Math.round((1000 * seconds) / whole) : 0);
    const loaded = this.#video.buffered;
    one(this.#section, '.track-line .played').setAttribute('width', width(at));
    one(this.#section, '.track-line .loaded').setAttribute('width', width(loaded.length > 0 ? loaded.end(loaded.length - 1) : 0));
    this.#seek.disabled = this.#closed || whole <= 0;
    this.#seek.max = String(Math.floor(whole));
    this.#seek.value = String(Math.round(at));
    this.#seek.setAttribute('aria-valuetext', this.text('Spoken').replace('{now}', clock(at)).replace('{whole}', clock(whole)));
    one(this.#section, '[data-now]').textContent = clock(at);
    if (whole > 0) one(this.#section, '[data-whole]').textContent = clock(whole);

    this.#section.classList.toggle('playing', this.playing);
    const play = one<HTMLButtonElement>(this.#section, '.player-bar .play');
    const words = [play.dataset['label'] ??= play.getAttribute('aria-label') ?? '', play.dataset['other'] ?? ''];
    play.setAttribute('aria-label', words[this.playing ? 1 : 0] ?? '');
    one(this.#section, '[data-do=mute]').setAttribute('aria-pressed', String(this.#video.muted));
    const speed = one<HTMLButtonElement>(this.#section, '.speed');
    const rate = this.#video.playbackRate.toLocaleString(document.documentElement.lang);
    speed.textContent = `${rate}×`;
    speed.setAttribute('aria-label', (speed.dataset['label'] ?? '').replace('{rate}', rate));
  }
}

export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
