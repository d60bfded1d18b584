// The page on which spans are marked: the player, its time put into the fields, and playing as a copy would.
import { keepFresh } from '../parts/live';
import { one } from '../parts/dom';
import { Player } from '../parts/player';

interface Span { from: number; to: number; isCut: boolean }

const players = [...document.querySelectorAll<HTMLElement>('[data-player]')].map(section => new Player(section));
const form = document.querySelector<HTMLFormElement>('form[data-spans]');

keepFresh((id, part) => {
  // The copy is there, or came to nothing; or the recording's length is known: the page has its form.
  if ((id === 'copies' || id === 'measured') && !part?.dataset['live']) location.reload();
});

if (form && players[0]) bind(form, players[0]);

function bind(form: HTMLFormElement, player: Player): void {
  const video = player.video;
  let isPreview = false;
  let muted = false;

  form.addEventListener('click', event => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('[data-set]') : null;
    const row = button?.closest<HTMLElement>('[data-span]');
    if (!button || !row) return;
    if (button.dataset['set'] === 'none') {
      field(row, 'from').value = '';
      field(row, 'to').value = '';
      field(row, 'from').focus();
    } else {
      put(row, button.dataset['set']!, video.currentTime);
    }
    showNext(form);
  });
  form.addEventListener('input', () => showNext(form));
  showNext(form);
  const kept = spelled(form);
  const watch = (): void => holdBack(spelled(form) !== kept);
  for (const event of ['input', 'change', 'click']) form.addEventListener(event, watch);
  player.section.addEventListener('keydown', watch);

  // Letters act in the player alone, as its own do (WCAG 2.1.4).
  player.section.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== 'i' && event.key !== 'o')) return;
    const rows = [...form.querySelectorAll<HTMLElement>('[data-span]')];
    const row = event.key === 'i' ? rows.find(row => !field(row, 'from').value && !field(row, 'to').value) : rows.find(row => field(row, 'from').value && !field(row, 'to').value);
    if (!row) return;
    event.preventDefault();
    put(row, event.key === 'i' ? 'from' : 'to', video.currentTime);
    showNext(form);
  });

  const preview = one<HTMLButtonElement>(form, '[data-preview]');
  preview.addEventListener('click', () => {
    isPreview = !isPreview;
    preview.setAttribute('aria-pressed', String(isPreview));
    if (!isPreview && muted) video.muted = muted = false;
  });
  video.addEventListener('timeupdate', () => {
    if (!isPreview) return;
    const at = spans(form).find(span => video.currentTime >= span.from && video.currentTime < span.to);
    if (at?.isCut) {
      player.go(at.to);
    } else if (at && !video.muted) {
      video.muted = muted = true;
    } else if (!at && muted) {
      video.muted = muted = false;
    }
  });
}

/** What the fields say, as one text. */
function spelled(form: HTMLFormElement): string {
  return [...new FormData(form)].filter(([name]) => ['from', 'to', 'kind'].includes(name)).map(([, value]) => String(value)).join('\n');
}

/** A copy is made by what is kept: what was changed since is kept first. */
function holdBack(isChanged: boolean): void {
  const copy = document.querySelector<HTMLFormElement>('form[data-copy]');
  if (!copy) return;
  one<HTMLButtonElement>(copy, '[type=submit]').disabled = isChanged;
  document.querySelector<HTMLElement>('[data-unkept]')!.hidden = !isChanged;
}

/** One row to fill in is enough: the next one comes when it is used. */
function showNext(form: HTMLFormElement): void {
  const rows = [...form.querySelectorAll<HTMLElement>('[data-span]')];
  const isEmpty = (row: HTMLElement): boolean => !field(row, 'from').value && !field(row, 'to').value && !row.contains(document.activeElement);
  rows.forEach((row, index) => { row.hidden = isEmpty(row) && rows.slice(0, index).some(isEmpty); });
}

function spans(form: HTMLFormElement): Span[] {
  return [...form.querySelectorAll<HTMLElement>('[data-span]')]
    .map(row => ({ from: read(field(row, 'from').value), to: read(field(row, 'to').value), isCut: one<HTMLSelectElement>(row, 'select').value === 'cut' }))
    .filter(span => span.to > span.from);
}

function field(row: HTMLElement, name: string): HTMLInputElement {
  return one<HTMLInputElement>(row, `input[name=${name}]`);
}

function put(row: HTMLElement, name: string, seconds: number): void {
  field(row, name).value = write(seconds);
}

/** Seconds of 1:02:03.5; NaN where it is no time. */
function read(text: string): number {
  return text.trim() === '' ? NaN : text.trim().replace(',', '.').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

function write(seconds: number): string {
  const thousandths = Math.round(seconds * 1000);
  const [hours, minutes, rest] = [Math.floor(thousandths / 3_600_000), Math.floor(thousandths / 60_000) % 60, (thousandths % 60_000) / 1000];
  const end = rest.toFixed(3).padStart(6, '0').replace(/\.?0+$/, '');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${end}` : `${minutes}:${end}`;
}
