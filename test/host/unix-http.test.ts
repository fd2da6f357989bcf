import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReply } from '../../src/host/unix-http.ts';

test('an answer has a status and a body, with its length or to the end', () => {
  assert.deepEqual(parseReply('HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n{"é":1}\n'), {
    status: 200,
    body: { é: 1 },
  });
  assert.deepEqual(parseReply('HTTP/1.1 404 Not Found\r\n\r\n{"message":"x"}'), {
    status: 404,
    body: { message: 'x' },
  });
  assert.deepEqual(parseReply('HTTP/1.0 500 Oops\r\nServer: x\r\n\r\nno JSON'), { status: 500, body: null });
});

test('an answer that was cut off, or is none, is not taken for one', () => {
  for (const text of [
    '',
    'HTTP/1.0 200 OK\r\n',
    'HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\n{}',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n\r\n',
  ])
    assert.equal(parseReply(text), null, JSON.stringify(text));
});
