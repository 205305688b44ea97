// Waveform bars on a canvas.

const BAR = 3;
const GAP = 2;

/** Colours of the theme, from the stylesheet. */
export function colours(element) {
  const style = getComputedStyle(element);
  return { played: style.getPropertyValue("--accent").trim(), ahead: style.getPropertyValue("--wave").trim() };
}

/** A context that draws in CSS pixels, sharp on every screen. */
export function sharp(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** Draw bars of 0 to 255; those before `played` (0 to 1) in the played colour. Null draws a quiet line of dots. */
export function drawWave(canvas, points, played) {
  const { context, width, height } = sharp(canvas);
  const count = Math.max(1, Math.floor((width + GAP) / (BAR + GAP)));
  const { played: before, ahead } = colours(canvas);
  for (let bar = 0; bar < count; bar += 1) {
    const level = points ? loudest(points, bar / count, (bar + 1) / count) / 255 : 0;
    const tall = Math.max(BAR, level ** 0.7 * (height - 6));
    context.fillStyle = (bar + 0.5) / count < played ? before : ahead;
    context.beginPath();
    context.roundRect(bar * (BAR + GAP), (height - tall) / 2, BAR, tall, BAR / 2);
    context.fill();
  }
}

function loudest(points, from, to) {
  const start = Math.floor(from * points.length);
  const end = Math.max(start + 1, Math.ceil(to * points.length));
  return Math.max(...points.slice(start, end));
}

/** A drawn sentence, for an empty page: syllables under a slow swell. */
export function flourish(canvas) {
  const points = Array.from({ length: 120 }, (_, index) => {
    const x = index / 119;
    const syllables = Math.abs(Math.sin(x * 21) * 0.65 + Math.sin(x * 47 + 1) * 0.35);
    return 255 * Math.sin(Math.PI * x) ** 1.6 * (0.12 + 0.88 * syllables);
  });
  if (canvas.clientWidth) drawWave(canvas, points, 0.382);
}

/** Draw the newest levels (0 to 1) from the right. */
export function drawLevels(canvas, levels) {
  const { context, width, height } = sharp(canvas);
  context.fillStyle = colours(canvas).played;
  for (let bar = 0; bar < levels.length; bar += 1) {
    const x = width - (levels.length - bar) * (BAR + GAP);
    if (x < -BAR) continue;
    const tall = Math.max(BAR, levels[bar] * height);
    context.beginPath();
    context.roundRect(x, (height - tall) / 2, BAR, tall, BAR / 2);
    context.fill();
  }
}

export const barsOf = (canvas) => Math.ceil(canvas.clientWidth / (BAR + GAP)) + 1;
