// SPDX-License-Identifier: MIT
// config.json, and what of a provider's file an owner is asked for and told.

// What this provider wants: as admin/preset.c reads it off the file.
export function needs(preset) {
  const address = preset.register.address;
  const key = preset.token_auth === 'private_key_jwt' || preset.client_secret_jwt !== undefined;
  return {
    addressKey: address === undefined ? null : Object.values(preset).some((value) => typeof value === 'string' && value.includes('$instance')) ?
      'instance' : 'issuer',
    address,
    key,
    secret: !key && preset.token_auth !== 'none',
    idName: preset.register.id_name ?? 'client ID',
    secretName: preset.register.secret_name ?? 'client secret',
  };
}

export const callbackUrl = (site, name) => `${site}/auth/${name}/callback`;

// A step of a provider's file, with what is the owner's own in the place of its names.
export function fillStep(step, site, name) {
  return step.replaceAll('{callback_url}', callbackUrl(site, name)).replaceAll('{base_url}', site).replaceAll('{name}', name);
}

function providerEntry(answers, wanted) {
  const entry = {};
  if (wanted.addressKey) entry[wanted.addressKey] = answers.address;
  entry.client_id = answers.clientId;
  if (wanted.secret) entry.client_secret = answers.clientSecret;
  if (wanted.key) {
    entry.client_key = { file: `${answers.private}/${answers.keyFile}`, id: answers.keyId, issuer: answers.keyIssuer };
  }
  return entry;
}

// The template with the owner's answers in it. What the template has and is not asked for stays as it is.
export function makeConfig(template, answers, preset) {
  const config = JSON.parse(template);
  const made = {
    base_url: answers.site,
    keys: [answers.key],
    store: `sqlite://${answers.private}/users.db`,
    ...(answers.siteName === '' ? {} : { site: { name: answers.siteName } }),
    session: config.session,
    redirects: config.redirects,
    ...(answers.setupCode === '' ? {} : { setup_code: answers.setupCode }),
    default_provider: answers.provider,
    providers: { [answers.provider]: providerEntry(answers, needs(preset)) },
  };
  return `${JSON.stringify({ ...config, ...made }, null, 2)}\n`;
}
