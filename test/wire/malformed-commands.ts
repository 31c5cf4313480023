const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth)

/** JSON texts by what is wrong with them, none of which is a command. `ref`: what the reply repeats of it. */
export const malformedCommands: Record<string, { text: string, ref: number | null }> = {
  'a number': { text: '1', ref: null },
  'a string': { text: '"ping"', ref: null },
  null: { text: 'null', ref: null },
  true: { text: 'true', ref: null },
  'no members': { text: '{}', ref: null },
  'no type': { text: '{"ref":1}', ref: 1 },
  'a type that is a number': { text: '{"ref":1,"type":5}', ref: 1 },
  'a type that is an array': { text: '{"ref":1,"type":["ping"]}', ref: 1 },
  'an unknown type': { text: '{"ref":1,"type":"explode"}', ref: 1 },
  'a type in capitals': { text: '{"ref":1,"type":"PING"}', ref: 1 },
  'the type __proto__': { text: '{"ref":1,"type":"__proto__"}', ref: 1 },
  'the type constructor': { text: '{"ref":1,"type":"constructor"}', ref: 1 },
  'the type hasOwnProperty': { text: '{"ref":1,"type":"hasOwnProperty"}', ref: 1 },
  'no ref': { text: '{"type":"ping"}', ref: null },
  'a ref that is a string': { text: '{"ref":"1","type":"ping"}', ref: null },
  'a ref that is null': { text: '{"ref":null,"type":"ping"}', ref: null },
  'a ref that is true': { text: '{"ref":true,"type":"ping"}', ref: null },
  'a ref that is an array': { text: '{"ref":[1],"type":"ping"}', ref: null },
  'a ref with a fraction': { text: '{"ref":1.5,"type":"ping"}', ref: null },
  'a ref below zero': { text: '{"ref":-1,"type":"ping"}', ref: null },
  'a ref beyond what is exact': { text: '{"ref":9007199254740993,"type":"ping"}', ref: null },
  'a ref beyond all numbers': { text: '{"ref":1e999,"type":"ping"}', ref: null },
  'a member too many': { text: '{"ref":1,"type":"ping","extra":1}', ref: 1 },
  'a member of another type': { text: '{"ref":1,"type":"ping","group":"public:lobby"}', ref: 1 },
  'a member __proto__': { text: '{"ref":1,"type":"ping","__proto__":{"admin":true}}', ref: 1 },
  'a type inherited from __proto__': { text: '{"ref":1,"__proto__":{"type":"ping"}}', ref: 1 },
  'a member constructor': { text: '{"ref":1,"type":"ping","constructor":{"prototype":{"admin":true}}}', ref: 1 },
  'subscribe without a group': { text: '{"ref":1,"type":"subscribe"}', ref: 1 },
  'subscribe to a number': { text: '{"ref":1,"type":"subscribe","group":5}', ref: 1 },
  'subscribe to an array': { text: '{"ref":1,"type":"subscribe","group":["public:lobby"]}', ref: 1 },
  'subscribe to an empty name': { text: '{"ref":1,"type":"subscribe","group":""}', ref: 1 },
  'subscribe to a name too long': { text: `{"ref":1,"type":"subscribe","group":"public:${'a'.repeat(194)}"}`, ref: 1 },
  'subscribe after a number': { text: '{"ref":1,"type":"subscribe","group":"public:lobby","after":5}', ref: 1 },
  'subscribe where a string': { text: '{"ref":1,"type":"subscribe","group":"public:lobby","where":"a"}', ref: 1 },
  'subscribe where an array': { text: '{"ref":1,"type":"subscribe","group":"public:lobby","where":[]}', ref: 1 },
  'subscribe to events that are a string': { text: '{"ref":1,"type":"subscribe","group":"public:lobby","events":"a"}', ref: 1 },
  'subscribe to no events': { text: '{"ref":1,"type":"subscribe","group":"public:lobby","events":[]}', ref: 1 },
  'unsubscribe without a group': { text: '{"ref":1,"type":"unsubscribe"}', ref: 1 },
  'unsubscribe from a view that is a number': { text: '{"ref":1,"type":"unsubscribe","group":"public:lobby","view":5}', ref: 1 },
  'send without a group': { text: '{"ref":1,"type":"send","event":"a","data":{}}', ref: 1 },
  'send without an event': { text: '{"ref":1,"type":"send","group":"public:lobby","data":{}}', ref: 1 },
  'send without data': { text: '{"ref":1,"type":"send","group":"public:lobby","event":"a"}', ref: 1 },
  'send with an empty id': { text: '{"ref":1,"type":"send","id":"","group":"public:lobby","event":"a","data":{}}', ref: 1 },
  'renew without a token': { text: '{"ref":1,"type":"renew"}', ref: 1 },
  'renew with a token that is a number': { text: '{"ref":1,"type":"renew","token":5}', ref: 1 }
}

/** Texts that cannot be taken as JSON at all. */
export const unreadableTexts: Record<string, string> = {
  nothing: '',
  words: 'hello',
  'half an object': '{"ref":1,"type":"ping"',
  'two objects': '{"ref":1,"type":"ping"}{"ref":2,"type":"ping"}',
  'single quotes': "{'ref':1,'type':'ping'}",
  'a comma too many': '{"ref":1,"type":"ping",}',
  'a byte order mark': '\ufeff{"ref":1,"type":"ping"}',
  'a raw line end in a string': '{"ref":1,"type":"pi\nng"}',
  'NaN as ref': '{"ref":NaN,"type":"ping"}',
  'arrays nested 65 deep': `{"ref":1,"type":"send","group":"public:lobby","event":"a","data":${nested(64, '[', ']')}}`,
  'arrays nested 30,000 deep': nested(30_000, '[', ']'),
  'arrays opened 30,000 times': '['.repeat(30_000),
  'objects nested 8,000 deep': `${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`
}

/** A command that nests as deeply as one may. */
export const deepestCommand = `{"ref":1,"type":"send","group":"public:lobby","event":"a","data":${nested(63, '[', ']')}}`
