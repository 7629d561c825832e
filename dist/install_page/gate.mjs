// SPDX-License-Identifier: MIT
// The two texts that guard a folder: the rule in the config, and the lines of the folder's .htaccess.

export function makeRule(folder, emails) {
  const addresses = emails.split(',').map((address) => address.trim()).filter((address) => address !== '');
  const allow = addresses.length === 0 ? { signed_in: true } : { emails: addresses };
  return `"gate": [\n  ${JSON.stringify({ path: folder, allow })}\n]\n`;
}

export function makeGateLines(template, url, file) {
  return template.trimStart().replaceAll('@GATE_URL@', url).replaceAll('@GATE_FILE@', file);
}

export function findGateProblem({ folder, url, way, file }) {
  if (!/^(\/[^/\\;%?#"'.\s][^/\\;%?#"']*)+$/.test(folder)) return 'The folder should read like /members, from the web root on.';
  if (!/^\/[A-Za-z0-9/._~-]+$/.test(url)) return 'The address of the program should read like /cgi-bin/gate.cgi.';
  if (way === 'authorizer' && !/^\/[^"\\\s]+$/.test(file)) {
    return 'The program’s file should begin with / and have no spaces, like /home/you/cgi-bin/gate.cgi.';
  }
  return '';
}
