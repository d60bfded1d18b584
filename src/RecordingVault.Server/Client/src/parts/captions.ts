import { one } from './dom';
import { clock, type Player } from './player';

/** One thing that was said. */
export interface Said { readonly from: number; readonly to: number; readonly who: string; readonly words: string }

/** The captions of a film: shown on it, and told to whoever wants their words. On where there are any (ui.md 6). */
export class Captions {
  readonly #tracks: HTMLTrackElement[];
  readonly #choice: HTMLSelectElement | null;
  readonly #button: HTMLElement | null;
  #chosen = 0;
  #shown = true;
  #reader: (said: Said[], language: string) => void = () => {};

  constructor(player: Player) {
    this.#tracks = [...player.video.querySelectorAll('track')];
    this.#button = player.section.querySelector('[data-do=captions]');
    this.#choice = player.section.querySelector('[data-captions]');
    const names = typeof Intl.DisplayNames === 'function' ? new Intl.DisplayNames([document.documentElement.lang], { type: 'language' }) : undefined;
    for (const [index, track] of this.#tracks.entries()) {
      track.label = name(track.srclang, names) ?? player.text('Captions');
      const option = this.#choice?.querySelector(`option[value="${index}"]`);
      if (option) option.textContent = track.label;
      track.addEventListener('load', () => this.#tell(index));
    }
    this.#choice?.addEventListener('change', () => {
      const index = Number(this.#choice!.value);
      this.#shown = index >= 0;
      if (index >= 0) this.#chosen = index;
      this.#apply();
    });
    player.onClose(() => {
      for (const track of this.#tracks) track.remove();
      this.#tracks.length = 0;
    });
    this.#apply();
  }

  /** Hears the words of the chosen language, now or when they have come. */
  read(reader: (said: Said[], language: string) => void): void {
    this.#reader = reader;
    if (this.#tracks[this.#chosen]?.readyState === HTMLTrackElement.LOADED) this.#tell(this.#chosen);
  }

  toggle(): void {
    this.#shown = !this.#shown;
    this.#apply();
  }

  /** The browser's own menus may have changed what is shown. */
  draw(): void {
    const showing = this.#tracks.findIndex(track => track.track.mode === 'showing');
    if (this.#tracks.length === 0 || (showing >= 0) === this.#shown) return;
    this.#shown = showing >= 0;
    if (showing >= 0) this.#chosen = showing;
    this.#say();
  }

  #apply(): void {
    // Hidden and not disabled: its words are read beside the film.
    for (const [index, track] of this.#tracks.entries()) track.track.mode = index !== this.#chosen ? 'disabled' : this.#shown ? 'showing' : 'hidden';
    this.#say();
    if (this.#tracks[this.#chosen]?.readyState === HTMLTrackElement.LOADED) this.#tell(this.#chosen);
  }

  #say(): void {
    this.#button?.setAttribute('aria-pressed', String(this.#shown));
    if (this.#choice) this.#choice.value = this.#shown ? String(this.#chosen) : '-1';
  }

  #tell(index: number): void {
    const track = this.#tracks[index];
    if (!track || index !== this.#chosen) return;
    this.#reader([...(track.track.cues ?? [])].map(cue => said(cue as VTTCue)).filter(one => one.words.length > 0), track.label);
  }
}

/** The words as text, whoever wrote the file: nothing of its markup reaches the page. */
function said(cue: VTTCue): Said {
  const text = cue.getCueAsHTML().textContent?.replace(/\s+/g, ' ').trim() ?? '';
  // A voice by WebVTT's own mark, or as Zoom and others write it: "Helen Marsh: Good morning".
  const voice = /^<v(?:\.[^\s>]+)*\s+([^>]+)>/.exec(cue.text)?.[1]?.trim();
  const named = voice ? undefined : /^(\p{Lu}[^:.!?]{1,40}): (.+)$/u.exec(text);
  return { from: cue.startTime, to: cue.endTime, who: voice ?? named?.[1] ?? '', words: named?.[2] ?? text };
}

function name(language: string, names: Intl.DisplayNames | undefined): string | undefined {
  if (language === '' || language === 'und') return undefined;
  try {
    return names?.of(language) ?? language;
  } catch {
    return language;
  }
}

/** For a button that leads there: its time and words. */
export function line(at: number, who: string, words: string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'line';
  button.dataset['at'] = String(at);
  const time = document.createElement('time');
  time.textContent = clock(at);
  const text = document.createElement('span');
  if (who) {
    const speaker = document.createElement('b');
    speaker.textContent = who;
    text.append(speaker, ' ');
  }
  const spoken = document.createElement('span');
  spoken.dataset['words'] = '';
  spoken.textContent = words;
  text.append(spoken);
  button.append(time, text);
  return button;
}

export function wordsOf(button: Element): HTMLElement { return one(button, '[data-words]'); }
