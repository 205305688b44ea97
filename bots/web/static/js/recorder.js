// The microphone: one recording at a time, with its level.

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
// As it sounds: a browser's noise suppression takes humming and instruments away too, and nothing plays meanwhile.
const SOUND = { channelCount: 1, noiseSuppression: false, echoCancellation: false };
const BITS_PER_SECOND = 96_000;

/** Why recording cannot begin, in a sentence for the person. */
function reason(error) {
  if (!window.isSecureContext) return "This browser records only on localhost or over https.";
  if (error.name === "NotAllowedError") return "The browser may not use the microphone. Allow it beside the address, then try again.";
  if (error.name === "NotFoundError") return "I find no microphone here. Plug one in, or attach a file.";
  return "The microphone cannot be used just now. Is something else using it?";
}

export class Recorder {
  /** Resolves once sound is being kept.
   *  @throws {Error} with a sentence for the person. */
  static async start() {
    try {
      if (!navigator.mediaDevices || !window.MediaRecorder) throw new DOMException("", "NotSupportedError");
      const stream = await navigator.mediaDevices.getUserMedia({ audio: SOUND });
      return new Recorder(stream);
    } catch (error) {
      throw new Error(reason(error));
    }
  }

  constructor(stream) {
    this.stream = stream;
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    this.parts = [];
    this.recorder.addEventListener("dataavailable", (event) => event.data.size && this.parts.push(event.data));
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.recorder.start(500);
    this.began = performance.now();
  }

  get seconds() {
    return (performance.now() - this.began) / 1000;
  }

  /** Loudness now, 0 to 1 on a scale of 54 dB. */
  level() {
    this.analyser.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, sample) => sum + sample * sample, 0) / this.samples.length;
    return Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-9) + 6) / 54));
  }

  /** End, and let go of the microphone. Returns the recording and its length. */
  async finish() {
    const seconds = this.seconds;
    const ended = new Promise((resolve) => this.recorder.addEventListener("stop", resolve, { once: true }));
    if (this.recorder.state !== "inactive") this.recorder.stop();
    else this.recorder.dispatchEvent(new Event("stop"));
    await ended;
    this.#release();
    const type = this.recorder.mimeType || "audio/webm";
    const ending = ENDINGS[type.split(";")[0]] ?? "webm";
    return { file: new File(this.parts, `voice.${ending}`, { type }), seconds };
  }

  cancel() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.#release();
  }

  #release() {
    for (const track of this.stream.getTracks()) track.stop();
    this.context.close();
  }
}
