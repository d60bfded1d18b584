// The recording's page: player, share dialog, title, links that stop, and who watched while the page is open.
import { ask } from '../parts/ask';
import { busy } from '../parts/buttons';
import { confirmed } from '../parts/confirm';
import { openDialog } from '../parts/dialog';
import { one } from '../parts/dom';
import { keepFresh, refresh } from '../parts/live';
import { Player } from '../parts/player';
import { ShareForm } from '../parts/share';

for (const section of document.querySelectorAll<HTMLElement>('[data-player]')) new Player(section);

keepFresh((id, part) => {
  if (id === 'links') bindStops();
  // Everything has arrived: the page has a player in its place.
  if (id === 'arrival' && !part) location.reload();
});
bindStops();

for (const opener of document.querySelectorAll<HTMLElement>('[data-open="share-dialog"]')) {
  opener.addEventListener('click', event => {
    if (event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    share(opener);
  });
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

function bindStops(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-stop]:not([data-bound])')) {
    form.dataset['bound'] = 'yes';
    form.addEventListener('submit', event => { event.preventDefault(); void stop(form); });
  }
}

async function stop(form: HTMLFormElement): Promise<void> {
  const whose = form.dataset['whose'] ?? 'this';
  const why = 'Whoever watches through it now is cut off within 5 seconds. The page does not start it again; you can make another link.';
  if (!await confirmed(`Stop ${whose} link?`, 'Stop the link', why)) return;
  const back = busy(one(form, 'button'), 'Stopping…');
  try {
    await ask('DELETE', form.dataset['stop']!);
    await refresh('links');
    one<HTMLElement>(document, '#links-head').focus();
  } catch (refusal) {
    back();
    alert(refusal instanceof Error ? refusal.message : String(refusal));
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-trash]')) {
  form.addEventListener('submit', event => {
    event.preventDefault();
    const why = 'Its links stop at once. It can be taken out of the trash for 30 days.';
    void confirmed(`Move “${form.dataset['trash']}” to the trash?`, 'Move to the trash', why).then(yes => { if (yes) form.submit(); });
  });
}

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
