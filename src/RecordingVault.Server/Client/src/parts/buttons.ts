/** Buttons that only work with scripts come hidden; here they get to work and are shown. */
export function enliven(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-reveal]')) {
    const field = document.getElementById(button.dataset['reveal'] ?? '');
    if (!(field instanceof HTMLInputElement)) continue;
    button.hidden = false;
    button.addEventListener('click', () => {
      const shown = field.type === 'text';
      field.type = shown ? 'password' : 'text';
      button.setAttribute('aria-pressed', String(!shown));
    });
  }

  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    const field = document.getElementById(button.dataset['copy'] ?? '');
    if (!(field instanceof HTMLInputElement)) continue;
    button.hidden = false;
    button.addEventListener('click', () => void copy(field, button));
    // By hand it is as good.
    field.addEventListener('copy', () => { field.dispatchEvent(new Event('copied', { bubbles: true })); });
  }

  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => { print(); });
  }
}

async function copy(field: HTMLInputElement, button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(field.value);
    toast(button.dataset['copied'] ?? 'Copied.');
    field.dispatchEvent(new Event('copied', { bubbles: true }));
  } catch {
    // No clipboard without https: the text is marked, and the keyboard copies it.
    field.focus();
    field.select();
  }
}

/** Only for what succeeded. Stays 8 seconds, longer while it is pointed at or holds the focus. */
export function toast(words: string): void {
  let list = document.querySelector('.toasts');
  if (!list) {
    list = document.createElement('div');
    list.className = 'toasts';
    list.setAttribute('role', 'status');
    (document.querySelector('dialog[open]') ?? document.body).append(list);
  }
  const item = document.createElement('p');
  item.className = 'toast';
  item.textContent = words;
  list.replaceChildren(item);
  const leave = () => (item.matches(':hover, :focus-within') ? setTimeout(leave, 2000) : item.remove());
  setTimeout(leave, 8000);
}

/** The width stays, the words change. */
export function busy(button: HTMLButtonElement, words: string | undefined): () => void {
  const nodes = [...button.childNodes];
  button.style.setProperty('min-inline-size', `${button.offsetWidth}px`);
  button.classList.add('busy');
  button.setAttribute('aria-busy', 'true');
  if (words) button.replaceChildren(words);
  return () => {
    button.classList.remove('busy');
    button.removeAttribute('aria-busy');
    button.style.removeProperty('min-inline-size');
    button.replaceChildren(...nodes);
  };
}
