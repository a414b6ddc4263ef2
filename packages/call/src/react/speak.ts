/**
 * Says a text in the browser's own voice for that language. Silent where there is none: a chime and large text serve
 * then. @returns what stops it
 */
export function speak(text: string, language: 'zh-CN' | 'en'): () => void {
  const synthesis = globalThis.speechSynthesis;
  if (!synthesis) return () => undefined;
  const prefix = language === 'en' ? 'en' : 'zh';
  const voice = synthesis.getVoices().find((one) => one.lang.toLowerCase().startsWith(prefix));
  if (!voice) return () => undefined;
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  // A little slower than the default: it is heard across a room, by older people too.
  utterance.rate = 0.9;
  synthesis.speak(utterance);
  return () => synthesis.cancel();
}
