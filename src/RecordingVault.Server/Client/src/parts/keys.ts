import { openDialog } from './dialog';

const places: Record<string, string> = { l: '/', u: '/upload', a: '/audit' };
const setting = 'rv-single-keys';

/** Keys that work on every member's page. Single letters can be switched off, here and for good (WCAG 2.1.4). */
export function listenToKeys(): void {
  const dialog = document.querySelector<HTMLDialogElement>('#keys');
  if (!dialog) return;
  const box = dialog.querySelector<HTMLInputElement>('#single-keys')!;
  box.checked = localStorage.getItem(setting) !== 'off';
  box.addEventListener('change', () => localStorage.setItem(setting, box.checked ? 'on' : 'off'));
  document.querySelector<HTMLElement>('[data-keys]')?.addEventListener('click', event => {
    const account = (event.currentTarget as HTMLElement).closest('details');
    if (account) account.open = false;
    show(dialog, account?.querySelector('summary') ?? event.currentTarget as HTMLElement);
  });

  let goes = false;
  document.addEventListener('keydown', event => {
    const free = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented
      && !(event.target instanceof Element && event.target.closest('input, select, textarea, dialog, [data-player]'));
    if (!free || !box.checked) {
      goes = false;
      return;
    }
    const place = goes ? places[event.key] : undefined;
    goes = event.key === 'g';
    const search = event.key === '/' ? document.querySelector<HTMLInputElement>('#search-words') : null;
    if (search) {
      event.preventDefault(); // Else it stands in the field.
      search.focus();
      search.select();
    } else if (event.key === '?') show(dialog, document.activeElement instanceof HTMLElement ? document.activeElement : document.body);
    // Only where the rail leads as well.
    else if (place && document.querySelector(`.rail-nav a[href="${place}"]`)) location.assign(place);
  });
}

function show(dialog: HTMLDialogElement, opener: HTMLElement): void {
  if (!dialog.open) openDialog(dialog, opener, () => true, () => {});
}
