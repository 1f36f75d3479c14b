// Maxima and means over windows of images [batch, H, W, C], and their gradients, in float32. Only what of a window lies
// inside the image counts.
//
// Every parameter list ends with batch, H × W × C (input), OH × OW (output), KH × KW (window), strides, and padding above
// and at the left.
//
// A window is gone through by rows, then columns. Sums run, from 0 on,
//   of a mean:           over the window's elements in that order;
//   of either gradient:  over the windows that an element lies in, by rows, then columns of the output.

// @ts-ignore: decorator
@inline
function first(out: i32, stride: i32, pad: i32): i32 {
  return max(0, out * stride - pad);
}

// @ts-ignore: decorator
@inline
function last(out: i32, stride: i32, pad: i32, window: i32, size: i32): i32 {
  return min(size, out * stride - pad + window);
}

/** y = the maxima; NaN is passed over, and a window of nothing else gives -Infinity. */
export function maxPool(
  x: usize, y: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, top: i32, left: i32,
): void {
  const pixel = <usize>C << 2;
  const row = <usize>W * pixel;
  const whole = pixel & ~15;
  for (let image = 0; image < batch; image++) {
    for (let oh = 0; oh < OH; oh++) {
      const h0 = first(oh, strideH, top);
      const h1 = last(oh, strideH, top, KH, H);
      for (let ow = 0; ow < OW; ow++) {
        const w0 = first(ow, strideW, left);
        const w1 = last(ow, strideW, left, KW, W);
        let channel: usize = 0;
        for (; channel < whole; channel += 16) {
          let best = f32x4.splat(-Infinity);
          for (let h = h0; h < h1; h++) {
            let p = x + <usize>h * row + <usize>w0 * pixel + channel;
            for (let w = w0; w < w1; w++) {
              best = f32x4.pmax(best, v128.load(p));
              p += pixel;
            }
          }
          v128.store(y + channel, best);
        }
        for (; channel < pixel; channel += 4) {
          let best: f32 = -Infinity;
          for (let h = h0; h < h1; h++) {
            let p = x + <usize>h * row + <usize>w0 * pixel + channel;
            for (let w = w0; w < w1; w++) {
              const value = load<f32>(p);
              if (value > best) best = value;
              p += pixel;
            }
          }
          store<f32>(y + channel, best);
        }
        y += pixel;
      }
    }
    x += <usize>H * row;
  }
}

/** Adds a number to the element of dx at a byte offset; none if the window had no maximum. */
// @ts-ignore: decorator
@inline
function addAt(dx: usize, offset: i32, value: f32): void {
  if (offset >= 0) store<f32>(dx + <usize>offset, load<f32>(dx + <usize>offset) + value);
}

/** dx: what dy is goes to the first maximum of each window. */
export function maxPoolGradient(
  x: usize, dy: usize, dx: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, top: i32, left: i32,
): void {
  const pixel = <usize>C << 2;
  const row = <usize>W * pixel;
  const imageBytes = <usize>H * row;
  const whole = pixel & ~15;
  memory.fill(dx, 0, <usize>batch * imageBytes);
  for (let image = 0; image < batch; image++) {
    for (let oh = 0; oh < OH; oh++) {
      const h0 = first(oh, strideH, top);
      const h1 = last(oh, strideH, top, KH, H);
      for (let ow = 0; ow < OW; ow++) {
        const w0 = first(ow, strideW, left);
        const w1 = last(ow, strideW, left, KW, W);
        let channel: usize = 0;
        for (; channel < whole; channel += 16) {
          let best = f32x4.splat(-Infinity);
          let where = i32x4.splat(-1);
          for (let h = h0; h < h1; h++) {
            let offset = <usize>h * row + <usize>w0 * pixel + channel;
            for (let w = w0; w < w1; w++) {
              const value = v128.load(x + offset);
              const greater = f32x4.gt(value, best);
              best = v128.bitselect(value, best, greater);
              where = v128.bitselect(i32x4.splat(<i32>offset), where, greater);
              offset += pixel;
            }
          }
          const gradient = v128.load(dy + channel);
          addAt(dx, i32x4.extract_lane(where, 0), f32x4.extract_lane(gradient, 0));
          addAt(dx + 4, i32x4.extract_lane(where, 1), f32x4.extract_lane(gradient, 1));
          addAt(dx + 8, i32x4.extract_lane(where, 2), f32x4.extract_lane(gradient, 2));
          addAt(dx + 12, i32x4.extract_lane(where, 3), f32x4.extract_lane(gradient, 3));
        }
        for (; channel < pixel; channel += 4) {
          let best: f32 = -Infinity;
          let where = -1;
          for (let h = h0; h < h1; h++) {
            let offset = <usize>h * row + <usize>w0 * pixel + channel;
            for (let w = w0; w < w1; w++) {
              const value = load<f32>(x + offset);
              if (value > best) {
                best = value;
                where = <i32>offset;
              }
              offset += pixel;
            }
          }
          addAt(dx, where, load<f32>(dy + channel));
        }
        dy += pixel;
      }
    }
    x += imageBytes;
    dx += imageBytes;
  }
}

/** target = (the sum of from's elements in rows [h0,h1) and columns [w0,w1)) / divisor, for every channel. */
// @ts-ignore: decorator
@inline
function meanOf(
  from: usize, row: usize, pixel: usize,
  h0: i32, h1: i32, w0: i32, w1: i32,
  divisor: f32, target: usize,
): void {
  const whole = pixel & ~15;
  const divisors = f32x4.splat(divisor);
  let channel: usize = 0;
  for (; channel < whole; channel += 16) {
    let sum = f32x4.splat(0);
    for (let h = h0; h < h1; h++) {
      let p = from + <usize>h * row + <usize>w0 * pixel + channel;
      for (let w = w0; w < w1; w++) {
        sum = f32x4.add(sum, v128.load(p));
        p += pixel;
      }
    }
    v128.store(target + channel, f32x4.div(sum, divisors));
  }
  for (; channel < pixel; channel += 4) {
    let sum: f32 = 0;
    for (let h = h0; h < h1; h++) {
      let p = from + <usize>h * row + <usize>w0 * pixel + channel;
      for (let w = w0; w < w1; w++) {
        sum += load<f32>(p);
        p += pixel;
      }
    }
    store<f32>(target + channel, sum / divisor);
  }
}

/** y = the means of what of each window lies inside. */
export function avgPool(
  x: usize, y: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, top: i32, left: i32,
): void {
  const pixel = <usize>C << 2;
  const row = <usize>W * pixel;
  for (let image = 0; image < batch; image++) {
    for (let oh = 0; oh < OH; oh++) {
      const h0 = first(oh, strideH, top);
      const h1 = last(oh, strideH, top, KH, H);
      for (let ow = 0; ow < OW; ow++) {
        const w0 = first(ow, strideW, left);
        const w1 = last(ow, strideW, left, KW, W);
        const count = <f32>(max(0, h1 - h0) * max(0, w1 - w0));
        meanOf(x, row, pixel, h0, h1, w0, w1, count, y);
        y += pixel;
      }
    }
    x += <usize>H * row;
  }
}

/** dx = the sum of dy over the windows that an element lies in, divided by KH · KW even at the border, as in tfjs. */
export function avgPoolGradient(
  dy: usize, dx: usize,
  batch: i32, H: i32, W: i32, C: i32, OH: i32, OW: i32, KH: i32, KW: i32,
  strideH: i32, strideW: i32, top: i32, left: i32,
): void {
  const pixel = <usize>C << 2;
  const row = <usize>OW * pixel;
  const size = <f32>(KH * KW);
  for (let image = 0; image < batch; image++) {
    for (let h = 0; h < H; h++) {
      const oh0 = max(0, h + top - KH + strideH) / strideH;
      const oh1 = min(OH, (h + top) / strideH + 1);
      for (let w = 0; w < W; w++) {
        const ow0 = max(0, w + left - KW + strideW) / strideW;
        const ow1 = min(OW, (w + left) / strideW + 1);
        meanOf(dy, row, pixel, oh0, oh1, ow0, ow1, size, dx);
        dx += pixel;
      }
    }
    dy += <usize>OH * row;
  }
}
