// The upload page: files in, a few on their way at once, and nothing lost without being asked.
import { meta, one } from '../parts/dom';
import { droppedFiles, isRecording } from '../parts/dropped';
import { toast } from '../parts/buttons';
import { UploadRow } from '../parts/uploadRow';
import { bytesText, leftText } from '../parts/words';

const atOnce = 3;
const rows: UploadRow[] = [];
const list = one<HTMLUListElement>(document, '#rows');
const template = one<HTMLTemplateElement>(document, '#row');
const input = one<HTMLInputElement>(document, '#files');
const sameFile = one<HTMLInputElement>(document, '#same-file');
const drop = one<HTMLElement>(document, '#drop');
const sum = one<HTMLElement>(document, '#sum');
const rowsHead = one<HTMLElement>(document, '#rows-head');
const pauseAll = one<HTMLButtonElement>(document, '#pause-all');
const spoken = one<HTMLElement>(document, '#spoken');
const longest = Number(input.dataset['max'] ?? '') || Infinity;

/** In the order of the choice, above what is there already. */
function addAll(files: File[]): void {
  [...files].reverse().forEach(file => add(file));
}

function add(file: File, resume?: { url: string; recording: string; confirmed: number }): void {
  const row = new UploadRow(file, template, () => queueMicrotask(settle), words => { spoken.textContent = words; }, resume);
  rows.push(row);
  list.prepend(row.element);
  one<HTMLElement>(document, '#rows-part').hidden = false;
  if (!isRecording(file)) row.refuse('This is not a recording. Nothing was stored.');
  else if (file.size === 0) row.refuse('This file is empty. Nothing was stored.');
  else if (file.size > longest) row.refuse(`This file is longer than ${bytesText(longest)}, the most that this vault takes. Nothing was stored.`);
}

/** Starts what may start, and says at the head what is left to do. */
function settle(): void {
  for (const row of rows) {
    if (rows.filter(other => other.state === 'sending').length >= atOnce) break;
    if (row.state === 'queued') row.start();
  }
  const open = rows.filter(row => row.open);
  pauseAll.hidden = open.filter(row => row.state === 'sending' || row.state === 'queued').length < 2;
  sum.hidden = open.length === 0;
  rowsHead.textContent = open.length > 0 ? 'On their way' : rows.some(row => row.state === 'safe') ? 'Done' : 'Not taken';
  if (open.length > 0) sayHowMuch(open);
}

function sayHowMuch(open: UploadRow[]): void {
  const bytes = open.reduce((total, row) => total + row.remaining, 0);
  const rate = open.reduce((total, row) => total + (row.speed.perSecond ?? 0), 0);
  const left = rate > 0 ? `, ${leftText(bytes / rate)}` : '';
  sum.textContent = `${open.length === 1 ? 'One' : open.length} on ${open.length === 1 ? 'its' : 'their'} way, ${bytesText(bytes)} to go${left}.`;
}

setInterval(() => { const open = rows.filter(row => row.open); if (open.length > 0) sayHowMuch(open); }, 1000);

const choose = one<HTMLButtonElement>(document, '#choose');
choose.disabled = false;
choose.addEventListener('click', () => input.click());
input.addEventListener('change', () => {
  addAll([...input.files ?? []]);
  input.value = '';
});
pauseAll.addEventListener('click', () => rows.forEach(row => row.pause()));

let over = 0;
document.addEventListener('dragenter', event => { event.preventDefault(); over++; drop.classList.add('over'); });
document.addEventListener('dragleave', () => { if (--over <= 0) { over = 0; drop.classList.remove('over'); } });
document.addEventListener('dragover', event => event.preventDefault());
document.addEventListener('drop', event => {
  event.preventDefault();
  over = 0;
  drop.classList.remove('over');
  if (event.dataTransfer) void take(event.dataTransfer);
});

async function take(data: DataTransfer): Promise<void> {
  const { files, leftOut } = await droppedFiles(data);
  addAll(files);
  if (leftOut > 0) toast(`${leftOut} ${leftOut === 1 ? 'file in the folder is no recording and was' : 'files in the folder are no recordings and were'} left out.`);
}

for (const stopped of document.querySelectorAll<HTMLLIElement>('[data-unfinished]')) {
  one<HTMLButtonElement>(stopped, '[data-pick]').addEventListener('click', () => {
    sameFile.onchange = () => {
      const file = sameFile.files?.[0];
      sameFile.value = '';
      if (file) goOn(stopped, file);
    };
    sameFile.click();
  });
  one<HTMLButtonElement>(stopped, '[data-discard]').addEventListener('click', () => void discard(stopped));
}

function goOn(stopped: HTMLLIElement, file: File): void {
  const { name, size, modified, url, recording } = stopped.dataset;
  const other = file.name !== name || file.size !== Number(size) || (modified !== undefined && Math.abs(file.lastModified - Number(modified)) > 2000);
  if (other) {
    const note = one<HTMLElement>(stopped, '[data-note]');
    note.setAttribute('role', 'alert');
    note.textContent = 'This is another file (its name, size or date differs). Nothing was changed.';
    return;
  }
  remove(stopped);
  add(file, { url: url!, recording: recording!, confirmed: 0 });
}

async function discard(stopped: HTMLLIElement): Promise<void> {
  if (!confirm(`Discard “${stopped.dataset['name']}”? What has arrived of it is destroyed.`)) return;
  const answer = await fetch(stopped.dataset['url']!, {
    method: 'DELETE',
    headers: { 'Tus-Resumable': '1.0.0', 'Vault-Tenant': meta('vault-tenant'), RequestVerificationToken: meta('vault-antiforgery') },
  }).catch(() => undefined);
  if (answer?.ok || answer?.status === 404 || answer?.status === 410) remove(stopped);
  else one(stopped, '[data-note]').textContent = 'It could not be discarded just now. Nothing was changed. Try again.';
}

function remove(stopped: HTMLLIElement): void {
  const part = stopped.closest('section');
  stopped.remove();
  if (part && !part.querySelector('[data-unfinished]')) part.remove();
}

addEventListener('online', () => rows.filter(row => row.state === 'waiting').forEach(row => row.queue()));
addEventListener('beforeunload', event => { if (rows.some(row => row.open)) event.preventDefault(); });
