// The upload page: files in, a few recordings on their way at once, and nothing lost without being asked.
import { ask } from '../parts/ask';
import { toast } from '../parts/buttons';
import { confirmed } from '../parts/confirm';
import { meta, one } from '../parts/dom';
import { chosen, dropped, type Picked, pickWithHandles } from '../parts/dropped';
import { fileOf, forget, keepOnly, recall } from '../parts/handles';
import { type LeftOut, plan, type Planned, type PlannedFile, type Role } from '../parts/plan';
import { UploadRow } from '../parts/uploadRow';
import { bytesText, leftText, percentOf } from '../parts/words';

const atOnce = 3;
const rows: UploadRow[] = [];
const list = one<HTMLUListElement>(document, '#rows');
const template = one<HTMLTemplateElement>(document, '#row');
const input = one<HTMLInputElement>(document, '#files');
const folder = one<HTMLInputElement>(document, '#folder');
const sameFile = one<HTMLInputElement>(document, '#same-file');
const drop = one<HTMLElement>(document, '#drop');
const sum = one<HTMLElement>(document, '#sum');
const rowsHead = one<HTMLElement>(document, '#rows-head');
const pauseAll = one<HTMLButtonElement>(document, '#pause-all');
const spoken = one<HTMLElement>(document, '#spoken');
const leftOutPart = one<HTMLElement>(document, '#left-out');

async function take(picked: Picked[]): Promise<void> {
  if (picked.length === 0) return;
  try {
    const { into, intoTitle } = drop.dataset;
    const { recordings, leftOut } = await plan(picked, into !== undefined);
    if (into && recordings.length > 0) {
      // Everything goes into one recording that is there: its first file is not the one that makes it.
      const files = recordings.flatMap(one => one.files).filter(({ file }) => !rows.some(row => row.state !== 'refused' && row.planned.files.some(other => isSame(other.file, file))));
      const resume = { recording: into, begun: new Map<PlannedFile, string>(), safe: [], percent: 0 };
      if (files.length > 0) show(new UploadRow({ title: intoTitle ?? '', recordedAt: '', files }, template, () => queueMicrotask(settle), words => { spoken.textContent = words; }, resume));
      sayLeftOut(leftOut);
      return;
    }
    // In the order of the choice, above what is there already.
    for (const planned of recordings.reverse()) await add(planned);
    sayLeftOut(leftOut);
  } catch (refusal) {
    sayLeftOut([{ path: '', reason: '', says: `${refusal instanceof Error ? refusal.message : String(refusal)} Choose the files again.` }]);
  }
}

async function add(planned: Planned): Promise<void> {
  const here = planned.files.filter(({ file }) => rows.some(row => row.state !== 'refused' && row.planned.files.some(other => isSame(other.file, file))));
  const rest = { ...planned, files: planned.files.filter(file => !here.includes(file)) };
  const begun = stoppedOf(rest.files);
  if (begun.size > 0) await goOn(begun, rest);
  else if (here.length > 0) toast(`“${planned.title}” is here already.`);
  else show(new UploadRow(planned, template, () => queueMicrotask(settle), words => { spoken.textContent = words; }));
}

/** Those of the files whose uploads stopped midway, all in one recording. */
function stoppedOf(files: PlannedFile[]): Map<PlannedFile, HTMLLIElement> {
  const stopped = [...document.querySelectorAll<HTMLLIElement>('[data-unfinished]:not([data-taken])')];
  const found = new Map<PlannedFile, HTMLLIElement>();
  for (const file of files) {
    const at = stopped.findIndex(part => isOf(part, file.file));
    if (at < 0) continue;
    const [part] = stopped.splice(at, 1);
    found.set(file, part!);
    const { recording } = part!.dataset;
    for (let i = stopped.length - 1; i >= 0; i--) if (stopped[i]!.dataset['recording'] !== recording) stopped.splice(i, 1);
  }
  return found;
}

function show(row: UploadRow): void {
  rows.push(row);
  one<HTMLElement>(document, '#rows-part').hidden = false;
  list.prepend(row.element);
}

function isSame(left: File, right: File): boolean {
  return left.name === right.name && left.size === right.size && left.lastModified === right.lastModified;
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

function sayLeftOut(leftOut: LeftOut[]): void {
  leftOutPart.hidden = leftOut.length === 0;
  one(leftOutPart, '[data-list]').replaceChildren(...leftOut.map(({ path, says }) => {
    const line = document.createElement('li');
    const name = document.createElement('bdi');
    name.textContent = path;
    line.append(name, path === '' ? says : `: ${says}`);
    return line;
  }));
}

setInterval(() => { const open = rows.filter(row => row.open); if (open.length > 0) sayHowMuch(open); }, 1000);

for (const [button, field] of [['#choose', input], ['#choose-folder', folder]] as const) {
  const choose = one<HTMLButtonElement>(document, button);
  choose.disabled = false;
  choose.addEventListener('click', () => void open(field));
  field.addEventListener('change', () => {
    const picked = chosen(field.files ?? []);
    field.value = '';
    void take(picked);
  });
}
pauseAll.addEventListener('click', () => rows.forEach(row => row.pause()));
one(leftOutPart, 'button').addEventListener('click', () => { leftOutPart.hidden = true; });

async function open(field: HTMLInputElement): Promise<void> {
  const picked = field === input ? await pickWithHandles() : undefined;
  if (picked) void take(picked);
  else field.click();
}

let over = 0;
document.addEventListener('dragenter', event => { event.preventDefault(); over++; drop.classList.add('over'); });
document.addEventListener('dragleave', () => { if (--over <= 0) { over = 0; drop.classList.remove('over'); } });
document.addEventListener('dragover', event => event.preventDefault());
document.addEventListener('drop', event => {
  event.preventDefault();
  over = 0;
  drop.classList.remove('over');
  if (event.dataTransfer) void dropped(event.dataTransfer).then(take);
});

const unfinished = [...document.querySelectorAll<HTMLLIElement>('[data-unfinished]')];
void keepOnly(new Set(unfinished.map(uploadOf)));
for (const stopped of unfinished) {
  const pick = one<HTMLButtonElement>(stopped, '[data-pick]');
  pick.addEventListener('click', () => {
    sameFile.onchange = () => {
      const file = sameFile.files?.[0];
      sameFile.value = '';
      if (file) void goOnWith(stopped, file);
    };
    sameFile.click();
  });
  one<HTMLButtonElement>(stopped, '[data-discard]').addEventListener('click', () => void discard(stopped));
  void offerHandle(stopped, pick);
}

/** Where the browser still has the file at hand, one click is enough. */
async function offerHandle(stopped: HTMLLIElement, pick: HTMLButtonElement): Promise<void> {
  const handle = await recall(uploadOf(stopped));
  if (!handle) return;
  const more = pick.cloneNode() as HTMLButtonElement;
  delete more.dataset['pick'];
  more.dataset['go'] = '';
  more.className = 'button small primary';
  more.textContent = 'Continue';
  pick.before(more);
  more.addEventListener('click', async () => {
    const file = await fileOf(handle);
    if (file) await goOnWith(stopped, file, handle);
    else {
      more.remove();
      tell(stopped, 'The browser does not give the file any more. Pick it again.');
    }
  });
}

function uploadOf(stopped: HTMLLIElement): string {
  return stopped.dataset['url']!.split('/').pop()!;
}

function isOf(stopped: HTMLLIElement, file: File): boolean {
  const { name, size, modified } = stopped.dataset;
  return file.name === name && file.size === Number(size) && (modified === undefined || Math.abs(file.lastModified - Number(modified)) <= 2000);
}

async function goOnWith(stopped: HTMLLIElement, file: File, handle?: FileSystemFileHandle): Promise<void> {
  if ('taken' in stopped.dataset) return;
  if (!isOf(stopped, file)) {
    tell(stopped, 'This is another file (its name, size or date differs). Nothing was changed.');
    return;
  }
  const planned: PlannedFile = { file, path: file.name, role: stopped.dataset['role'] as Role, ...(handle ? { handle } : {}) };
  const recording = { title: stopped.dataset['title'] || file.name, recordedAt: new Date(file.lastModified).toISOString(), files: [planned] };
  await goOn(new Map([[planned, stopped]]), recording);
}

/** Goes on with what was begun of a recording. Those of the other files that are in it already are not sent again; the rest goes into it. */
async function goOn(begun: Map<PlannedFile, HTMLLIElement>, planned: Planned): Promise<void> {
  const recording = [...begun.values()][0]!.dataset['recording']!;
  const others = planned.files.filter(file => !begun.has(file));
  for (const part of begun.values()) part.dataset['taken'] = '';
  const safe = others.length > 0 ? await alreadyIn(recording, others) : [];
  if (!safe) {
    for (const part of begun.values()) {
      delete part.dataset['taken'];
      tell(part, 'The vault does not say what is in the recording already. Nothing was sent. Choose the folder again.');
    }
    return;
  }
  const bytes = [...begun].reduce((sum, [{ file }, part]) => sum + file.size * Number(part.dataset['percent']) / 100, 0) + safe.reduce((sum, { file }) => sum + file.size, 0);
  const percent = percentOf(bytes, planned.files.reduce((sum, { file }) => sum + file.size, 0));
  const urls = new Map([...begun].map(([file, part]) => [file, part.dataset['url']!]));
  begun.forEach(remove);
  show(new UploadRow(
    planned, template, () => queueMicrotask(settle), words => { spoken.textContent = words; },
    { begun: urls, recording, safe, percent }));
}

/** By exact length and kind, not by content: the server tells no names, and reading whole files again here would take as long as sending them. */
async function alreadyIn(recording: string, files: PlannedFile[]): Promise<PlannedFile[] | undefined> {
  const answer = await ask<{ assets: { role: string; sizeInBytes: number }[] }>('GET', `/api/v1/recordings/${recording}`).catch(() => undefined);
  if (!answer) return undefined;
  const there = [...answer.assets];
  return files.filter(({ role, file }) => {
    const at = there.findIndex(asset => asset.sizeInBytes === file.size && asset.role === (role === 'audio' ? 'original' : role));
    if (at >= 0) there.splice(at, 1);
    return at >= 0;
  });
}

async function discard(stopped: HTMLLIElement): Promise<void> {
  if (!await confirmed(`Discard “${stopped.dataset['name']}”?`, 'Discard', 'What has arrived of it is destroyed.')) return;
  const answer = await fetch(stopped.dataset['url']!, {
    method: 'DELETE',
    headers: { 'Tus-Resumable': '1.0.0', 'Vault-Tenant': meta('vault-tenant'), RequestVerificationToken: meta('vault-antiforgery') },
  }).catch(() => undefined);
  if (answer?.ok || answer?.status === 404 || answer?.status === 410) {
    void forget(uploadOf(stopped));
    remove(stopped);
  } else tell(stopped, 'It could not be discarded just now. Nothing was changed. Try again.');
}

function tell(stopped: HTMLLIElement, words: string): void {
  const note = one<HTMLElement>(stopped, '[data-note]');
  note.setAttribute('role', 'alert');
  note.textContent = words;
}

function remove(stopped: HTMLLIElement): void {
  const part = stopped.closest('section');
  stopped.remove();
  if (part && !part.querySelector('[data-unfinished]')) part.remove();
}

addEventListener('online', () => rows.filter(row => row.state === 'waiting').forEach(row => row.queue()));
addEventListener('beforeunload', event => { if (rows.some(row => row.open)) event.preventDefault(); });
