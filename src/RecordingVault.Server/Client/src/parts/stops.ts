// Forms that stop a link: with scripts they ask first, and the page stays.
import { ask } from './ask';
import { busy } from './buttons';
import { confirmed, told } from './confirm';
import { one } from './dom';

export function bindStops(stopped: () => Promise<void>): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-stop]:not([data-bound])')) {
    form.dataset['bound'] = 'yes';
    form.addEventListener('submit', event => { event.preventDefault(); void stop(form, stopped); });
  }
}

async function stop(form: HTMLFormElement, stopped: () => Promise<void>): Promise<void> {
  const whose = form.dataset['whose'] ?? 'this';
  const why = 'Whoever watches through it now is cut off within 5 seconds. The page does not start it again; you can open the link again under Links.';
  if (!await confirmed(`Stop ${whose} link?`, 'Stop the link', why)) return;
  const back = busy(one(form, 'button'), 'Stopping…');
  try {
    await ask('DELETE', form.dataset['stop']!);
    await stopped();
  } catch (refusal) {
    back();
    await told('The link was not stopped.', refusal instanceof Error ? refusal.message : String(refusal));
  }
}
