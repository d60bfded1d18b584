// Uppy as a page would use it, bundled at test time and given to a page of the vault. The file is made in the page: what its bytes are follows from their place.
import Uppy from '@uppy/core';
import Tus from '@uppy/tus';

globalThis.uploadByUppy = length => new Promise((done, failed) => {
  const meta = name => document.querySelector(`meta[name="${name}"]`)?.content ?? '';
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 7 + (i >> 16)) & 0xff;
  bytes.set([0, 0, 0, 0x18, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6f, 0x6d, 0, 0, 0, 0, 0x69, 0x73, 0x6f, 0x6d, 0x6d, 0x70, 0x34, 0x32]);
  const uppy = new Uppy({ autoProceed: true });
  let recording;
  uppy.use(Tus, {
    endpoint: '/api/v1/uploads',
    retryDelays: Array(200).fill(250),
    removeFingerprintOnSuccess: true,
    storeFingerprintForResuming: false,
    headers: { 'Vault-Tenant': meta('vault-tenant'), RequestVerificationToken: meta('vault-antiforgery') },
    allowedMetaFields: [],
    onShouldRetry: () => true,
    onAfterResponse: (_request, response) => { recording = response.getHeader('Vault-Recording') ?? recording; },
  });
  uppy.on('complete', result => (result.successful.length === 1 ? done(recording) : failed(new Error('Uppy gave up.'))));
  uppy.addFile({ name: 'meeting.mp4', type: 'video/mp4', data: new Blob([bytes], { type: 'video/mp4' }) });
});
