// Packages that are being made move on by themselves, and one is ended only after a question.
import { one } from '../parts/dom';
import { confirmed } from '../parts/confirm';
import { keepFresh, refresh } from '../parts/live';

keepFresh(bindEnds);
bindEnds();
follow();

function bindEnds(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-end]:not([data-bound])')) {
    form.dataset['bound'] = '';
    form.addEventListener('submit', event => {
      event.preventDefault();
      const why = 'Its key and its bytes are destroyed here at once. Copies that were fetched before are elsewhere and stay.';
      void confirmed(`End the package of “${form.dataset['end']}”?`, 'End it now', why).then(yes => { if (yes) form.submit(); });
    });
  }
}

/** As the server tells it. When it is over the part is fetched again, and says what came of it. */
function follow(): void {
  const part = document.querySelector<HTMLElement>('#export[data-events]');
  if (!part) return;
  const source = new EventSource(part.dataset['events']!);
  source.addEventListener('export', event => {
    const told = JSON.parse((event as MessageEvent<string>).data) as { state: string; done: number; total: number };
    if (told.state !== 'waiting' && told.state !== 'building') {
      source.close();
      void refresh('export');
      return;
    }
    const bar = one<HTMLProgressElement>(part, 'progress');
    bar.value = told.done;
    const words = one<HTMLElement>(part, '[data-told]');
    if (told.state === 'building') words.textContent = (words.dataset['told'] ?? '').replace('{done}', String(told.done));
  });
}
