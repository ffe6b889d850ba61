const MOST_CHARACTERS = 1_048_576;

/** Lines of a text that comes in pieces; the first that is too long becomes an empty one, which is no line of a bundle, and nothing follows it. */
export async function* boundedLines(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MOST_CHARACTERS) {
      yield '';
      return;
    }
  }
  if (rest !== '') yield rest;
}
