/** A native dialog that gives the focus back to what opened it. */
export function openDialog(dialog: HTMLDialogElement, opener: HTMLElement, mayClose: () => boolean, closed: () => void): void {
  const close = () => { if (mayClose()) dialog.close(); };
  const listening = new AbortController();
  const { signal } = listening;
  for (const button of dialog.querySelectorAll('[data-close]')) button.addEventListener('click', close, { signal });
  dialog.addEventListener('cancel', event => { if (!mayClose()) event.preventDefault(); }, { signal });
  dialog.addEventListener('click', event => { if (event.target === dialog) close(); }, { signal });
  dialog.addEventListener('close', () => {
    listening.abort();
    opener.focus();
    closed();
  }, { signal });
  dialog.showModal();
  dialog.querySelector<HTMLElement>('input:not([type=hidden])')?.focus();
}
