// The recording's page: player, share dialog, title, links that stop, and who watched while the page is open.
import { ask } from '../parts/ask';
import { busy } from '../parts/buttons';
import { confirmed } from '../parts/confirm';
import { openDialog } from '../parts/dialog';
import { one } from '../parts/dom';
import { keepFresh, refresh } from '../parts/live';
import { followMaking } from '../parts/making';
import { Player } from '../parts/player';
import { followConsent } from '../parts/said';
import { ShareForm } from '../parts/share';
import { bindStops } from '../parts/stops';
import { askBeforeTrash } from '../parts/trash';

const players = [...document.querySelectorAll<HTMLElement>('[data-player]')].map(section => new Player(section));
// A strip has the film's own axis: it leads to what was watched.
document.addEventListener('click', event => {
  const strip = event.target instanceof Element ? event.target.closest('[data-heat]') : null;
  const player = players[0];
  if (!strip || !player) return;
  const { left, width } = strip.getBoundingClientRect();
  player.go(((event.clientX - left) / width) * player.duration);
  player.section.scrollIntoView({ block: 'nearest' });
});

keepFresh((id, part) => {
  if (id === 'links') bindStops(stopped);
  // Everything has arrived, or moved: the page has a player in its place.
  if ((id === 'arrival' || id === 'moving') && !part) location.reload();
});
bindStops(stopped);
for (const part of document.querySelectorAll<HTMLElement>('[data-making]')) followMaking(part);
followConsent(['said']);

for (const opener of document.querySelectorAll<HTMLElement>('[data-open="share-dialog"]')) {
  opener.addEventListener('click', event => {
    if (event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    share(opener);
  });
}

async function stopped(): Promise<void> {
  await refresh('links');
  one<HTMLElement>(document, '#links-head').focus();
}

function share(opener: HTMLElement): void {
  const dialog = one<HTMLDialogElement>(document, '#share-dialog');
  const form = new ShareForm(dialog);
  openDialog(
    dialog, opener,
    () => form.made
      ? form.copied || confirmed('Close without copying the link?', 'Close', 'It is shown this once.')
      : !form.touched || confirmed('Close without making the link?', 'Close', 'What you filled in is lost.'),
    () => {
      void refresh('share-dialog');
      if (form.made) void refresh('links');
    });
}

askBeforeTrash();

const rename = document.querySelector<HTMLFormElement>('form[data-rename]');
rename?.addEventListener('submit', event => { event.preventDefault(); void changeTitle(rename); });

async function changeTitle(form: HTMLFormElement): Promise<void> {
  const field = one<HTMLInputElement>(form, '[name=title]');
  const title = field.value.trim();
  const error = one<HTMLElement>(form, '[data-error]');
  const back = busy(one(form, 'button[type=submit]'), 'Changing it…');
  error.hidden = true;
  field.removeAttribute('aria-invalid');
  try {
    await ask('PATCH', form.dataset['rename']!, { title });
    const heading = one(document, '#title bdi');
    document.title = document.title.replace(heading.textContent ?? '', title);
    heading.textContent = title;
    const part = form.closest('details')!;
    part.open = false;
    part.querySelector('summary')!.focus();
    void refresh('share-dialog');
  } catch (refusal) {
    one(error, 'span').textContent = refusal instanceof Error ? refusal.message : String(refusal);
    error.hidden = false;
    field.setAttribute('aria-invalid', 'true');
    field.focus();
  } finally {
    back();
  }
}
