// SPDX-License-Identifier: MIT
// The page: from the fields to the texts, and back onto the page.
import { PANELS, POINTER_NAME, POINTER_SAVED, domainOf, isFound, modes, uploads, usualAddress, usualFolders, usualHome } from './layouts.mjs';
import { checkCredential, checkFolder, checkKeyFile, checkPrivate, checkProgramsAddress, checkServer, checkSite, checkSiteName, folderOf, siteOf, trimmed } from './fields.mjs';
import { newKey, newSetupCode } from './random.mjs';
import { callbackUrl, fillStep, makeConfig, needs } from './config.mjs';
import { exampleRest, fillExample, merge, refusalOf, tellMerge } from './htaccess.mjs';
import { decodeFile, encodeFile } from './files.mjs';
import { findGateProblem, makeGateLines, makeRule } from './gate.mjs';
import { folderPicture, modePicture } from './pictures.mjs';
import { copyOnClick, field, fillList, fillTable, offer, showFault, watchForm } from './form.mjs';

const text = (id) => field(id).value;
const chosen = (name) => document.querySelector(`[name=${name}]:checked`).value;
const template = (id) => field(id).content.textContent;
const presets = JSON.parse(template('providers'));

// One of each for as long as the page is open: made anew, the files would no longer be those that were uploaded.
const key = newKey(), setupCode = newSetupCode();

// --- the account ---

// What the owner has typed over is theirs; the rest follows the panel.
const typed = new Set();

function put(id, value) {
  if (!typed.has(id)) field(id).value = value;
  if (field(id).getAttribute('aria-invalid') === 'true') field(id).dispatchEvent(new Event('change'));
}

function followPanel() {
  const panel = PANELS[text('panel')];
  for (const kind of ['main', 'added']) field(`kind-${kind}`).textContent = panel.sites[kind].title;
  field('home-hint').textContent = panel.hint;
  field('where').textContent = panel.where;
  field('manager').textContent = panel.manager;
  field('log-place').textContent = panel.log;
  field('home').placeholder = panel.home;
  followSite();
}

function followSite() {
  const site = siteOf(text('site'));
  const domain = site === '' ? 'www.example.com' : domainOf(site);
  const home = () => folderOf(text('home')) || usualHome(text('panel'), domain);
  if (site !== '' && text('panel') === 'plesk') put('home', usualHome('plesk', domain));
  const usual = usualFolders(text('panel'), chosen('kind'), domain, home());
  for (const id of ['root', 'programs', 'private']) put(id, usual[id]);
  put('address', usualAddress({ root: folderOf(text('root')), programs: folderOf(text('programs')) }));
  showProvider();
}

const folders = () => ({
  home: folderOf(text('home')), root: folderOf(text('root')), programs: folderOf(text('programs')), private: folderOf(text('private')),
});

const example = () => PANELS[text('panel')].home;

const accountChecks = {
  site: () => checkSite(text('site')),
  home: () => checkFolder(text('home'), example()),
  root: () => checkFolder(text('root'), `${example()}/public_html`),
  programs: () => checkFolder(text('programs'), `${example()}/cgi-bin`),
  private: () => checkPrivate(text('private'), folders()),
  address: () => checkProgramsAddress(text('address')),
};

const accountIsRight = () => Object.values(accountChecks).every((check) => check() === '');

const keyFile = () => (needs(preset()).key ? trimmed(text('key-file')) : '');

function showAccount() {
  const right = accountIsRight();
  for (const id of ['account-shown', 'upload-shown', 'open-shown']) field(id).hidden = !right;
  field('upload-waits').hidden = right;
  if (!right) return;
  const account = folders(), pointer = !isFound(account);
  field('folder-picture').innerHTML = folderPicture(account, { pointerName: pointer ? POINTER_NAME : '' });
  field('pointer-note').hidden = !pointer;
  field('pointer-made').hidden = !pointer;
  fillTable('uploads', uploads(account, { pointer, keyFile: keyFile() }));
  fillTable('modes', modes(account, { pointer, suffix: text('suffix'), keyFile: keyFile() }));
  for (const shown of document.querySelectorAll('.private-folder')) shown.textContent = account.private;
  const site = siteOf(text('site'));
  field('open-link').href = `${site}/auth/console`;
  field('open-link').textContent = `Open ${site}/auth/console`;
  const login = document.createElement('a');
  login.href = login.textContent = `${site}/login`;
  Object.assign(login, { rel: 'noreferrer', target: '_blank' });
  field('login-shown').replaceChildren(login);
  field('gate-url').value = `${trimmed(text('address'))}/gate${text('suffix')}`;
  field('gate-file').value = `${account.programs}/gate${text('suffix')}`;
}

// --- the provider ---

const preset = () => presets[text('provider')];

function showProvider() {
  const name = text('provider'), { title, hurdles = [], register } = preset(), wanted = needs(preset());
  const site = siteOf(text('site')) || 'https://www.example.com';
  fillList('hurdles', hurdles);
  field('hurdles-shown').hidden = hurdles.length === 0;
  const link = field('register-link');
  link.hidden = register.url === undefined;
  link.href = register.url ?? '#step-provider';
  link.textContent = register.url ?? '';
  field('register-own').textContent = register.url === undefined ? `your own server (${title})` : '';
  fillList('steps', register.steps.map((step) => fillStep(step, site, name)));
  field('callback').value = callbackUrl(site, name);
  field('client-id-label').textContent = wanted.idName;
  field('client-secret-label').textContent = wanted.secretName;
  field('server').placeholder = wanted.address ?? '';
  field('server-asked').hidden = wanted.addressKey === null;
  field('secret-asked').hidden = !wanted.secret;
  field('key-asked').hidden = !wanted.key;
}

const filesChecks = {
  server: () => checkServer(text('server'), needs(preset()).address ?? ''),
  'client-id': () => checkCredential(text('client-id'), needs(preset()).idName),
  'client-secret': () => checkCredential(text('client-secret'), needs(preset()).secretName, trimmed(text('client-id'))),
  'key-file': () => checkKeyFile(text('key-file')),
  'key-id': () => checkCredential(text('key-id'), 'key’s id'),
  'key-issuer': () => checkCredential(text('key-issuer'), 'id of your team'),
  'site-name': () => checkSiteName(text('site-name')),
  'old-htaccess': () => (accountIsRight() ? refusalOf(merge(text('old-htaccess'), ourLines())) : ''),
};

// --- the files ---

const configText = () => makeConfig(template('config-template'), {
  site: siteOf(text('site')), private: folders().private, key, siteName: text('site-name').trim(), setupCode, provider: text('provider'),
  address: trimmed(text('server')).replace(/\/+$/, ''), clientId: trimmed(text('client-id')), clientSecret: trimmed(text('client-secret')),
  keyFile: trimmed(text('key-file')), keyId: trimmed(text('key-id')), keyIssuer: trimmed(text('key-issuer')),
}, preset());

const ourLines = () => fillExample(template('htaccess-template'), {
  private: folders().private, address: trimmed(text('address')).replace(/\/+$/, ''), suffix: text('suffix'), handler: chosen('handler') === 'yes',
});

// Whether the .htaccess that was chosen is no UTF-8.
let oldBytes = false;

async function chooseOld() {
  const [file] = field('old-htaccess-file').files;
  if (file === undefined) return;
  const { fault = '', text: old = '', bytes = false } = decodeFile(new Uint8Array(await file.arrayBuffer()));
  oldBytes = bytes;
  field('old-htaccess').value = old;
  showFault('old-htaccess', fault || filesChecks['old-htaccess']());
}

function show(id, name, made, content = made) {
  field(id).value = made;
  offer(field(`${id}-link`), name, content);
}

function showHtaccess() {
  const old = text('old-htaccess'), made = merge(old, ourLines());
  const whole = old.trim() === '' ? made.text + exampleRest(template('htaccess-template').trimEnd() + '\n') : made.text;
  show('htaccess', 'htaccess.txt', whole, encodeFile(whole, oldBytes));
  field('htaccess-says').textContent = tellMerge(made, old);
}

function makeFiles(right) {
  const account = accountIsRight();
  if (right && !account) field('account-form').requestSubmit();
  field('made').hidden = !right || !account;
  if (field('made').hidden) return;
  showAccount();
  show('config', 'config.json', configText());
  field('setup-code').value = setupCode;
  showHtaccess();
  offer(field('pointer-link'), POINTER_SAVED, `${folders().private}/config.json\n`);
  field('made').scrollIntoView();
}

// --- a guarded folder ---

function makeGate(event) {
  event.preventDefault();
  const folder = text('gate-folder').trim().replace(/\/+$/, ''), url = text('gate-url').trim();
  const way = chosen('gate-way'), file = text('gate-file').trim();
  const problem = findGateProblem({ folder, url, way, file });
  field('gate-problem').textContent = problem;
  field('gate-made').hidden = problem !== '';
  if (problem !== '') return;
  field('gate-rule').value = makeRule(folder, text('gate-emails'));
  show('gate-lines', 'htaccess.txt', makeGateLines(template(`gate-${way}`), url, file));
}

// --- all together ---

const options = (rows, selected) => rows.map(([value, title]) => new Option(title, value, value === selected, value === selected));

field('panel').replaceChildren(...options(Object.entries(PANELS).map(([id, { title }]) => [id, title]), 'cpanel'));
field('provider').replaceChildren(...options(Object.entries(presets).map(([name, { title }]) => [name, title]), 'instagram'));
field('mode-pictures').innerHTML = [['755', 'A program, a folder'], ['644', 'Any other file'], ['600', 'config.json']]
  .map(([mode, what]) => `<figure>${modePicture(mode)}<figcaption>${mode}: ${what}</figcaption></figure>`).join('');
for (const button of document.querySelectorAll('[data-copies]')) copyOnClick(button);
for (const id of ['home', 'root', 'programs', 'private', 'address']) {
  field(id).addEventListener('input', () => {
    typed[text(id) === '' ? 'delete' : 'add'](id);
    followSite();
  });
}
field('site').addEventListener('input', followSite);
field('panel').addEventListener('change', () => {
  for (const id of ['root', 'programs', 'private', 'address']) typed.delete(id);
  field(`handler-${PANELS[text('panel')].asksHandler ? 'suffix' : 'folder'}`).checked = true;
  followPanel();
});
for (const radio of document.querySelectorAll('[name=kind]')) {
  radio.addEventListener('change', () => {
    for (const id of ['root', 'programs', 'private', 'address']) typed.delete(id);
    followSite();
  });
}
field('provider').addEventListener('change', () => {
  for (const id of Object.keys(filesChecks)) showFault(id, '');
  showProvider();
});
watchForm(field('account-form'), accountChecks, showAccount);
watchForm(field('files-form'), filesChecks, makeFiles);
field('old-htaccess-file').addEventListener('change', chooseOld);
field('gate-form').addEventListener('submit', makeGate);
followPanel();
