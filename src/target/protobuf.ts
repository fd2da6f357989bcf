/** The little of protocol buffers that asking containerd and a CRI needs (protobuf.dev, "Encoding"). */

/** A message's fields by their numbers; each may stand several times. */
export type Fields = ReadonlyMap<number, readonly (Buffer | bigint)[]>;

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** A text field. */
export function textField(number: number, text: string): Buffer {
  return bytesField(number, Buffer.from(text));
}

/** A field that is a message itself. */
export function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(BigInt((number << 3) | BYTES)), varint(BigInt(bytes.length)), bytes]);
}

/** A number, or a truth value. */
export function numberField(number: number, value: bigint): Buffer {
  return Buffer.concat([varint(BigInt((number << 3) | VARINT)), varint(value)]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

/** @throws RangeError when it is no message */
export function fieldsOf(message: Buffer): Fields {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const take = (count: number) => {
    if (count < 0 || at + count > message.length) throw new RangeError('a protobuf message ends early');
    at += count;
    return message.subarray(at - count, at);
  };
  const takeVarint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
      if (shift > 63n) throw new RangeError('a protobuf number is too long');
    }
  };
  const takeValue = (wire: number) => {
    if (wire === VARINT) return takeVarint();
    if (wire === BYTES) return take(Number(takeVarint()));
    if (wire === FIXED64 || wire === FIXED32) return take(wire === FIXED64 ? 8 : 4);
    throw new RangeError(`protobuf wire type ${wire} is not known`);
  };
  while (at < message.length) {
    const key = Number(takeVarint());
    const values = fields.get(key >> 3) ?? [];
    values.push(takeValue(key & 7));
    fields.set(key >> 3, values);
  }
  return fields;
}

/** The last text of that number; empty when there is none, as protobuf has it. */
export function textOf(fields: Fields, number: number): string {
  const value = fields.get(number)?.at(-1);
  return Buffer.isBuffer(value) ? value.toString('utf8') : '';
}

/** The last number; 0 when there is none. */
export function numberOf(fields: Fields, number: number): number {
  const value = fields.get(number)?.at(-1);
  return typeof value === 'bigint' ? Number(value) : 0;
}

/** All messages of that number. */
export function messagesOf(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).flatMap((value) => (Buffer.isBuffer(value) ? [fieldsOf(value)] : []));
}

/** A map of texts, which is a message of key and value for each. */
export function textMapOf(fields: Fields, number: number): Map<string, string> {
  return new Map(messagesOf(fields, number).map((entry) => [textOf(entry, 1), textOf(entry, 2)]));
}
