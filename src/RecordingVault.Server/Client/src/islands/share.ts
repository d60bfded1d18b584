// The page of the share form: what opens when the dialog can't.
import { ShareForm } from '../parts/share';

if (document.querySelector('form[data-share]')) {
  const form = new ShareForm(document);
  addEventListener('beforeunload', event => { if (form.made && !form.copied) event.preventDefault(); });
}
