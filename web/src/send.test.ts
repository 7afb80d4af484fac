import { afterEach, expect, test, vi } from 'vitest';
import { onStranger, Problem } from './api';
import { send } from './send';

const keysOf = (calls: readonly unknown[][]): string[] => calls.map((one) => (one[1] as { headers: Record<string, string> }).headers['Idempotency-Key']!);
const ok = (body: unknown): Response => new Response(JSON.stringify(body), { status: 201, headers: { etag: '"a"' } });
const refused = (status: number): Response => new Response(JSON.stringify({ code: 'x', detail: '不行', current: { id: 'p' } }), { status });

afterEach(() => {
  vi.unstubAllGlobals();
  onStranger(async () => false);
});

test('a write lost on the way is sent once more, under the same key', async () => {
  const fetched = vi.fn().mockRejectedValueOnce(new TypeError('gone')).mockResolvedValueOnce(ok({ id: 'e-1' }));
  vi.stubGlobal('fetch', fetched);
  expect(await send({ method: 'POST', path: '/x', body: {} })).toEqual({ value: { id: 'e-1' }, etag: '"a"', location: null });
  const [first, second] = keysOf(fetched.mock.calls);
  expect(first).toBe(second);
});

test('a write lost twice is not tried for ever', async () => {
  const fetched = vi.fn().mockRejectedValue(new TypeError('gone'));
  vi.stubGlobal('fetch', fetched);
  await expect(send({ method: 'POST', path: '/x', body: {} })).rejects.toThrow('gone');
  expect(fetched).toHaveBeenCalledTimes(2);
});

test('a refusal is not tried again, and carries what the server said', async () => {
  const fetched = vi.fn().mockImplementation(async () => refused(412));
  vi.stubGlobal('fetch', fetched);
  const fault = await send({ method: 'PATCH', path: '/x', body: {}, etag: '"b"' }).catch((one: unknown) => one);
  expect(fault).toBeInstanceOf(Problem);
  expect(fault).toMatchObject({ status: 412, message: '不行', body: { current: { id: 'p' } } });
  expect(fetched).toHaveBeenCalledTimes(1);
});

test('two writes have two keys', async () => {
  const fetched = vi.fn().mockImplementation(async () => ok({}));
  vi.stubGlobal('fetch', fetched);
  await send({ method: 'POST', path: '/x', body: {} });
  await send({ method: 'POST', path: '/x', body: {} });
  expect(new Set(keysOf(fetched.mock.calls)).size).toBe(2);
});

test('a stranger who signs in has the write done, under the same key; one who does not is told', async () => {
  const fetched = vi.fn().mockResolvedValueOnce(refused(401)).mockResolvedValueOnce(ok({ id: 'e-2' }));
  vi.stubGlobal('fetch', fetched);
  onStranger(async () => true);
  expect((await send<{ id: string }>({ method: 'POST', path: '/x', body: {} })).value.id).toBe('e-2');
  expect(new Set(keysOf(fetched.mock.calls)).size).toBe(1);
  onStranger(async () => false);
  vi.stubGlobal('fetch', vi.fn().mockImplementation(async () => refused(401)));
  await expect(send({ method: 'POST', path: '/x', body: {} })).rejects.toMatchObject({ status: 401 });
});
