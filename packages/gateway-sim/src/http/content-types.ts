/** What the framework's reader of JSON takes: the media types of the gateway's Swagger file, in UTF-8. Anything else, or none, is answered with 415. */
const jsonTypes = /^(?:application\/json|text\/json|application\/[\w.!#$&^-]+\+json)$/;

export function isJsonType(header: string | undefined): boolean {
  const [media = '', ...parameters] = (header ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  return jsonTypes.test(media) && (charset === undefined || charset === 'utf-8');
}
