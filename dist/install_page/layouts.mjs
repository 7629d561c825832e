// SPDX-License-Identifier: MIT
// Where things lie in an account: the folders that each panel makes, and whether the programs find their settings there.

// The file beside the programs that names the config, where they would not find it: common/config/config_pointer.h. A
// browser saves no name that begins with a point, so it is renamed where it belongs.
export const POINTER_NAME = '.cgi-login-config';
export const POINTER_SAVED = 'cgi-login-config.txt';

// {domain} is the site's domain; {parent} and {label} are what stands behind and before its first point. `beside` says
// that the programs' folder has its address from the server (ScriptAlias), wherever it lies.
export const PANELS = {
  cpanel: {
    title: 'cPanel',
    home: '/home/you',
    hint: 'cPanel shows it on its first page, at the right, as “Home Directory”.',
    manager: 'In cPanel’s File Manager: Settings › Show Hidden Files; right-click › Change Permissions.',
    log: 'Metrics › Errors',
    sites: {
      main: { title: 'the main domain', root: 'public_html', programs: 'public_html/cgi-bin' },
      added: { title: 'an addon domain or a subdomain', root: 'public_html/{domain}', programs: 'public_html/{domain}/cgi-bin' },
    },
    where: 'Domains › your domain shows its “Document Root”: that is the web root.',
  },
  plesk: {
    title: 'Plesk',
    home: '/var/www/vhosts/{domain}',
    hint: 'Plesk calls it the webspace; over FTP it is the folder / that you come to. Its path ends in the name of the ' +
      'subscription’s first domain.',
    manager: 'In Plesk’s Files: click the permissions in a file’s line. Hidden files are shown.',
    log: 'Websites & Domains › Logs',
    sites: {
      main: { title: 'the subscription’s first domain', root: 'httpdocs', programs: 'cgi-bin' },
      added: { title: 'a further domain or a subdomain', root: '{domain}', programs: '{domain}/cgi-bin' },
    },
    where: 'Hosting Settings of the domain show its “Document root”, have “CGI support” to switch on, and say where ' +
      'cgi-bin lies.',
  },
  directadmin: {
    title: 'DirectAdmin',
    home: '/home/you',
    hint: 'It is /home/ and the name with which you log in to DirectAdmin.',
    manager: 'In DirectAdmin’s File Manager: right-click › Set Permissions. Hidden files are shown.',
    log: 'Site Summary › Error Log',
    sites: {
      main: {
        title: 'a domain with a folder in “domains”', root: 'domains/{domain}/public_html',
        programs: 'domains/{domain}/public_html/cgi-bin', private: 'domains/{domain}/cgi-login',
      },
      added: {
        title: 'a subdomain with a folder in its domain’s public_html', root: 'domains/{parent}/public_html/{label}',
        programs: 'domains/{parent}/public_html/{label}/cgi-bin',
      },
    },
    where: 'Domain Setup has “CGI Access” to switch on.',
  },
  ispconfig: {
    title: 'ISPConfig',
    home: '/var/www/clients/client1/web1',
    hint: 'ISPConfig shows it under Sites › your site › Options, as “Linux user” web1 and “client1”. Over FTP it is the folder ' +
      '/ that you come to.',
    manager: 'Use an FTP program: ISPConfig brings no file manager.',
    log: 'the folder “log” that you see over FTP',
    sites: {
      main: { title: 'a website of its own', root: 'web', programs: 'cgi-bin', private: 'private/cgi-login' },
      added: {
        title: 'a subdomain or alias domain with a folder of its own', root: '{domain}', programs: 'cgi-bin/{domain}',
        private: 'private/cgi-login-{domain}',
      },
    },
    where: 'The site’s settings have “CGI” and “SuEXEC” to switch on. Only in “web”, “private” and “cgi-bin” can you make ' +
      'files.',
  },
  other: {
    title: 'another, or I don’t know',
    home: '/home/you',
    hint: 'The panel or the host’s help pages show it, often as “home directory” or “absolute path”; or ask your host.',
    manager: 'In a file manager look for “Show hidden files” and “Permissions”.',
    log: 'what your host calls the error log',
    sites: {
      main: { title: 'the account’s only or first site', root: 'public_html', programs: 'public_html/cgi-bin' },
      added: { title: 'one more site, in a folder of its own', root: '{domain}', programs: '{domain}/cgi-bin' },
    },
    where: 'The web root is the folder with your home page; hosts call it public_html, www, htdocs, httpdocs or web. Their ' +
      'help pages say where CGI programs go.',
    asksHandler: true,
  },
};

export const lies = (path, folder) => `${path}/`.startsWith(`${folder}/`);

function fill(pattern, domain) {
  const [label, ...rest] = domain.split('.');
  return pattern.replaceAll('{domain}', domain).replaceAll('{label}', label).replaceAll('{parent}', rest.join('.'));
}

export const domainOf = (site) => new URL(site).hostname.replace(/^www\./, '');

// The folders that a panel makes for a site, before the owner says otherwise.
export function usualFolders(panel, kind, domain, home) {
  const site = PANELS[panel].sites[kind];
  // Each site has its own settings: a second one in an account cannot have those in cgi-login, too.
  const own = site.private ?? (kind === 'main' ? 'cgi-login' : 'cgi-login-{domain}');
  const full = (pattern) => `${home}/${fill(pattern, domain)}`;
  return { root: full(site.root), programs: full(site.programs), private: full(own) };
}

export const usualHome = (panel, domain) => fill(PANELS[panel].home, domain);

// The web address of the programs: below the web root they have their place in it; elsewhere the server gives cgi-bin one,
// and so what lies in it.
export function usualAddress({ root, programs }) {
  if (lies(programs, root) && programs !== root) return programs.slice(root.length);
  return /\/cgi-bin\/.*$/.exec(programs)?.[0] ?? '/cgi-bin';
}

// How the programs look for the config when no variable names it: cgi-login/config.json in the folders above their own,
// up to the account's.
export function isFound({ home, programs, private: own }) {
  for (let folder = programs.replace(/\/[^/]*$/, ''); lies(folder, home); folder = folder.replace(/\/[^/]*$/, '')) {
    if (own === `${folder}/cgi-login`) return true;
  }
  return false;
}

// What is uploaded: from where in the archive, or what this page has made, to where, and what for.
export function uploads(folders, { pointer, keyFile = '' }) {
  const rows = [
    ['cgi-login/', `${folders.private}/`, 'with all in it; beside the web root, never in it: settings and users will be here'],
    ['cgi-bin/', `${folders.programs}/`, 'the programs'],
    ['public_html/cgi-login/', `${folders.root}/cgi-login/`, 'style sheet and pictures'],
    ['public_html/index.html', `${folders.root}/`, 'an example of a home page: only if you have none, nor an index.php'],
    ['public_html/favicon.ico', `${folders.root}/`, 'its icon: only if you have none'],
    ['config.json', `${folders.private}/`, 'made above'],
    ['htaccess.txt', `${folders.root}/.htaccess`, 'made above; has its name there'],
  ];
  if (pointer) rows.push([POINTER_SAVED, `${folders.programs}/${POINTER_NAME}`, 'made above; tells the programs where config.json is']);
  if (keyFile !== '') rows.push([keyFile, `${folders.private}/`, 'the key from the provider']);
  return rows;
}

// What has which mode, afterwards. Whatever is not named here: 755 for a folder, 644 for a file.
export function modes(folders, { pointer, suffix = '.cgi', keyFile = '' }) {
  const rows = [
    [`${folders.programs}/`, '755', 'the folder'],
    [`${folders.programs}/*${suffix}`, '755', 'each program'],
    [`${folders.private}/`, '755', 'the folder'],
    [`${folders.private}/bin/*`, '755', 'the command-line programs'],
    [`${folders.private}/lib/*`, '755', 'what MongoDB wants'],
    [`${folders.private}/config.json`, '600', 'it holds secrets: for you alone'],
    [`${folders.root}/.htaccess`, '644', 'for the web server to read'],
  ];
  if (keyFile !== '') rows.push([`${folders.private}/${keyFile}`, '600', 'for you alone']);
  if (pointer) rows.push([`${folders.programs}/${POINTER_NAME}`, '644', 'writable by you alone']);
  return rows;
}
