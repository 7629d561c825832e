// SPDX-License-Identifier: MIT
// See README.md.
import { readFileSync } from 'node:fs';

const [folder, file] = process.argv.slice(2);
const { visitor } = await import(`${folder}/node/cgi-login.mjs`);
const given = (text) => (text === '-' ? undefined : Number(text));
for (const line of readFileSync(0, 'latin1').split('\n').slice(0, -1)) {
  const [now, limit, cookies] = line.split('\t');
  let judged;
  try {
    judged = visitor(file, cookies, { now: given(now), limit: given(limit) });
  } catch (fault) {
    judged = { fault: fault.message };
  }
  console.log(JSON.stringify(judged));
}
