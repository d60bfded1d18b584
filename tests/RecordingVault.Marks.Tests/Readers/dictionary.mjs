// Reads a structured-field dictionary (RFC 9651) from standard input and writes its members as JSON, a token as {"token": …}.
import { readFileSync } from 'node:fs';
import { parseDictionary, Token } from 'structured-headers';

const members = parseDictionary(readFileSync(0, 'utf8'));
console.log(JSON.stringify(Object.fromEntries([...members].map(([name, [value]]) => [name, value instanceof Token ? { token: value.toString() } : value]))));
